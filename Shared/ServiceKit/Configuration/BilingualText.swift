/// A text for people in Chinese and in English.
package struct BilingualText: Sendable, Hashable {
    /// The Chinese text.
    package let chinese: String
    /// The English text.
    package let english: String

    /// Makes a text from both languages, Chinese first.
    package init(_ chinese: String, _ english: String) {
        self.chinese = chinese
        self.english = english
    }
}
