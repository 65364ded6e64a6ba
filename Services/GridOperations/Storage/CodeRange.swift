/// The range of codes that begin with a prefix, in byte order: the index of the codes can find it, which it could not for
/// `like` with a parameter.
struct CodeRange {
    /// The first code of the range.
    let lower: String
    /// The first text behind the range; the colon is the character after 9.
    let upper: String

    init(prefix: String) {
        lower = prefix
        upper = prefix + ":"
    }
}
