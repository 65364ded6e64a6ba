/// A person's name: 1 to 50 characters, with the dot U+00B7 between the parts of names that have parts.
package struct PersonName: Sendable, Hashable {
    /// The name.
    package let text: String

    /// What is wrong with a name.
    package enum Fault: Error, Sendable, Hashable {
        /// Nothing is left of it.
        case missing
        /// More than `lengthMax` characters.
        case tooLong
        /// A sign that no name has, or no letter at all.
        case character
    }

    /// The greatest length in characters.
    package static let lengthMax = 50

    /// Cleans and checks a name.
    ///
    /// Blanks that sheets put between Chinese characters to align columns are taken out, and the various dots are
    /// written as U+00B7; rare characters are kept.
    ///
    /// - Throws: `Fault`, which never carries the name.
    package init(_ raw: String) throws(Fault) {
        var name = ""
        for character in FieldText.cleaned(raw) {
            let next: Character = Self.dots.contains(character) ? "·" : character
            if next.isWhitespace {
                if let last = name.last, last.isASCII, last != " " { name.append(" ") }
            } else {
                if name.last == " ", !next.isASCII { name.removeLast() }
                name.append(next)
            }
        }
        guard !name.isEmpty else { throw .missing }
        guard name.count <= Self.lengthMax else { throw .tooLong }
        guard name.allSatisfy({ $0.isLetter || $0 == "·" || $0 == " " || $0 == "'" || $0 == "-" }),
            name.contains(where: \.isLetter)
        else { throw .character }
        text = name
    }

    /// Takes a name that was checked when it was stored.
    package init(checked text: String) { self.text = text }

    /// The name as lists show it: 段*, 王**, 欧阳**, 阿**.
    package var masked: String { Masking.name(text) }

    private static let dots: Set<Character> = ["•", "・", "‧", "∙", "⋅", "．", "●"]
}
