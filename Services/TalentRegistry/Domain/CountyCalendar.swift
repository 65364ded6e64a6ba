import Foundation
import Models

/// The calendar by which the county counts days: Asia/Shanghai, which has had no daylight saving since 1991.
package enum CountyCalendar {
    /// The day of a time.
    package static func day(of time: Date) -> CalendarDay {
        let seconds = Int64(time.timeIntervalSince1970.rounded(.down)) + 8 * 3600
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let (year, month, day) = RFC3339.civil(fromDays: days)
        // A time outside the years 1 to 9999 comes from a clock that is broken; the epoch is as good as any day then.
        return CalendarDay(year: Int(year), month: Int(month), day: Int(day)) ?? epoch
    }

    private static let epoch = CalendarDay(year: 1970, month: 1, day: 1) ?? day(of: .distantPast)
}
