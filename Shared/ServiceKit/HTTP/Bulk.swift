import Hummingbird

/// Many rows in one request: `{"rows": [{"row": 12, "fields": {…}}, …]}`, at most 1000 rows.
///
/// A row whose fields cannot be decoded is a fault of that row and does not keep the others out.
package struct BulkRequest<Fields: Decodable & Sendable>: Decodable, Sendable {
    /// A row that could be decoded.
    package struct Row: Sendable {
        /// The number that the client gave it, for example the row of a sheet.
        package let number: Int
        /// Its fields.
        package let fields: Fields
    }

    /// Most rows of a request.
    package static var rowsMax: Int { 1000 }

    /// The rows that could be decoded, in the order of the request.
    package let rows: [Row]
    /// The answers to the rows that could not.
    package let undecodable: [BulkResult]

    private enum CodingKeys: String, CodingKey { case rows }

    /// One row, decoded or not.
    private struct Element: Decodable {
        let outcome: Result<Row, BulkUndecodableRow>

        enum CodingKeys: String, CodingKey { case row, fields }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let number = try container.decode(Int.self, forKey: .row)
            do {
                outcome = .success(Row(number: number, fields: try container.decode(Fields.self, forKey: .fields)))
            } catch let error as DecodingError {
                let depth = container.codingPath.count + 1
                outcome = .failure(BulkUndecodableRow(number: number, fault: DecodingFault(error, below: depth)))
            }
        }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        var elements = try container.nestedUnkeyedContainer(forKey: .rows)
        var rows: [Row] = []
        var undecodable: [BulkResult] = []
        while !elements.isAtEnd {
            guard elements.currentIndex < Self.rowsMax else {
                throw Problem.invalid(
                    field: "/rows", code: "too-many", "一次最多 \(Self.rowsMax) 行", "at most \(Self.rowsMax) rows at a time"
                )
            }
            switch try elements.decode(Element.self).outcome {
            case .success(let row): rows.append(row)
            case .failure(let row): undecodable.append(row.result)
            }
        }
        self.rows = rows
        self.undecodable = undecodable
    }
}

/// A row that could not be decoded, and why.
private struct BulkUndecodableRow: Error {
    let number: Int
    let fault: DecodingFault

    var result: BulkResult {
        .rejected(
            row: number, faults: [BulkFault(field: fault.dottedField, code: fault.code, fault.message)])
    }
}

/// What is wrong with a field of a row.
///
/// The message never quotes a personal value.
package struct BulkFault: Codable, Sendable, Hashable {
    /// The field's name in the request, parts separated by dots.
    package let field: String
    /// A stable code.
    package let code: String
    /// What is wrong, in Chinese.
    package let message: String
    /// What is wrong, in English.
    package let messageEn: String

    /// Makes a fault.
    package init(field: String, code: String, _ message: BilingualText) {
        self.field = field
        self.code = code
        self.message = message.chinese
        messageEn = message.english
    }
}

/// What became of a row.
package struct BulkResult: Codable, Sendable, Hashable {
    /// The outcomes of a row.
    package enum Outcome: String, Codable, Sendable {
        /// It changed something.
        case accepted
        /// All of it was already so.
        case unchanged
        /// It breaks a rule and changed nothing.
        case rejected
    }

    /// The number that the client gave the row.
    package let row: Int
    /// What became of it.
    package let outcome: Outcome
    /// Why it was rejected; empty otherwise.
    package let faults: [BulkFault]

    private init(row: Int, outcome: Outcome, faults: [BulkFault]) {
        self.row = row
        self.outcome = outcome
        self.faults = faults
    }

    /// A row that changed something.
    package static func accepted(row: Int) -> BulkResult { BulkResult(row: row, outcome: .accepted, faults: []) }

    /// A row that said nothing new.
    package static func unchanged(row: Int) -> BulkResult { BulkResult(row: row, outcome: .unchanged, faults: []) }

    /// A row that breaks rules.
    package static func rejected(row: Int, faults: [BulkFault]) -> BulkResult {
        BulkResult(row: row, outcome: .rejected, faults: faults)
    }
}

/// The answer to a bulk request: counts, and the rows that were rejected.
package struct BulkResponse: ResponseCodable, Sendable, Hashable {
    /// Rows that changed something.
    package let accepted: Int
    /// Rows that said nothing new.
    package let unchanged: Int
    /// Rows that broke a rule.
    package let rejected: Int
    /// The rejected rows in the order of their numbers; the others are only counted.
    package let results: [BulkResult]

    /// Counts the results of all rows, those that could not be decoded included.
    package init(_ results: [BulkResult]) {
        accepted = results.count { $0.outcome == .accepted }
        unchanged = results.count { $0.outcome == .unchanged }
        rejected = results.count { $0.outcome == .rejected }
        self.results = results.filter { $0.outcome == .rejected }.sorted { $0.row < $1.row }
    }
}
