import Foundation
import Models

/// The calendar by which the county counts days: Asia/Shanghai, eight hours ahead of UTC without daylight saving.
package enum CountyCalendar {
    /// A clock that shows a time outside the years 1 to 9999.
    package struct BrokenClock: Error, Sendable, Hashable {}

    /// The day of a time.
    package static func day(of time: Date) throws(BrokenClock) -> CalendarDay {
        guard (0..<secondsMax).contains(time.timeIntervalSince1970) else { throw BrokenClock() }
        let date = RFC3339.civil(fromDays: (Int64(time.timeIntervalSince1970) + 8 * 3600) / 86_400)
        guard let day = CalendarDay(year: Int(date.year), month: Int(date.month), day: Int(date.day)) else {
            throw BrokenClock()
        }
        return day
    }

    /// Some days before the end of the year 9999.
    private static let secondsMax = 253_402_000_000.0
}
