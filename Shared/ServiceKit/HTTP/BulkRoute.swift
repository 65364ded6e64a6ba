import Hummingbird
import HummingbirdCore
import Models

/// What all bulk routes have alike: rows in, outcomes out.
package enum BulkRoute {
    /// Reads the rows of a request, runs a use case over those that could be decoded, and answers for all of them.
    ///
    /// - Parameters:
    ///   - draft: what a row's fields are decoded as, nothing checked yet.
    ///   - run: the use case; it says what became of each row that it is given, within the caller's scope.
    /// - Throws: a problem of the request, or what the use case throws.
    package static func answer<Draft: Decodable & Sendable>(
        _ request: Request, _ context: SuiteRequestContext, of draft: Draft.Type,
        run: ([Numbered<Draft>], ScopeFilter) async throws -> [Numbered<RowOutcome>]
    ) async throws -> BulkResponse {
        let bulk = try await request.json(BulkRequest<Draft>.self, context)
        let outcomes = try await run(bulk.rows.map { Numbered(row: $0.number, $0.fields) }, context.scope)
        return BulkResponse(bulk.undecodable + outcomes.map(BulkResult.init))
    }
}

extension BulkResult {
    /// The outcome of a row as the answer says it.
    package init(_ outcome: Numbered<RowOutcome>) {
        self =
            switch outcome.content {
            case .accepted: .accepted(row: outcome.row)
            case .unchanged: .unchanged(row: outcome.row)
            case .rejected(let faults): .rejected(row: outcome.row, faults: faults.map(BulkFault.init))
            }
    }
}

extension BulkFault {
    /// A fault of a field as the answer says it.
    package init(_ fault: RowFault) {
        self.init(field: fault.field, code: fault.code.rawValue, BilingualText(fault.chinese, fault.english))
    }
}

extension Problem.Fault {
    /// A fault of a field of a request that stands for one thing.
    package init(_ fault: RowFault) {
        self.init(
            field: "/" + fault.field, code: fault.code.rawValue, BilingualText(fault.chinese, fault.english))
    }
}
