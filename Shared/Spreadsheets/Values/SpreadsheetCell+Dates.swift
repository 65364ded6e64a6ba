extension SpreadsheetCell {
    /// Numbers that stand for a year and not for a day when the cell has no style of a date: 2021 is not 1905-07-13.
    private static let bareYears = 1800.0...2200.0

    /// Reads a day: `2021/5/7`, `2021-05-07`, `2021.5.7`, `2021年5月7日`, `20210507`, a serial of Excel; digits of half or full width.
    ///
    /// - Throws: `emptyValue`, `cellError`, `invalidDate`, `unexpectedTime` when a time other than midnight follows.
    package func date() throws(SpreadsheetFault) -> SpreadsheetDate {
        let text = try presentText()
        if let serial = serial(text) {
            guard let found = SpreadsheetDateTime(serial: serial, usesDateSystem1904: usesDateSystem1904) else {
                throw SpreadsheetFault(.invalidDate)
            }
            guard found.time.secondsSinceMidnight == 0 else { throw SpreadsheetFault(.unexpectedTime) }
            return found.date
        }
        guard let found = DateScanner.date(text) else { throw SpreadsheetFault(.invalidDate) }
        guard !found.hasTime else { throw SpreadsheetFault(.unexpectedTime) }
        return found.date
    }

    /// Reads a day and a time: `2021-05-01T07:50`, `2021-05-01 07:50`, `2021/5/1 7:50:00`, `2021年5月1日 7时50分`, a serial of Excel.
    ///
    /// - Throws: `emptyValue`, `cellError`, `invalidDateTime`; also for a date without a time, unless it is a serial.
    package func dateTime() throws(SpreadsheetFault) -> SpreadsheetDateTime {
        let text = try presentText()
        let serial = serial(text)
        let found =
            serial.map { SpreadsheetDateTime(serial: $0, usesDateSystem1904: usesDateSystem1904) }
            ?? DateScanner.dateTime(text)
        guard let found else { throw SpreadsheetFault(.invalidDateTime) }
        return found
    }

    /// Reads a time of the day: `8:05`, `08:05:00`, `8时05分`, a serial of Excel below 1.
    ///
    /// - Throws: `emptyValue`, `cellError`, `invalidTime`.
    package func time() throws(SpreadsheetFault) -> SpreadsheetTime {
        let text = try presentText()
        if kind == .number || kind == .dateSerial {
            guard let serial = Double(text), (0..<1).contains(serial),
                let time = SpreadsheetTime(secondsSinceMidnight: Int((serial * 86_400).rounded()))
            else { throw SpreadsheetFault(.invalidTime) }
            return time
        }
        guard let time = DateScanner.time(text) else { throw SpreadsheetFault(.invalidTime) }
        return time
    }

    /// Takes a number as a serial: any in a cell with the style of a date; otherwise up to five digits that are no bare year, with
    /// or without a fraction.
    private func serial(_ text: String) -> Double? {
        if kind == .dateSerial { return Double(text) }
        let digits = TextCleaning.halfWidth(text)
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        guard isPlain, (1...2).contains(parts.count), parts[0].utf8.count <= 5, let serial = Double(digits),
            !Self.bareYears.contains(serial)
        else { return nil }
        return serial
    }
}
