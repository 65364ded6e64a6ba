import Foundation

/// The calendar by which the county counts days: Asia/Shanghai, eight hours ahead of UTC without daylight saving.
package enum CountyCalendar {
    /// A clock that shows a time before 1970 or after the year 9999.
    package struct BrokenClock: Error, Sendable, Hashable {}

    /// The day of a clock's time.
    ///
    /// - Throws: `BrokenClock`.
    package static func day(of time: Date) throws(BrokenClock) -> CalendarDay {
        guard time.timeIntervalSince1970 >= 0, let day = CalendarDay(inShanghai: time) else { throw BrokenClock() }
        return day
    }
}

extension CalendarDay {
    /// The day in Asia/Shanghai, which has been UTC+8 all year since 1992; nil outside the years 1 to 9999.
    package init?(inShanghai moment: Date) {
        let days = ((moment.timeIntervalSince1970 + 8 * 3600) / 86_400).rounded(.down)
        guard abs(days) < 4_000_000 else { return nil }
        let (year, month, day) = RFC3339.civil(fromDays: Int64(days))
        self.init(year: Int(year), month: Int(month), day: Int(day))
    }
}
