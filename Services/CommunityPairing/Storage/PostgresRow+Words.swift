import Models
import Postgres

/// A stored value that this release does not know, for example a word of a dictionary that a later one wrote.
package struct UnknownStoredValue: Error, Sendable, Hashable, CustomStringConvertible {
    /// The column, never its value.
    package let column: String

    package var description: String { "column \(column) holds a value that this release does not know" }
}

extension PostgresRow {
    /// A word of a dictionary.
    func word<Word: RawRepresentable>(_ column: String, as type: Word.Type = Word.self) throws -> Word
    where Word.RawValue == String {
        guard let word = Word(rawValue: try decode(column)) else { throw UnknownStoredValue(column: column) }
        return word
    }

    /// A word of a dictionary, nil for null.
    func wordIfPresent<Word: RawRepresentable>(_ column: String, as type: Word.Type = Word.self) throws -> Word?
    where Word.RawValue == String {
        guard let text = try decodeIfPresent(column, as: String.self) else { return nil }
        guard let word = Word(rawValue: text) else { throw UnknownStoredValue(column: column) }
        return word
    }

    /// A division code.
    func divisionCode(_ column: String) throws -> DivisionCode {
        guard let code = DivisionCode(try decode(column, as: String.self)) else {
            throw UnknownStoredValue(column: column)
        }
        return code
    }

    /// A day.
    func day(_ column: String) throws -> CalendarDay {
        guard let day = CalendarDay(try decode(column, as: String.self)) else {
            throw UnknownStoredValue(column: column)
        }
        return day
    }
}
