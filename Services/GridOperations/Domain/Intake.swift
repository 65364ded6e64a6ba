import Models

/// Compares checked rows, one after the other, with what is known under their keys; each key comes once.
package struct Intake<Key: Hashable & Sendable, Value: Equatable & Sendable>: Sendable {
    /// What is new, in the order of the rows.
    package private(set) var created: [Value] = []
    /// What is known with other content, as it shall be.
    package private(set) var changed: [Value] = []
    /// What became of each row.
    package private(set) var outcomes: [Numbered<RowOutcome>] = []
    private var known: [Key: Value]

    /// Starts with what is stored.
    package init(known: [Key: Value]) { self.known = known }

    /// What is known under a key, by now.
    package subscript(key: Key) -> Value? { known[key] }

    /// Rejects a row.
    package mutating func reject(_ row: Int, _ fault: RowFault) {
        outcomes.append(Numbered(row: row, .rejected([fault])))
    }

    /// Takes a row that breaks no rule.
    package mutating func take(_ row: Numbered<Value>, key: Key) {
        let before = known[key]
        guard before != row.content else {
            outcomes.append(Numbered(row: row.row, .unchanged))
            return
        }
        if before == nil { created.append(row.content) } else { changed.append(row.content) }
        known[key] = row.content
        outcomes.append(Numbered(row: row.row, .accepted))
    }
}
