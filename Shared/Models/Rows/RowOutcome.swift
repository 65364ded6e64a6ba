/// What becomes of a row of a bulk request.
package enum RowOutcome: Sendable, Hashable {
    /// It changes something.
    case accepted
    /// All of it was already so.
    case unchanged
    /// It breaks rules and changes nothing.
    case rejected([RowFault])
}

/// Something about a row, with the number that the client gave the row.
package struct Numbered<Content: Sendable>: Sendable {
    /// The client's number, for example the row of a sheet.
    package let row: Int
    /// What is said about it.
    package let content: Content

    /// Numbers something.
    package init(row: Int, _ content: Content) {
        self.row = row
        self.content = content
    }
}

extension Numbered: Equatable where Content: Equatable {}
extension Numbered: Hashable where Content: Hashable {}
