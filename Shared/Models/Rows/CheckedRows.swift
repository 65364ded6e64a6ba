/// The rows of a bulk request after their fields were read: sound ones, each key once, and the answers to the others.
package struct CheckedRows<Content: Sendable & Hashable>: Sendable {
    /// Rows to decide on, each key once, in the order of the request.
    package private(set) var sound: [Numbered<Content>] = []
    /// Answers to rows that were refused for themselves.
    package private(set) var refused: [Numbered<RowOutcome>] = []
    /// Rows that say again what an earlier row says.
    private var repeats: [(row: Int, of: Int)] = []

    /// Checks rows.
    ///
    /// - Parameters:
    ///   - keyField: the field that a row with the key of another is blamed for.
    ///   - key: the natural key of a sound row.
    ///   - reach: what the sender may write.
    ///   - check: reads the fields of a row.
    package init<Draft: Sendable, Key: Hashable>(
        _ drafts: [Numbered<Draft>], keyField: String, key: (Content) -> Key,
        within reach: RowReach<Content>, check: (Draft) throws(RowFaults) -> Content
    ) {
        var first: [Key: Numbered<Content>] = [:]
        for draft in drafts {
            do throws(RowFaults) {
                let content = try check(draft.content)
                guard reach.isInside(content) else {
                    refused.append(Numbered(row: draft.row, .rejected([.outsideScope(reach.field)])))
                    continue
                }
                guard let earlier = first[key(content)] else {
                    let row = Numbered(row: draft.row, content)
                    first[key(content)] = row
                    sound.append(row)
                    continue
                }
                if earlier.content == content {
                    repeats.append((draft.row, earlier.row))
                } else {
                    refused.append(
                        Numbered(row: draft.row, .rejected([.duplicate(keyField, of: earlier.row)])))
                }
            } catch {
                refused.append(Numbered(row: draft.row, .rejected(error.faults)))
            }
        }
    }

    /// Joins the decisions on the sound rows with the answers to the others.
    package func outcomes(deciding decided: [Numbered<RowOutcome>]) -> [Numbered<RowOutcome>] {
        let byRow = Dictionary(decided.map { ($0.row, $0.content) }) { first, _ in first }
        let repeated = repeats.map { row, original in
            Numbered(row: row, byRow[original].map { $0 == .accepted ? .unchanged : $0 } ?? .unchanged)
        }
        return decided + refused + repeated
    }
}
