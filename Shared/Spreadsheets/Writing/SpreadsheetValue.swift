import Foundation

/// A value to be written to a cell.
package enum SpreadsheetValue: Sendable, Hashable {
    /// No content.
    case empty
    /// Text; written as text whatever it looks like, and guarded against being taken for a formula.
    case text(String)
    /// A whole number; beyond 15 digits it is written as text, since Excel would spoil it.
    case integer(Int)
    /// A decimal number.
    case decimal(Decimal)
    /// A day, shown as `2021-05-07`.
    case date(SpreadsheetDate)
    /// A day and a time, shown as `2021-05-07 08:30:00`.
    case dateTime(SpreadsheetDateTime)
    /// 是 or 否.
    case yesNo(Bool)
}

/// A column of a file to be written.
package struct SpreadsheetColumn: Sendable, Hashable {
    /// What a column holds; it decides the style of its empty cells, so that what people type there stays as typed.
    package enum Kind: Sendable, Hashable {
        case text, number, date, dateTime
    }

    /// The heading.
    package var heading: String
    /// What the column holds.
    package var kind: Kind
    /// The width in characters of the standard font, 1 to 255.
    package var width: Double

    /// Makes a column, of text unless told otherwise.
    package init(_ heading: String, _ kind: Kind = .text, width: Double = 16) {
        self.heading = heading
        self.kind = kind
        self.width = min(max(width, 1), 255)
    }
}
