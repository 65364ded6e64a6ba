/// A row as a file holds it: only the cells with content, in the order of their columns.
struct RawRow {
    /// The row as the spreadsheet counts, from 1.
    var number: Int
    /// The cells with content; `column` counts from 0 and rises.
    var cells: [(column: Int, cell: SpreadsheetCell)] = []

    var isBlank: Bool { cells.allSatisfy(\.cell.isBlank) }
}

/// Gives the rows of a sheet one by one.
///
/// Not safe for use by two threads at once.
protocol RowSource: AnyObject {
    /// The name of the sheet.
    var sheetName: String { get }
    /// Whether a cell to the right of the last heading points to a broken row (csv) or to a note beside the table (xlsx).
    var hasFixedWidth: Bool { get }
    /// Returns the next row with content, or nil at the end.
    func next() throws(SpreadsheetFault) -> RawRow?
}
