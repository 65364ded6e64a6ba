import Foundation
import Models
import Postgres

/// Values of the domain as columns keep them. Not conformances: a module owns neither the types nor the protocol.
extension PostgresRow {
    /// A code, kept as text and checked again.
    func code<Code>(_ column: String, _ make: (String) -> Code?) throws -> Code {
        guard let code = make(try decode(column)) else { throw Self.unreadable(column) }
        return code
    }

    /// A word of an enumeration.
    func choice<Choice: RawRepresentable>(
        _ column: String, as type: Choice.Type = Choice.self
    ) throws -> Choice where Choice.RawValue == String {
        guard let choice = Choice(rawValue: try decode(column)) else { throw Self.unreadable(column) }
        return choice
    }

    /// A word of an enumeration that may be null.
    func optionalChoice<Choice: RawRepresentable>(
        _ column: String, as type: Choice.Type = Choice.self
    ) throws -> Choice? where Choice.RawValue == String {
        guard let text = try decodeIfPresent(column, as: String.self) else { return nil }
        guard let choice = Choice(rawValue: text) else { throw Self.unreadable(column) }
        return choice
    }

    /// An identifier.
    func identifier<ID: UUIDIdentifier>(_ column: String, as type: ID.Type = ID.self) throws -> ID {
        ID(rawValue: try decode(column))
    }

    /// An identifier that may be null.
    func optionalIdentifier<ID: UUIDIdentifier>(_ column: String, as type: ID.Type = ID.self) throws -> ID? {
        try decodeIfPresent(column, as: UUID.self).map(ID.init(rawValue:))
    }

    /// A row that this program could not have written: the column is named, its value never.
    private static func unreadable(_ column: String) -> PostgresDecodingFailure {
        PostgresDecodingFailure(reason: "\(column) holds a value of another version of the program")
    }
}
