/// What the `type` of a problem stands for: the same words for every problem of the kind.
///
/// The kinds are written down in files `ProblemKinds….swift` alone, each in that file's list, from which the pages of
/// `/problems` are made; a test holds the lists against the code. A slug never changes its meaning.
package struct ProblemKind: Sendable, Hashable {
    /// The HTTP status.
    package let status: Int
    /// A stable word, the end of the `type`.
    package let slug: String
    /// The kind in a few words.
    package let title: BilingualText
    /// When it comes.
    package let meaning: BilingualText
    /// What the caller can do about it.
    package let next: BilingualText

    /// Describes a kind.
    package init(
        _ status: Int, _ slug: String, title: BilingualText, meaning: BilingualText, next: BilingualText
    ) {
        self.status = status
        self.slug = slug
        self.title = title
        self.meaning = meaning
        self.next = next
    }

    /// The `type` of documents, `urn:tiaokuai:problem:<slug>`.
    package var type: String { "urn:tiaokuai:problem:\(slug)" }
}
