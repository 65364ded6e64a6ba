/// Checks of the citizen identity number, GB 11643-1999.
///
/// The number itself is never kept in a value of this module.
package enum CitizenIdentityNumber {
    /// What is wrong with a number.
    package enum Fault: String, Error, Sendable, CaseIterable {
        /// Not 18 characters: the 15-digit form is no longer accepted.
        case length
        /// A character that is neither a digit nor a final X.
        case character
        /// The date of birth does not exist.
        case birthDate
        /// The check character does not fit.
        case checkCharacter
    }

    /// Normalises full-width digits and a lower-case x, then checks form, date and check character.
    ///
    /// - Returns: the normalised number.
    /// - Throws: `Fault`, which never carries the number.
    package static func check(_ text: String) throws(Fault) -> String {
        var digits: [UInt8] = []
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x30...0x39: digits.append(UInt8(scalar.value))
            case 0xff10...0xff19: digits.append(UInt8(scalar.value - 0xff10 + 0x30))
            case 0x58, 0x78, 0xff38, 0xff58: digits.append(0x58)
            default: throw .character
            }
        }
        guard digits.count == 18 else { throw .length }
        guard !digits.dropLast().contains(0x58) else { throw .character }
        guard isRealDate(digits[6..<14]) else { throw .birthDate }
        guard digits[17] == checkCharacter(of: digits.prefix(17)) else { throw .checkCharacter }
        return String(decoding: digits, as: UTF8.self)
    }

    private static func checkCharacter(of body: ArraySlice<UInt8>) -> UInt8 {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(body, weights).reduce(0) { $0 + Int($1.0 - 0x30) * $1.1 }
        return Array("10X98765432".utf8)[sum % 11]
    }

    private static func isRealDate(_ digits: ArraySlice<UInt8>) -> Bool {
        func number(_ range: Range<Int>) -> Int {
            digits[digits.startIndex + range.lowerBound..<digits.startIndex + range.upperBound]
                .reduce(0) { $0 * 10 + Int($1) - 0x30 }
        }
        return CalendarDay(year: number(0..<4), month: number(4..<6), day: number(6..<8)) != nil
    }
}
