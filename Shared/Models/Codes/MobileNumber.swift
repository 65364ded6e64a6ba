/// Checks of mainland mobile numbers: eleven digits, `1` then `3`–`9`.
package enum MobileNumber {
    /// Normalises full-width digits, then checks the form.
    ///
    /// - Returns: the eleven digits, or nil.
    package static func check(_ text: String) -> String? {
        var digits: [UInt8] = []
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x30...0x39: digits.append(UInt8(scalar.value))
            case 0xff10...0xff19: digits.append(UInt8(scalar.value - 0xff10 + 0x30))
            default: return nil
            }
        }
        guard digits.count == 11, digits[0] == 0x31, (0x33...0x39).contains(digits[1]) else { return nil }
        return String(decoding: digits, as: UTF8.self)
    }
}
