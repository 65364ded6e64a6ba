/// Long numbers, and what Excel does to them: it keeps 15 digits, puts zeros for the rest, and shows the scientific form.
enum LongNumber {
    /// From here on a number has digits that Excel does not keep.
    static let firstSpoilt = 1e15

    /// Returns the digits of a stored number; a fraction stays as it is.
    static func digits(ofNumber text: String) throws(SpreadsheetFault) -> String {
        guard let number = Double(text), number.isFinite else { return text }
        guard abs(number) < firstSpoilt else { throw SpreadsheetFault(.spoiltLongNumber) }
        return NumberText.fifteenDigits(number)
    }

    /// Returns a code in half width and capitals, without spaces, and without the apostrophe that people type for "text".
    static func cleaned(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in TextCleaning.halfWidth(text).unicodeScalars where !TextCleaning.isSpace(scalar) {
            if scalars.isEmpty, scalar == "'" || scalar == "\u{2018}" || scalar == "\u{2019}" { continue }
            scalars.append(scalar)
        }
        return String(scalars).uppercased()
    }

    /// Whether a cleaned code is in scientific form, or has 18 digits of which the last became 000.
    static func isSpoilt(_ code: String) -> Bool {
        isScientific(code) || endsInZeros(code)
    }

    /// Whether text is like `5.32923E+17`: a number of ten digits or more in scientific form.
    static func isScientific(_ text: String) -> Bool {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "E" || $0 == "e" }
        guard parts.count == 2, parts[1].first == "+", let exponent = Int(parts[1].dropFirst()), exponent >= 9 else {
            return false
        }
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        return (1...2).contains(mantissa.count) && mantissa[0].utf8.count == 1
            && mantissa.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    }

    /// Whether 18 digits end in 000 and are neither a sound identity number nor a sound social credit code.
    private static func endsInZeros(_ code: String) -> Bool {
        let digits = code.utf8.map { Int($0) - 0x30 }
        let isLong = digits.count == 18 && digits.allSatisfy { (0...9).contains($0) }
        guard isLong, code.hasSuffix("000") else { return false }
        return identityRemainder(digits) != 1 && creditRemainder(digits) != 0
    }

    /// GB 11643 (ISO 7064 MOD 11-2): the weighted sum of all 18 digits leaves 1 for a sound number.
    private static func identityRemainder(_ digits: [Int]) -> Int {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1]
        return zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 } % 11
    }

    /// GB 32100-2015: the weighted sum of all 18 characters leaves 0 for a sound code; digits count as themselves.
    private static func creditRemainder(_ digits: [Int]) -> Int {
        let weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1]
        return zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 } % 31
    }
}
