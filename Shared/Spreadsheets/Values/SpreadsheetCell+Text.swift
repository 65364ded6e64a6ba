extension SpreadsheetCell {
    /// Reads text: no white space at its ends, NFC, line ends as LF.
    ///
    /// A number that should be a code (a division code in a column that is not formatted as text) becomes its digits; a date
    /// becomes `2021-05-07`, a date with a time `2021-05-07T08:30:00`, a time `08:30:00`. The apostrophe that guards a formula
    /// (`'=…`) is taken off.
    ///
    /// - Throws: `emptyValue`, `cellError`, `spoiltLongNumber` for a number of 16 digits and more.
    package func trimmedText() throws(SpreadsheetFault) -> String {
        let text = try presentText()
        switch kind {
        case .number: return try LongNumber.digits(ofNumber: text)
        case .dateSerial: return Self.datedText(text, usesDateSystem1904: usesDateSystem1904)
        default: return FormulaGuard.removed(from: Self.normalised(text))
        }
    }

    /// Reads text, or an empty string when the cell is blank.
    ///
    /// - Throws: as `trimmedText`, without `emptyValue`.
    package func trimmedTextOrEmpty() throws(SpreadsheetFault) -> String {
        isBlank ? "" : try trimmedText()
    }

    /// Reads yes or no: 是 or 否, also yes, no, y, n, true, false, 1, 0 in any case and width.
    ///
    /// - Throws: `emptyValue`, `cellError`, `invalidYesNo`.
    package func yesNo() throws(SpreadsheetFault) -> Bool {
        switch TextCleaning.halfWidth(try presentText()).lowercased() {
        case "是", "yes", "y", "true", "1": return true
        case "否", "no", "n", "false", "0": return false
        default: throw SpreadsheetFault(.invalidYesNo)
        }
    }

    /// Returns the text without white space at its ends.
    ///
    /// - Throws: `emptyValue` for a blank cell, `cellError` for the error of a formula.
    func presentText() throws(SpreadsheetFault) -> String {
        guard kind != .error else { throw SpreadsheetFault(.cellError) }
        let trimmed = TextCleaning.trimmed(text)
        guard !trimmed.isEmpty else { throw SpreadsheetFault(.emptyValue) }
        return trimmed
    }

    private static func normalised(_ text: String) -> String {
        let composed = TextCleaning.composed(text)
        guard composed.utf8.contains(UInt8(ascii: "\r")) else { return composed }
        // "\r\n" is one Character.
        return String(composed.map { $0 == "\r\n" || $0 == "\r" ? "\n" : $0 })
    }

    private static func datedText(_ text: String, usesDateSystem1904: Bool) -> String {
        guard let serial = Double(text) else { return text }
        if (0..<1).contains(serial) {
            return SpreadsheetTime(secondsSinceMidnight: Int((serial * 86_400).rounded()))?.description ?? text
        }
        guard let found = SpreadsheetDateTime(serial: serial, usesDateSystem1904: usesDateSystem1904) else {
            return text
        }
        return found.time.secondsSinceMidnight == 0 ? found.date.description : found.description
    }
}

/// The apostrophe before text that a spreadsheet program would take for a formula.
enum FormulaGuard {
    private static let starts: Set<Character> = ["=", "+", "-", "@", "\t", "\r", "\r\n"]

    /// Returns the text with an apostrophe when it begins like a formula (OWASP, CSV injection).
    static func added(to text: String) -> String {
        text.first.map(starts.contains) == true ? "'\(text)" : text
    }

    /// Returns the text without the apostrophe that `added` puts before it.
    static func removed(from text: String) -> String {
        guard text.first == "'", let second = text.dropFirst().first, starts.contains(second) else { return text }
        return String(text.dropFirst())
    }
}
