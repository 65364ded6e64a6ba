import Foundation

/// Cleans text that people typed: spaces, line ends, full width, NFC.
enum TextCleaning {
    /// Whether a character is white space, or takes no place at all (byte order mark, zero width space).
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200B, 0x2028, 0x2029, 0x202F, 0x205F, 0x2060, 0x3000,
            0xFEFF:
            true
        default: false
        }
    }

    /// Returns the text without white space at both ends.
    static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !isSpace($0) }),
            let last = scalars.lastIndex(where: { !isSpace($0) })
        else { return "" }
        if first == scalars.startIndex, scalars.index(after: last) == scalars.endIndex { return text }
        return String(scalars[first...last])
    }

    /// Returns the text in NFC.
    static func composed(_ text: String) -> String {
        // Most text is ASCII and Chinese characters that have no other form; the slow road is for the rest.
        let isStable = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0..<0x300, 0x2010...0x206F, 0x3000...0x3098, 0x3400..<0xA000, 0xFF00...0xFFEF, 0x20000...0x2F7FF: true
            default: false
            }
        }
        return isStable ? text : text.precomposedStringWithCanonicalMapping
    }

    /// Returns the text with the full-width forms of ASCII (U+FF01 to U+FF5E, U+3000) as ASCII.
    static func halfWidth(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(halfWidth(scalar)) }
        return String(result)
    }

    /// Returns one character of full width as ASCII; others as they are.
    static func halfWidth(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x3000: " "
        case 0xFF01...0xFF5E: Unicode.Scalar(UInt8(scalar.value - 0xFF00 + 0x20))
        default: scalar
        }
    }

    /// Returns a heading as it is shown: NFC, no spaces or line ends, letters and digits of half width.
    static func heading(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in composed(text).unicodeScalars where !isSpace(scalar) {
            let half = halfWidth(scalar)
            result.append(half.properties.isAlphabetic || half.properties.numericType != nil ? half : scalar)
        }
        return String(result)
    }

    /// Returns a heading as it is compared: as shown, and punctuation of half width too.
    static func headingKey(_ text: String) -> String { halfWidth(heading(text)) }
}
