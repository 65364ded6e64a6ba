import Foundation
import Models

/// When a county works: hours of working days, public holidays and the make-up days 调休 that pay for them.
///
/// All in Asia/Shanghai, which has been UTC+8 all year since 1992. Amounts of working time are whole milliseconds.
package struct BusinessCalendar: Sendable, Hashable {
    /// The working hours of a day as milliseconds since its midnight, in order, none touching another.
    private let hours: [Range<Int>]
    /// Working days of the week, 1 (Monday) to 7.
    private let weekdays: Set<Int>
    /// Days without work and days with it whatever their weekday, as days since 1970-01-01.
    private let holidays: Set<Int>
    private let makeUpDays: Set<Int>
    /// The working time of a working day.
    package let dayLength: Int

    /// Every hour of every day.
    package static let roundTheClock = BusinessCalendar(hours: [0..<dayMilliseconds], weekdays: Set(1...7))

    /// Gathers the parts.
    ///
    /// - Parameter hours: milliseconds since midnight; ranges that overlap or touch become one.
    package init(
        hours: [Range<Int>], weekdays: Set<Int>, holidays: some Sequence<CalendarDay> = [],
        makeUpDays: some Sequence<CalendarDay> = []
    ) {
        self.hours = Self.joined(hours)
        self.weekdays = weekdays
        self.holidays = Set(holidays.map(Self.number))
        self.makeUpDays = Set(makeUpDays.map(Self.number))
        dayLength = self.hours.reduce(0) { $0 + $1.count }
    }

    /// Whether people work on a day; a make-up day counts before a holiday.
    package func isWorkingDay(_ day: CalendarDay) -> Bool { isWorkingDay(Self.number(day)) }

    /// Whether people would work on a day that is no make-up day.
    package func isOrdinaryWorkingDay(_ day: CalendarDay) -> Bool {
        let number = Self.number(day)
        return !holidays.contains(number) && weekdays.contains(Self.weekday(number))
    }

    /// The earliest moment at which so much working time has passed since a moment.
    ///
    /// The end of a working day rather than the beginning of the next. What ten years do not hold, as in a calendar
    /// without working days, is added as plain time, so that nothing is ever without an end.
    ///
    /// - Parameter work: milliseconds; the moment itself for none or less.
    package func adding(_ work: Int, to moment: Date) -> Date {
        guard work > 0 else { return moment }
        let (first, start) = Self.place(of: moment)
        var rest = work
        for day in first..<(first + Self.daysMax) where isWorkingDay(day) {
            for span in hours {
                let from = day == first ? max(span.lowerBound, start) : span.lowerBound
                guard from < span.upperBound else { continue }
                if rest <= span.upperBound - from { return Self.moment(day, from + rest) }
                rest -= span.upperBound - from
            }
        }
        return moment.addingTimeInterval(Double(work) / 1000)
    }

    /// The working time between two moments, in milliseconds; none when the second is not later.
    package func working(from start: Date, to end: Date) -> Int {
        guard start < end else { return 0 }
        let (first, from) = Self.place(of: start)
        let (last, to) = Self.place(of: end)
        return (first...last).reduce(0) { sum, day in
            guard isWorkingDay(day) else { return sum }
            let window = (day == first ? from : 0)..<(day == last ? to : Self.dayMilliseconds)
            return hours.reduce(sum) { $0 + $1.clamped(to: window).count }
        }
    }

    private func isWorkingDay(_ day: Int) -> Bool {
        makeUpDays.contains(day) || (!holidays.contains(day) && weekdays.contains(Self.weekday(day)))
    }

    // MARK: - Days as numbers

    private static let dayMilliseconds = 86_400_000
    private static let daysMax = 3660
    private static let offset = 8 * 3_600_000

    /// The day of a moment and the milliseconds since its midnight.
    private static func place(of moment: Date) -> (day: Int, millisecond: Int) {
        let local = Int((moment.timeIntervalSince1970 * 1000).rounded()) + offset
        let day = Int((Double(local) / Double(dayMilliseconds)).rounded(.down))
        return (day, local - day * dayMilliseconds)
    }

    private static func moment(_ day: Int, _ millisecond: Int) -> Date {
        Date(timeIntervalSince1970: Double(day * dayMilliseconds + millisecond - offset) / 1000)
    }

    /// 1970-01-01 was a Thursday.
    private static func weekday(_ day: Int) -> Int { ((day + 3) % 7 + 7) % 7 + 1 }

    private static func number(_ day: CalendarDay) -> Int {
        Int(RFC3339.days(fromCivil: Int64(day.year), Int64(day.month), Int64(day.day)))
    }

    private static func joined(_ hours: [Range<Int>]) -> [Range<Int>] {
        hours.filter { !$0.isEmpty }.map { $0.clamped(to: 0..<dayMilliseconds) }
            .sorted { $0.lowerBound < $1.lowerBound }
            .reduce(into: []) { joined, next in
                if let last = joined.last, next.lowerBound <= last.upperBound {
                    joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, next.upperBound)
                } else {
                    joined.append(next)
                }
            }
    }
}
