/// A row of a bulk request with the number that the client gave it.
package struct NumberedRow<Value: Sendable>: Sendable {
    /// The client's number, for example the row of a sheet.
    package let number: Int
    /// What the row says.
    package let value: Value

    /// Numbers a value.
    package init(_ number: Int, _ value: Value) {
        self.number = number
        self.value = value
    }
}

extension NumberedRow: Equatable where Value: Equatable {}

/// What became of a row of a bulk request.
package struct RowOutcome: Sendable, Hashable {
    /// The kinds of outcome.
    package enum Verdict: Sendable, Hashable {
        /// It changed something.
        case accepted
        /// All of it was already so.
        case unchanged
        /// It breaks rules and changed nothing.
        case rejected([FieldFault])
    }

    /// The client's number of the row.
    package let row: Int
    /// What became of it.
    package let verdict: Verdict

    /// States an outcome.
    package init(_ row: Int, _ verdict: Verdict) {
        self.row = row
        self.verdict = verdict
    }
}

/// Rows of which the fields have been checked: sound ones, and the outcomes of the others.
package struct CheckedRows<Value: Sendable>: Sendable {
    /// The sound rows, in the order in which they came.
    package private(set) var sound: [NumberedRow<Value>] = []
    /// The outcomes of the rows with faults.
    package private(set) var rejected: [RowOutcome] = []

    /// Checks each row by itself.
    package init<Draft>(_ rows: [NumberedRow<Draft>], _ check: (Draft) throws(FieldFaults) -> Value) {
        sound.reserveCapacity(rows.count)
        for row in rows {
            do throws(FieldFaults) {
                sound.append(NumberedRow(row.number, try check(row.value)))
            } catch {
                rejected.append(RowOutcome(row.number, .rejected(error.faults)))
            }
        }
    }
}
