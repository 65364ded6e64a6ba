import Hummingbird
import ServiceKit

/// What all bulk routes have alike: rows in, outcomes out.
enum BulkRoute {
    /// Reads the rows of a request, runs a use case over those that could be decoded, and answers for all of them.
    static func answer<Fields: Decodable & Sendable, Draft: Sendable>(
        _ request: Request, _ context: SuiteRequestContext, as fields: Fields.Type,
        draft: (Fields) -> Draft, run: ([Numbered<Draft>]) async throws -> [Numbered<RowOutcome>]
    ) async throws -> BulkResponse {
        let bulk = try await request.json(BulkRequest<Fields>.self, context)
        let outcomes = try await run(bulk.rows.map { Numbered(row: $0.number, draft($0.fields)) })
        return BulkResponse(bulk.undecodable + outcomes.map(BulkResult.init))
    }
}

extension BulkResult {
    /// The outcome of a row as the kit answers it.
    init(_ outcome: Numbered<RowOutcome>) {
        switch outcome.content {
        case .accepted: self = .accepted(row: outcome.row)
        case .unchanged: self = .unchanged(row: outcome.row)
        case .rejected(let faults):
            self = .rejected(
                row: outcome.row,
                faults: faults.map { BulkFault(field: $0.field, code: $0.code, BilingualText($0.chinese, $0.english)) })
        }
    }
}

extension Request {
    /// The beginning of division codes that a list is limited to; empty for all.
    ///
    /// - Throws: a 400 problem when it is not made of at most twelve digits.
    func divisionPrefix() throws -> String {
        try query("division") { text in
            text.utf8.count <= 12 && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? text : nil
        } ?? ""
    }
}
