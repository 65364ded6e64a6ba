/// Compares rows, one after the other, with what is known under their keys.
///
/// The first row of a key counts. A later one that says the same is unchanged, one that says something else is rejected,
/// so that importing a sheet again never swings between two rows of it.
package struct Intake<Key: Hashable & Sendable, Value: Equatable & Sendable>: Sendable {
    /// What is new, in the order of the rows.
    package private(set) var created: [Value] = []
    /// What is known with other content, as it shall be.
    package private(set) var changed: [Value] = []
    /// What became of each row.
    package private(set) var outcomes: [RowOutcome] = []
    private var known: [Key: Value]
    private var firstRows: [Key: Int] = [:]

    /// Starts with what is stored.
    package init(known: [Key: Value]) { self.known = known }

    /// What is known under a key, by now.
    package subscript(key: Key) -> Value? { known[key] }

    /// Rejects a row.
    package mutating func reject(_ row: Int, _ faults: [FieldFault]) {
        outcomes.append(RowOutcome(row, .rejected(faults)))
    }

    /// Takes a row that breaks no rule.
    ///
    /// - Parameter field: the field that makes the key, for the fault of a second row.
    package mutating func take(_ row: NumberedRow<Value>, key: Key, field: FieldName) {
        let before = known[key]
        if let first = firstRows[key], before != row.value {
            let fault = FieldFault(
                field, .duplicateRow, "与第 \(first) 行的\(field.chinese)重复而内容不同，请只保留一行",
                "row \(first) has the same \(field.english) with other content; keep one of them")
            return reject(row.number, [fault])
        }
        if firstRows[key] == nil { firstRows[key] = row.number }
        guard before != row.value else {
            outcomes.append(RowOutcome(row.number, .unchanged))
            return
        }
        if before == nil { created.append(row.value) } else { changed.append(row.value) }
        known[key] = row.value
        outcomes.append(RowOutcome(row.number, .accepted))
    }
}
