/// The range of codes that begin with a prefix, in byte order: the index of the codes can find it, which it could not for
/// `like` with a parameter.
package struct CodeRange: Sendable, Hashable {
    /// The first code of the range.
    package let lowerBound: String
    /// The first text behind the range.
    package let upperBound: String

    /// Makes the range of a prefix of digits.
    package init(prefix: String) {
        lowerBound = prefix
        // The colon is the character after 9.
        upperBound = prefix + ":"
    }
}
