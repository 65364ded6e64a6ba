import Foundation

/// Times as RFC 3339 text.
///
/// Hand-made because a formatter object costs more than the rest of an event's coding together.
package enum RFC3339 {
    /// Writes a time in UTC with milliseconds, `2021-05-01T07:50:00.000Z`.
    package static func format(_ date: Date) -> String {
        let milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded())
        let (days, rest) = floorDivide(milliseconds, 86_400_000)
        let (year, month, day) = civil(fromDays: days)
        let fields: [(Int64, Int)] = [
            (year, 4), (month, 2), (day, 2), (rest / 3_600_000, 2), (rest / 60_000 % 60, 2), (rest / 1000 % 60, 2),
            (rest % 1000, 3),
        ]
        let separators = Array("--T::.Z".utf8)
        return String(unsafeUninitializedCapacity: 24) { buffer in
            var at = 0
            for (index, field) in fields.enumerated() {
                var value = field.0
                for place in stride(from: at + field.1 - 1, through: at, by: -1) {
                    buffer[place] = UInt8(0x30 + value % 10)
                    value /= 10
                }
                at += field.1
                buffer[at] = separators[index]
                at += 1
            }
            return at
        }
    }

    /// Reads a time with an offset or `Z`, with or without a fraction of a second; nil when it is not one.
    package static func parse(_ text: String) -> Date? {
        var text = text
        return text.withUTF8 { parse(DigitReader($0)) }
    }

    private static func parse(_ start: DigitReader) -> Date? {
        var reader = start
        guard let year = reader.number(4), reader.skip(0x2d), let month = reader.number(2), reader.skip(0x2d),
            let day = reader.number(2), CalendarDay(year: year, month: month, day: day) != nil,
            reader.skip(0x54) || reader.skip(0x74) || reader.skip(0x20),
            let hour = reader.number(2), hour < 24, reader.skip(0x3a), let minute = reader.number(2), minute < 60,
            reader.skip(0x3a), let second = reader.number(2), second <= 60, let fraction = reader.fraction(),
            let offset = reader.offset(), reader.isAtEnd
        else { return nil }
        let days = Self.days(fromCivil: Int64(year), Int64(month), Int64(day))
        let seconds = days * 86400 + Int64(hour * 3600 + minute * 60 + second - offset)
        return Date(timeIntervalSince1970: Double(seconds) + fraction)
    }

    /// Days since 1970-01-01 of a proleptic Gregorian date (Howard Hinnant, "chrono-compatible low-level date algorithms").
    package static func days(fromCivil year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = floorDivide(shifted, 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The proleptic Gregorian date of a number of days since 1970-01-01.
    package static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let quotient = value >= 0 ? value / divisor : (value - divisor + 1) / divisor
        return (quotient, value - quotient * divisor)
    }
}

/// Reads fixed-width fields from text.
private struct DigitReader {
    private var rest: Slice<UnsafeBufferPointer<UInt8>>

    init(_ bytes: UnsafeBufferPointer<UInt8>) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func number(_ width: Int) -> Int? {
        let digits = rest.prefix(width)
        guard digits.count == width, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        rest = rest.dropFirst(width)
        return digits.reduce(0) { $0 * 10 + Int($1) - 48 }
    }

    mutating func fraction() -> Double? {
        guard skip(0x2e) else { return 0 }
        let digits = rest.prefix { (48...57).contains($0) }
        guard (1...9).contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        let value = digits.reduce(0.0) { $0 * 10 + Double($1) - 48 }
        return digits.indices.reduce(value) { total, _ in total / 10 }
    }

    /// Seconds east of UTC.
    mutating func offset() -> Int? {
        if skip(0x5a) || skip(0x7a) { return 0 }
        let isEast = skip(0x2b)
        guard isEast || skip(0x2d), let hours = number(2), hours < 24, skip(0x3a), let minutes = number(2), minutes < 60
        else { return nil }
        return (isEast ? 1 : -1) * (hours * 3600 + minutes * 60)
    }
}
