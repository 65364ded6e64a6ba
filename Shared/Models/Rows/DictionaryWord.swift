/// A word of a dictionary: a stable code, and the word that the county's sheets use for it.
package protocol DictionaryWord: RawRepresentable, CaseIterable, Hashable, Sendable where RawValue == String {
    /// The word in Chinese.
    var chinese: String { get }
}

extension DictionaryWord {
    /// Finds a word by its code or in Chinese.
    package init?(word: String) {
        guard let found = Self.allCases.first(where: { $0.rawValue == word || $0.chinese == word }) else { return nil }
        self = found
    }
}
