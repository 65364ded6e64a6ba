import Foundation

/// Texts as the search compares them, and what it cuts them into.
///
/// Words of Chinese are not separated, so a text counts as the pairs of its neighbouring signs: what is looked for is in a
/// text only if all its pairs are. The database has the same rules (`grid.search_text`, `grid.incident_words`) for rows that
/// were there before; a test holds both against each other.
package enum SearchText {
    /// A text as it is compared: full width as half width, small letters, and one space for whatever is neither letter nor
    /// digit.
    package static func folded(_ text: String) -> String {
        var folded = String.UnicodeScalarView()
        for scalar in text.precomposedStringWithCompatibilityMapping.unicodeScalars {
            if isBreak(scalar.value) {
                if folded.last != " " { folded.append(" ") }
            } else if (0x41...0x5a).contains(scalar.value) {
                folded.append(Unicode.Scalar(UInt8(scalar.value) + 0x20))
            } else {
                folded.append(scalar)
            }
        }
        return String(folded)
    }

    /// The pairs of neighbouring signs of a folded text, each once.
    package static func pairs(_ folded: String) -> Set<String> {
        let signs = folded.unicodeScalars
        return Set(
            zip(signs, signs.dropFirst()).compactMap { first, second in
                guard first != " ", second != " " else { return nil }
                var pair = String.UnicodeScalarView()
                pair.append(first)
                pair.append(second)
                return String(pair)
            })
    }

    /// Signs that part words: controls, spaces and punctuation, those of ASCII and of Chinese.
    private static func isBreak(_ value: UInt32) -> Bool {
        switch value {
        case 0x01...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0xa0, 0x2000...0x206f, 0x3000...0x3004, 0x3008...0x3020,
            0x3030:
            true
        default: false
        }
    }
}

/// What somebody looks for: words that must all stand in a report.
package struct SearchTerms: Sendable, Hashable {
    /// Signs that the words may have together: of more a reader gains nothing, and each costs a look.
    package static let signsMax = 60

    /// The words, folded.
    package let terms: [String]

    /// Reads what was typed; nil when no word of it has two signs, or when it is too long.
    package init?(_ text: String) {
        let folded = SearchText.folded(text)
        terms = Set(folded.split(separator: " ").map(String.init)).sorted()
        guard folded.unicodeScalars.count <= Self.signsMax, !pairs.isEmpty else { return nil }
    }

    /// The pairs of signs that a text must have, in a fixed order.
    package var pairs: [String] { terms.reduce(into: Set()) { $0.formUnion(SearchText.pairs($1)) }.sorted() }
}
