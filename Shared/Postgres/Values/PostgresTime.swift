import Foundation

/// PostgreSQL's binary times: microseconds since 2000-01-01 00:00 UTC.
enum PostgresTime {
    /// Seconds from 2000-01-01, PostgreSQL's epoch, to 2001-01-01, Foundation's: a leap year.
    private static let epochDistance: Double = 366 * 86_400
    /// `infinity`.
    static let positiveInfinity = Int64.max
    /// `-infinity`.
    static let negativeInfinity = Int64.min

    /// The time to the nearest microsecond; infinite dates become `infinity` and `-infinity`, no number becomes `nil`.
    static func microseconds(_ date: Date) -> Int64? {
        let interval = date.timeIntervalSinceReferenceDate
        if interval.isNaN { return nil }
        let seconds = interval.rounded(.down)
        let fraction = ((interval - seconds) * 1_000_000).rounded()
        let whole = (seconds + epochDistance) * 1_000_000
        // Beyond about 290 000 years the server could not hold it either.
        guard abs(whole) < 9.2e18 else { return interval > 0 ? positiveInfinity : negativeInfinity }
        return Int64(whole) + Int64(fraction)
    }

    /// The time, or `nil` for `infinity` and `-infinity`.
    static func date(microseconds: Int64) -> Date? {
        guard microseconds != positiveInfinity, microseconds != negativeInfinity else { return nil }
        // Whole seconds and the rest are converted apart, so that no digit is lost in a large number.
        let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return Date(timeIntervalSinceReferenceDate: Double(seconds) - epochDistance + Double(rest) / 1_000_000)
    }
}

/// A day of the proleptic Gregorian calendar, as PostgreSQL counts them.
struct CivilDate: Hashable, CustomStringConvertible {
    let year: Int
    let month: Int
    let day: Int

    /// Makes a day of PostgreSQL's binary form, days since 2000-01-01.
    ///
    /// The algorithm is `civil_from_days` of Howard Hinnant's "chrono-compatible low-level date algorithms".
    ///
    /// - Throws: ``PostgresDecodingFailure`` for `infinity`.
    init(postgresDays days: Int32) throws {
        guard days != .max, days != .min else { throw PostgresDecodingFailure(reason: "is an infinite date") }
        // 10 957 days lie between 1970-01-01 and 2000-01-01; 719 468 between 0000-03-01 and 1970-01-01.
        let shifted = Int(days) + 10_957 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `yyyy-mm-dd`.
    var description: String {
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(abs(number))
            return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }
}
