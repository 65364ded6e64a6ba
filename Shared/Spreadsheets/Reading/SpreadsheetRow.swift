/// One row below the headings.
package struct SpreadsheetRow: Sendable {
    /// The row as the spreadsheet counts; the heading row is 1 in the normal case.
    package let number: Int
    /// The cells in the order of the headings; a cell that the file leaves out is empty.
    package let cells: [SpreadsheetCell]
    private let layout: HeadingLayout

    init(number: Int, cells: [SpreadsheetCell], layout: HeadingLayout) {
        self.number = number
        self.cells = cells
        self.layout = layout
    }

    /// Returns the cell below a heading, or nil when the sheet has no such heading.
    ///
    /// Headings are compared without regard to spaces, line ends and full or half width.
    package subscript(heading: String) -> SpreadsheetCell? {
        layout.column(of: heading).map { cells[$0] }
    }

    /// Reads the cell below a heading; a missing column counts as an empty cell.
    ///
    /// - Throws: the fault of `parse`, with the row and the heading added.
    package func read<Value>(
        _ heading: String, _ parse: (SpreadsheetCell) throws(SpreadsheetFault) -> Value
    ) throws(SpreadsheetFault) -> Value {
        do throws(SpreadsheetFault) {
            return try parse(self[heading] ?? .empty)
        } catch {
            throw error.located(row: number, column: heading)
        }
    }

    /// Reads the cell below a heading, or returns nil when the cell is blank or the column is missing.
    ///
    /// - Throws: the fault of `parse`, with the row and the heading added.
    package func readIfPresent<Value>(
        _ heading: String, _ parse: (SpreadsheetCell) throws(SpreadsheetFault) -> Value
    ) throws(SpreadsheetFault) -> Value? {
        guard let cell = self[heading], !cell.isBlank else { return nil }
        return try read(heading, parse)
    }
}
