import Foundation
import Models
import Postgres

/// A stored value that this release does not know, for example a word of a dictionary that a later one wrote.
package struct UnknownStoredValue: Error, Sendable, Hashable, CustomStringConvertible {
    /// The column, never its value.
    package let column: String

    /// Names the column.
    package init(column: String) { self.column = column }

    package var description: String { "column \(column) holds a value that this release does not know" }
}

// Values of the suite as columns keep them. Each throws `UnknownStoredValue` for what it cannot read, and what
// `PostgresRow.decode` throws.
extension PostgresRow {
    /// A word of a dictionary or an enumeration.
    package func word<Word: RawRepresentable>(_ column: String, as type: Word.Type = Word.self) throws -> Word
    where Word.RawValue == String {
        try code(column) { Word(rawValue: $0) }
    }

    /// A word of a dictionary or an enumeration, nil for null.
    package func wordIfPresent<Word: RawRepresentable>(
        _ column: String, as type: Word.Type = Word.self
    ) throws -> Word? where Word.RawValue == String {
        guard let text = try decodeIfPresent(column, as: String.self) else { return nil }
        guard let word = Word(rawValue: text) else { throw UnknownStoredValue(column: column) }
        return word
    }

    /// A code that is kept as text and checked again.
    ///
    /// - Parameter make: makes the code; nil for a text that is none.
    package func code<Code>(_ column: String, _ make: (String) -> Code?) throws -> Code {
        guard let code = make(try decode(column)) else { throw UnknownStoredValue(column: column) }
        return code
    }

    /// A division code.
    package func divisionCode(_ column: String) throws -> DivisionCode { try code(column) { DivisionCode($0) } }

    /// A grid code.
    package func gridCode(_ column: String) throws -> GridCode { try code(column) { GridCode($0) } }

    /// A unified social credit code.
    package func creditCode(_ column: String) throws -> UnifiedSocialCreditCode {
        let text = try decode(column, as: String.self)
        do throws(UnifiedSocialCreditCode.Fault) {
            return try UnifiedSocialCreditCode(text)
        } catch {
            throw UnknownStoredValue(column: column)
        }
    }

    /// A day.
    package func day(_ column: String) throws -> CalendarDay { try code(column) { CalendarDay($0) } }

    /// An identifier.
    package func identifier<ID: UUIDIdentifier>(_ column: String, as type: ID.Type = ID.self) throws -> ID {
        ID(rawValue: try decode(column))
    }

    /// An identifier, nil for null.
    package func identifierIfPresent<ID: UUIDIdentifier>(_ column: String, as type: ID.Type = ID.self) throws -> ID? {
        try decodeIfPresent(column, as: UUID.self).map(ID.init(rawValue:))
    }
}
