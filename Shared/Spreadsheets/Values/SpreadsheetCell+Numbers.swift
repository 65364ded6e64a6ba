import Foundation

extension SpreadsheetCell {
    /// Reads a whole number; digits of half or full width, with or without separators of thousands, `12.0` too.
    ///
    /// - Throws: `emptyValue`, `cellError`, `invalidInteger`, `spoiltLongNumber`.
    package func integer() throws(SpreadsheetFault) -> Int {
        let text = try numberText(.invalidInteger)
        if let number = Int(text) { return number }
        guard let decimal = Decimal(string: text), let number = Int(exactly: NSDecimalNumber(decimal: decimal)) else {
            throw SpreadsheetFault(.invalidInteger)
        }
        return number
    }

    /// Reads a decimal number exactly as it is written; a number of a workbook is rounded to the 15 digits that Excel shows.
    ///
    /// - Throws: `emptyValue`, `cellError`, `invalidDecimal`, `spoiltLongNumber`.
    package func decimal() throws(SpreadsheetFault) -> Decimal {
        let text = try numberText(.invalidDecimal)
        guard let number = Decimal(string: text) else { throw SpreadsheetFault(.invalidDecimal) }
        return number
    }

    /// Reads a number as binary floating point, for degrees and measures.
    ///
    /// - Throws: as `decimal`.
    package func double() throws(SpreadsheetFault) -> Double {
        guard let number = Double(try numberText(.invalidDecimal)), number.isFinite else {
            throw SpreadsheetFault(.invalidDecimal)
        }
        return number
    }

    /// Reads a long number or code (identity number, social credit code, grid code): half width, capitals, no spaces inside, and no
    /// apostrophe in front.
    ///
    /// - Throws: `emptyValue`, `cellError`; `spoiltLongNumber` for `5.32923E+17`, for a stored number of 16 digits and more, and for
    ///   18 digits that end in 000 with a check digit that is wrong.
    package func longNumber() throws(SpreadsheetFault) -> String {
        let text = try presentText()
        if kind == .number || kind == .dateSerial { return try LongNumber.digits(ofNumber: text) }
        let code = LongNumber.cleaned(text)
        guard !code.isEmpty else { throw SpreadsheetFault(.emptyValue) }
        guard !LongNumber.isSpoilt(code) else { throw SpreadsheetFault(.spoiltLongNumber) }
        return code
    }

    /// Reads a mobile number of the mainland as 11 digits: spaces, hyphens and a leading +86 are taken off.
    ///
    /// - Throws: `emptyValue`, `cellError`, `invalidMobileNumber`, `spoiltLongNumber` for `1.54767E+10`.
    package func mobileNumber() throws(SpreadsheetFault) -> String {
        var digits = try longNumber().filter { $0 != "-" }
        let prefix = ["+86", "0086", "86"].first { digits.hasPrefix($0) && digits.utf8.count == 11 + $0.utf8.count }
        digits.removeFirst(prefix?.count ?? 0)
        let bytes = Array(digits.utf8)
        guard bytes.count == 11, bytes.allSatisfy({ (0x30...0x39).contains($0) }), bytes[0] == UInt8(ascii: "1"),
            bytes[1] >= UInt8(ascii: "3")
        else { throw SpreadsheetFault(.invalidMobileNumber) }
        return digits
    }

    /// Returns a number in the form `-12.5`, with the digits that count.
    private func numberText(_ fault: SpreadsheetFault.Code) throws(SpreadsheetFault) -> String {
        let text = try presentText()
        switch kind {
        case .number:
            guard let number = Double(text), number.isFinite else { throw SpreadsheetFault(fault) }
            guard abs(number) < LongNumber.firstSpoilt else { throw SpreadsheetFault(.spoiltLongNumber) }
            return NumberText.fifteenDigits(number)
        case .text:
            let half = TextCleaning.halfWidth(text)
            guard let plain = NumberText.plain(half) else {
                throw SpreadsheetFault(LongNumber.isScientific(half) ? .spoiltLongNumber : fault)
            }
            return plain
        default:
            throw SpreadsheetFault(fault)
        }
    }
}

/// The forms of numbers.
enum NumberText {
    /// Returns a number as decimal text without exponent, rounded to 15 significant digits: 0.1 is stored as 0.10000000000000001.
    static func fifteenDigits(_ number: Double) -> String {
        let rounded = String(format: "%.14e", number)
        guard let decimal = Decimal(string: rounded) else { return rounded }
        return "\(decimal)"
    }

    /// Checks a sign, digits with correct separators of thousands or none, and a fraction; returns it without separators, or nil.
    static func plain(_ text: String) -> String? {
        let unsigned = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
        let parts = unsigned.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, parts.dropFirst().allSatisfy(isDigits) else { return nil }
        let groups = whole.split(separator: ",", omittingEmptySubsequences: false)
        guard let first = groups.first, isDigits(first), groups.allSatisfy(isDigits),
            groups.count == 1 || first.utf8.count <= 3, groups.dropFirst().allSatisfy({ $0.utf8.count == 3 })
        else { return nil }
        let digits = groups.joined() + parts.dropFirst().map { ".\($0)" }.joined()
        // More digits than a Decimal holds would be rounded in silence.
        guard digits.utf8.count <= 32 else { return nil }
        return text.first == "-" ? "-\(digits)" : digits
    }

    private static func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
