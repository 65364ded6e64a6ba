import Foundation

/// Brings texts of sheets into one form before they are checked.
package enum FieldText {
    /// Puts characters into their composed form (NFC) and takes blanks, line ends and byte-order marks off both ends.
    package static func cleaned(_ text: String) -> String {
        isClean(text) ? text : text.precomposedStringWithCanonicalMapping.trimmingCharacters(in: blanks)
    }

    /// Whether a text is certainly in that form, which a look at its characters tells for most: ASCII, Chinese characters and
    /// full-width signs are composed, and none of them combines with what stands before it.
    private static func isClean(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, first > 0x20, last > 0x20 else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x09, 0x0a, 0x0d, 0x20...0x7e, 0x3001...0x3020, 0x4e00...0x9fff, 0xff01...0xff5e: true
            default: false
            }
        }
    }

    /// As `cleaned`; nil for a text that is absent or blank.
    package static func present(_ text: String?) -> String? {
        guard let text else { return nil }
        let cleaned = cleaned(text)
        return cleaned.isEmpty ? nil : cleaned
    }

    /// As `cleaned`, with full-width letters, digits and signs in their ASCII form: for codes.
    package static func code(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in cleaned(text).unicodeScalars {
            if (0xff01...0xff5e).contains(scalar.value), let narrow = Unicode.Scalar(scalar.value - 0xfee0) {
                scalars.append(narrow)
            } else {
                scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    /// Whether a text has control characters, which no field takes: they break terminals, sheets and logs, and PostgreSQL
    /// refuses a NUL.
    ///
    /// - Parameter allowingLines: whether tabs and line breaks may stand in it, as in a description.
    package static func hasControls(_ text: String, allowingLines: Bool = false) -> Bool {
        text.unicodeScalars.contains { scalar in
            // The category Cc of Unicode, which has no further members.
            (scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value))
                && !(allowingLines && [0x09, 0x0a, 0x0d].contains(scalar.value))
        }
    }

    /// U+FEFF is the byte-order mark that a spreadsheet leaves before its first cell; U+200B comes with text from chats.
    private static let blanks = CharacterSet.whitespacesAndNewlines.union(
        CharacterSet(charactersIn: "\u{feff}\u{200b}"))
}
