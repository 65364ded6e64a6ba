/// A day of the Gregorian calendar as a spreadsheet holds it, 1800 to 2199; its description is `2021-05-07`.
package struct SpreadsheetDate: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The year, 1800 to 2199.
    package let year: Int
    /// The month, 1 to 12.
    package let month: Int
    /// The day of the month.
    package let day: Int

    /// The years that are taken for a date; others are slips of the pen.
    package static let years = 1800...2199

    /// Takes a day that exists, or gives nil.
    package init?(year: Int, month: Int, day: Int) {
        guard Self.years.contains(year), (1...12).contains(month) else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...lengths[month - 1]).contains(day) else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// Takes the day of a serial of Excel, or gives nil for what is no day.
    ///
    /// In the 1900 system serial 1 is 1900-01-01 and serial 60 a 29 February 1900 that never was; in the 1904 system serial 0 is
    /// 1904-01-01.
    package init?(serial: Int, usesDateSystem1904: Bool = false) {
        let serial1900 = usesDateSystem1904 ? serial + 1_462 : serial
        guard serial1900 >= 1, serial1900 != 60, serial1900 <= 200_000 else { return nil }
        let daysSince1970 = serial1900 - (serial1900 > 60 ? 25_569 : 25_568)
        // Days to civil date: Howard Hinnant, chrono-Compatible Low-Level Date Algorithms; years begin in March.
        let shifted = daysSince1970 + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        self.init(year: year, month: month, day: dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    /// The serial of Excel in the 1900 system; nil before 1900-03-01, where programs do not agree.
    package var serial: Int? {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let serial = era * 146_097 + dayOfEra - 719_468 + 25_569
        return serial > 60 ? serial : nil
    }

    package var description: String { "\(year)-\(TwoDigits.text(month))-\(TwoDigits.text(day))" }

    package static func < (left: SpreadsheetDate, right: SpreadsheetDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}

/// A time of the day to the second; its description is `07:50:00`.
package struct SpreadsheetTime: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The hour, 0 to 23.
    package let hour: Int
    /// The minute, 0 to 59.
    package let minute: Int
    /// The second, 0 to 59.
    package let second: Int

    /// Takes a time from 00:00:00 to 23:59:59, or gives nil.
    package init?(hour: Int, minute: Int, second: Int = 0) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second) else { return nil }
        (self.hour, self.minute, self.second) = (hour, minute, second)
    }

    /// Takes the seconds since midnight, 0 to 86 399, or gives nil.
    package init?(secondsSinceMidnight seconds: Int) {
        guard seconds >= 0 else { return nil }
        self.init(hour: seconds / 3_600, minute: seconds / 60 % 60, second: seconds % 60)
    }

    /// The seconds since midnight.
    package var secondsSinceMidnight: Int { (hour * 60 + minute) * 60 + second }

    package var description: String {
        "\(TwoDigits.text(hour)):\(TwoDigits.text(minute)):\(TwoDigits.text(second))"
    }

    package static func < (left: SpreadsheetTime, right: SpreadsheetTime) -> Bool {
        left.secondsSinceMidnight < right.secondsSinceMidnight
    }
}

/// A day and a time without a zone; its description is `2021-05-01T07:50:00`.
package struct SpreadsheetDateTime: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The day.
    package let date: SpreadsheetDate
    /// The time of the day.
    package let time: SpreadsheetTime

    /// Makes a day and a time.
    package init(date: SpreadsheetDate, time: SpreadsheetTime) {
        self.date = date
        self.time = time
    }

    /// Takes a serial with a fraction, rounded to the second, or gives nil.
    package init?(serial: Double, usesDateSystem1904: Bool = false) {
        guard serial >= 0, serial < 200_000 else { return nil }
        // 1/86 400 is no binary fraction: 07:50:00 is stored as 0.326388888888889.
        let seconds = Int((serial * 86_400).rounded())
        guard let date = SpreadsheetDate(serial: seconds / 86_400, usesDateSystem1904: usesDateSystem1904),
            let time = SpreadsheetTime(secondsSinceMidnight: seconds % 86_400)
        else { return nil }
        self.init(date: date, time: time)
    }

    package var description: String { "\(date)T\(time)" }

    package static func < (left: SpreadsheetDateTime, right: SpreadsheetDateTime) -> Bool {
        (left.date, left.time) < (right.date, right.time)
    }
}

private enum TwoDigits {
    static func text(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
