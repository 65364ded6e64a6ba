import Models
import Postgres

// Codes and words of the domain as columns keep them: text that is checked again when it is read.

/// A value that a column keeps as text.
protocol TextColumnValue: PostgresDecodable {
    /// Reads the text; nil when it is not such a value.
    init?(column text: String)
}

extension TextColumnValue {
    package init(postgres cell: PostgresCell) throws {
        guard let value = Self(column: try String(postgres: cell)) else {
            throw PostgresDecodingFailure(reason: "is not a value of \(Self.self)")
        }
        self = value
    }
}

extension DivisionCode: TextColumnValue {
    init?(column text: String) { self.init(text) }
}

extension GridCode: TextColumnValue {
    init?(column text: String) { self.init(text) }
}

extension CommunityKind: PostgresDecodable {}
extension GridRole: PostgresDecodable {}
extension GridFunction: PostgresDecodable {}
extension IncidentSource: PostgresDecodable {}
extension IncidentUrgency: PostgresDecodable {}
extension IncidentState: PostgresDecodable {}
extension IncidentAction: PostgresDecodable {}

extension IncidentID: PostgresDecodable, PostgresEncodable {}
extension PersonID: PostgresDecodable, PostgresEncodable {}
extension GridAssignmentID: PostgresDecodable, PostgresEncodable {}
