/// Which heading stands above which column.
final class HeadingLayout: Sendable {
    /// The headings, cleaned, one for each column up to the last heading; a column without heading has an empty one.
    let headings: [String]
    private let columns: [String: Int]

    /// Takes the headings of a row.
    ///
    /// - Throws: `duplicateHeading` with the letters of the columns (the text might be a name, if the headings are missing),
    ///   `tooManyColumns`.
    init(_ row: RawRow, columnsMax: Int) throws(SpreadsheetFault) {
        let last = row.cells.last { !$0.cell.isBlank }?.column ?? -1
        guard last < columnsMax else { throw SpreadsheetFault(.tooManyColumns, String(columnsMax)) }
        var headings = [String](repeating: "", count: last + 1)
        var columns: [String: Int] = [:]
        for (column, cell) in row.cells where column <= last && !cell.isBlank {
            headings[column] = TextCleaning.heading(cell.text)
            if let twin = columns.updateValue(column, forKey: TextCleaning.headingKey(cell.text)) {
                let letters = "\(ColumnLetters.letters(twin)), \(ColumnLetters.letters(column))"
                throw SpreadsheetFault(.duplicateHeading, letters).located(row: row.number)
            }
        }
        // The headings as written are keys too: a look-up by them then needs no cleaning.
        for (column, heading) in headings.enumerated() where !heading.isEmpty { columns[heading] = column }
        self.headings = headings
        self.columns = columns
    }

    /// Returns the column of a heading, counted from 0.
    func column(of heading: String) -> Int? {
        columns[heading] ?? columns[TextCleaning.headingKey(heading)]
    }

    /// Returns how many of the wanted headings a row holds.
    static func score(_ row: RawRow, wanted: Set<String>) -> Int {
        wanted.intersection(row.cells.lazy.map { TextCleaning.headingKey($0.cell.text) }).count
    }
}
