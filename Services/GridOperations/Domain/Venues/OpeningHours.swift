import Foundation
import Models

/// A time of day in whole minutes, `00:00` to `24:00`.
package struct ClockTime: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// Minutes since midnight, `0 ... 1440`.
    package let minutes: Int

    /// Takes minutes since midnight, or gives nil.
    package init?(minutes: Int) {
        guard (0...1440).contains(minutes) else { return nil }
        self.minutes = minutes
    }

    /// Reads `HH:MM`, or gives nil.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == 0x3a,
            [bytes[0], bytes[1], bytes[3], bytes[4]].allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let digits = bytes.map { Int($0) - 0x30 }
        let minute = digits[3] * 10 + digits[4]
        guard minute < 60 else { return nil }
        self.init(minutes: (digits[0] * 10 + digits[1]) * 60 + minute)
    }

    package var description: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }

    package static func < (left: ClockTime, right: ClockTime) -> Bool { left.minutes < right.minutes }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let time = ClockTime(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a time of day is HH:MM")
        }
        self = time
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// When a room is open 开放时间: a week, and days that are otherwise.
///
/// By the clock of the county. Without any hours a room is never open.
package struct OpeningHours: Sendable, Hashable, Codable {
    /// A span of a day.
    package struct Span: Sendable, Hashable, Codable {
        /// From when.
        package let from: ClockTime
        /// Until when.
        package let to: ClockTime

        /// Gathers both.
        package init(from: ClockTime, to: ClockTime) {
            self.from = from
            self.to = to
        }
    }

    /// The spans of a day of the week.
    package struct Weekday: Sendable, Hashable, Codable {
        /// 1 is Monday, 7 is Sunday.
        package let weekday: Int
        /// In their order, none touching another.
        package let spans: [Span]

        /// Gathers both.
        package init(weekday: Int, spans: [Span]) {
            self.weekday = weekday
            self.spans = spans
        }
    }

    /// A day that is otherwise than its day of the week.
    package struct Exception: Sendable, Hashable, Codable {
        /// The day.
        package let day: CalendarDay
        /// As for days of the week; none when the room is closed.
        package let spans: [Span]

        /// Gathers both.
        package init(day: CalendarDay, spans: [Span]) {
            self.day = day
            self.spans = spans
        }
    }

    /// The week, in its order, each day once.
    package let weekly: [Weekday]
    /// The exceptions, in the order of days, each day once.
    package let exceptions: [Exception]

    /// Gathers both.
    package init(weekly: [Weekday] = [], exceptions: [Exception] = []) {
        self.weekly = weekly
        self.exceptions = exceptions
    }

    /// Whether no hours are stated at all.
    package var isEmpty: Bool { weekly.isEmpty && exceptions.isEmpty }

    /// The spans of a day.
    package func spans(on day: CalendarDay) -> [Span] {
        if let exception = exceptions.first(where: { $0.day == day }) { return exception.spans }
        return weekly.first { $0.weekday == day.weekday }?.spans ?? []
    }

    /// The times of a day at which the room is open.
    package func times(on day: CalendarDay) -> [Range<Date>] {
        spans(on: day).map { day.moment(at: $0.from)..<day.moment(at: $0.to) }
    }

    /// Whether the room is open for the whole of a time, which lies within one day.
    package func contains(_ time: Range<Date>) -> Bool {
        guard let day = CalendarDay(inShanghai: time.lowerBound) else { return false }
        return times(on: day).contains { $0.lowerBound <= time.lowerBound && time.upperBound <= $0.upperBound }
    }
}

extension CalendarDay {
    /// Days since 1970-01-01.
    private var days: Int64 { RFC3339.days(fromCivil: Int64(year), Int64(month), Int64(day)) }

    /// The day of the week, 1 is Monday, 7 is Sunday.
    package var weekday: Int {
        // 1970-01-01 was a Thursday.
        let place = (days + 3) % 7
        return Int(place < 0 ? place + 7 : place) + 1
    }

    /// The moment of a time of this day by the clock of the county, UTC+8.
    package func moment(at time: ClockTime) -> Date {
        Date(timeIntervalSince1970: Double(days * 86_400 + Int64(time.minutes * 60) - 8 * 3600))
    }

    /// The day so many days later.
    package func adding(days count: Int) -> CalendarDay? {
        let (year, month, day) = RFC3339.civil(fromDays: days + Int64(count))
        return CalendarDay(year: Int(year), month: Int(month), day: Int(day))
    }
}
