import ServiceKit

extension BulkRequest {
    /// The rows as the use cases take them.
    var numberedRows: [NumberedRow<Fields>] { rows.map { NumberedRow($0.number, $0.fields) } }

    /// The answer: the outcomes of the use case, and the rows that could not be decoded.
    func answer(_ outcomes: [RowOutcome]) -> BulkResponse { BulkResponse(undecodable + outcomes.map(BulkResult.init)) }
}

extension BulkResult {
    /// The outcome of a row as the answer says it.
    init(_ outcome: RowOutcome) {
        self =
            switch outcome.verdict {
            case .accepted: .accepted(row: outcome.row)
            case .unchanged: .unchanged(row: outcome.row)
            case .rejected(let faults): .rejected(row: outcome.row, faults: faults.map(BulkFault.init))
            }
    }
}

extension BulkFault {
    /// A fault of a field as the answer says it.
    init(_ fault: FieldFault) {
        self.init(field: fault.field, code: fault.code.rawValue, BilingualText(fault.chinese, fault.english))
    }
}
