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
    /// The closure is not bound to one type of error, since Swift infers none for `{ try $0.date() }`, and callers add rules of
    /// their own.
    ///
    /// - Throws: what `parse` throws; a `SpreadsheetFault` gets the row and the heading.
    package func read<Value>(_ heading: String, _ parse: (SpreadsheetCell) throws -> Value) throws -> Value {
        do {
            return try parse(self[heading] ?? .empty)
        } catch let fault as SpreadsheetFault {
            throw fault.located(row: number, column: heading)
        }
    }

    /// Reads the cell below a heading, or returns nil when the cell is blank or the column is missing.
    ///
    /// - Throws: as `read`.
    package func readIfPresent<Value>(
        _ heading: String, _ parse: (SpreadsheetCell) throws -> Value
    ) throws -> Value? {
        guard let cell = self[heading], !cell.isBlank else { return nil }
        return try read(heading, parse)
    }
}
