/// The content of one cell: the text as the file holds it, and what kind of content the file says it is.
///
/// A csv file knows only text and empty cells. The parsers of values are in the extensions of this type.
package struct SpreadsheetCell: Sendable, Hashable {
    /// What a file says about the content of a cell.
    package enum Kind: Sendable, Hashable {
        /// No content.
        case empty
        /// Text, or the text result of a formula.
        case text
        /// A number; `text` is its decimal form as stored.
        case number
        /// A number that the style of the cell shows as a date or a time.
        case dateSerial
        /// A truth value; `text` is `TRUE` or `FALSE`.
        case boolean
        /// The error of a formula, such as `#N/A`.
        case error
    }

    /// What the file says about the content.
    package let kind: Kind
    /// The content as the file holds it: not trimmed, not normalised.
    ///
    /// Empty when `kind` is `.empty`.
    package let text: String
    /// Whether date serials count from 1904-01-01 instead of 1900 (workbooks of old Macintosh programs).
    package let usesDateSystem1904: Bool

    /// Makes a cell.
    package init(_ kind: Kind, _ text: String, usesDateSystem1904: Bool = false) {
        self.kind = kind
        self.text = text
        self.usesDateSystem1904 = usesDateSystem1904
    }

    /// A cell without content.
    package static let empty = SpreadsheetCell(.empty, "")

    /// Whether the cell holds nothing but white space.
    package var isBlank: Bool { kind == .empty || text.unicodeScalars.allSatisfy(TextCleaning.isSpace) }
}
