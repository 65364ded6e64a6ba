/// What is wrong with a spreadsheet, a row or a cell, in words that name the cause and the next step.
///
/// Neither the words nor the position ever hold the content of a cell: the content may be personal.
package struct SpreadsheetFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The stable name of a kind of fault; its raw value is part of the import report.
    package enum Code: String, Sendable, CaseIterable {
        // The file.
        case unreadableFile = "unreadable-file"
        case notASpreadsheet = "not-a-spreadsheet"
        case oldWorkbook = "old-workbook"
        case damagedWorkbook = "damaged-workbook"
        case forbiddenMarkup = "forbidden-markup"
        case tooLarge = "too-large"
        case tooManyStrings = "too-many-strings"
        case unknownEncoding = "unknown-encoding"
        case unknownSheet = "unknown-sheet"
        case emptySheet = "empty-sheet"
        case missingHeading = "missing-heading"
        case duplicateHeading = "duplicate-heading"
        case tooManyColumns = "too-many-columns"
        case notWritten = "not-written"
        // A row.
        case invalidText = "invalid-text"
        case strayQuote = "stray-quote"
        case unbalancedQuotes = "unbalanced-quotes"
        case extraCells = "extra-cells"
        case rowTooLarge = "row-too-large"
        case cellTooLarge = "cell-too-large"
        case tooManyRows = "too-many-rows"
        // A cell.
        case emptyValue = "empty-value"
        case cellError = "cell-error"
        case spoiltLongNumber = "spoilt-long-number"
        case invalidDate = "invalid-date"
        case unexpectedTime = "unexpected-time"
        case invalidDateTime = "invalid-date-time"
        case invalidTime = "invalid-time"
        case invalidInteger = "invalid-integer"
        case invalidDecimal = "invalid-decimal"
        case invalidYesNo = "invalid-yes-no"
        case invalidMobileNumber = "invalid-mobile-number"
    }

    /// The kind of fault.
    package let code: Code
    /// Cause and next step in Chinese, without the position.
    package let chinese: String
    /// Cause and next step in English, without the position.
    package let english: String
    /// The row as the spreadsheet counts (the first line is 1), where the fault is in a row.
    package private(set) var row: Int?
    /// The heading of the column, or its letters where the heading is not known.
    package private(set) var column: String?

    /// Makes a fault; `detail` is a limit, a heading that the caller asked for or a position, never the content of a cell.
    package init(_ code: Code, _ detail: String = "") {
        self.code = code
        (chinese, english) = code.words(detail)
    }

    /// Cause and next step, Chinese first, without the position.
    package var message: String { "\(chinese) \(english)" }

    /// True when nothing after this fault can be read; false when the reader goes on with the next row.
    package var endsSheet: Bool {
        switch code {
        case .invalidText, .strayQuote, .extraCells: false
        default: !code.isValueFault
        }
    }

    /// The position and the message, such as `第12行 经度: …`.
    package var description: String {
        let place = [row.map { "第\($0)行" }, column].compactMap(\.self).joined(separator: " ")
        return place.isEmpty ? message : "\(place): \(message)"
    }

    /// Returns the fault with a position; a position that it already has is kept.
    package func located(row: Int, column: String? = nil) -> SpreadsheetFault {
        var copy = self
        copy.row = self.row ?? row
        copy.column = self.column ?? column
        return copy
    }
}
