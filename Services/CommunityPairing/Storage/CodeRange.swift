/// The range of codes that begin with a prefix, for columns that sort by bytes: a colon comes right after the digits.
struct CodeRange: Sendable {
    let lowerBound: String
    let upperBound: String

    init(prefix: String) {
        lowerBound = prefix
        upperBound = prefix + ":"
    }
}
