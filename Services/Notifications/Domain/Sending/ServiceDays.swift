import Foundation
import Models

/// The days on which grids serve: every Friday and Sunday, but for the exceptions that the county sets.
package struct ServiceDays: Sendable, Equatable {
    private let exceptions: [CalendarDay: Bool]

    /// - Parameter exceptions: days that are service days against the rule (true), or are none (false).
    package init(exceptions: [CalendarDay: Bool] = [:]) { self.exceptions = exceptions }

    /// Whether a day is a service day.
    package func contains(_ day: CalendarDay) -> Bool {
        exceptions[day] ?? [5, 7].contains(Self.weekday(of: day))
    }

    /// When people are reminded of a service day, for each day whose reminder lies in the given time and after; half past
    /// eight at the county's time, since before eight nobody is disturbed.
    ///
    /// - Parameter days: how many days to look at, the day of `moment` first.
    package func reminders(from moment: Date, days: Int) -> [Date] {
        let midnight = moment.addingTimeInterval(-CountyCalendar.secondsOfDay(at: moment))
        return (0..<days).compactMap { offset in
            let start = midnight.addingTimeInterval(Double(offset) * 86_400)
            guard let day = CalendarDay(inShanghai: start), contains(day) else { return nil }
            return start.addingTimeInterval(8.5 * 3600)
        }
    }

    /// 1 for Monday to 7 for Sunday.
    private static func weekday(of day: CalendarDay) -> Int {
        let days = RFC3339.days(fromCivil: Int64(day.year), Int64(day.month), Int64(day.day))
        // 1970-01-01 was a Thursday.
        return Int(((days + 3) % 7 + 7) % 7) + 1
    }
}
