/// Reads a sheet of an xlsx or csv file row by row, in bounded memory.
///
/// What a file is, is decided by its content and not by its name. A reader belongs to one task at a time.
package final class SpreadsheetReader {
    /// What a file turned out to be.
    package enum Format: Sendable, Hashable {
        case xlsx
        case csv(TextEncoding)
    }

    /// What the file is.
    package let format: Format
    /// The row of the headings as the spreadsheet counts; 1 unless title rows stand above.
    package let headingRowNumber: Int
    private let source: any RowSource
    private let layout: HeadingLayout
    private var pending: ArraySlice<RawRow>
    private var end: SpreadsheetFault?

    /// How many rows with content are searched for the headings.
    private static let headingSearchRows = 20

    private init(
        format: Format, source: any RowSource, required: [String], limits: SpreadsheetLimits
    ) throws(SpreadsheetFault) {
        let wanted = Set(required.map(TextCleaning.headingKey))
        var rows: [RawRow] = []
        var best = (index: 0, score: 0)
        while rows.count < Self.headingSearchRows, let row = try source.next() {
            guard !row.isBlank else { continue }
            rows.append(row)
            let score = HeadingLayout.score(row, wanted: wanted)
            if score > best.score { best = (rows.count - 1, score) }
            if score == wanted.count { break }
        }
        guard !rows.isEmpty else { throw SpreadsheetFault(.emptySheet) }
        let layout = try HeadingLayout(rows[best.index], columnsMax: limits.columnsMax)
        let missing = required.filter { layout.column(of: $0) == nil }
        guard missing.isEmpty else {
            let fault = SpreadsheetFault(.missingHeading, missing.joined(separator: "、"))
            throw fault.located(row: rows[best.index].number)
        }
        self.format = format
        self.source = source
        self.layout = layout
        headingRowNumber = rows[best.index].number
        pending = rows[(best.index + 1)...]
    }

    /// Opens a file, finds the headings and stands before the first row below them.
    ///
    /// The heading row is the one of the first 20 rows with content that holds most of `requiredHeadings` (the first of
    /// equals), so titles above are passed over; without required headings it is the first row with content.
    ///
    /// - Parameters:
    ///   - sheet: the name of the sheet of a workbook; nil is the first that is not hidden. A csv file has one sheet.
    ///   - requiredHeadings: headings without which the sheet is refused.
    /// - Throws: `SpreadsheetFault` when the file cannot be read, is no spreadsheet, is past a limit, or has missing or
    ///   repeated headings.
    package static func open(
        _ path: String, sheet: String? = nil, requiredHeadings: [String] = [],
        limits: SpreadsheetLimits = SpreadsheetLimits()
    ) throws(SpreadsheetFault) -> SpreadsheetReader {
        let file = try FileInput(path)
        switch FileSignature(try file.peek(512)) {
        case .zip:
            guard file.size <= limits.workbookFileBytesMax else {
                throw SpreadsheetFault(.tooLarge, ByteCount.words(limits.workbookFileBytesMax))
            }
            let source = try WorkbookSource(path: path, sheet: sheet, limits: limits)
            return try SpreadsheetReader(format: .xlsx, source: source, required: requiredHeadings, limits: limits)
        case .oldWorkbook:
            throw SpreadsheetFault(.oldWorkbook)
        case .binary:
            throw SpreadsheetFault(.notASpreadsheet)
        case .text:
            guard file.size <= limits.delimitedFileBytesMax else {
                throw SpreadsheetFault(.tooLarge, ByteCount.words(limits.delimitedFileBytesMax))
            }
            let source = try DelimitedSource(file: file, path: path, limits: limits)
            return try SpreadsheetReader(
                format: .csv(source.encoding), source: source, required: requiredHeadings, limits: limits)
        }
    }

    /// The name of the sheet; of a csv file its name without the extension.
    package var sheetName: String { source.sheetName }

    /// The headings from the first column on, cleaned: no byte order mark, no spaces or line ends, NFC, digits and
    /// letters of half width.
    ///
    /// A column without a heading is an empty string.
    package var headings: [String] { layout.headings }

    /// Returns the next row with content, or nil at the end of the sheet.
    ///
    /// Blank rows are passed over but counted.
    ///
    /// - Throws: a fault of one row, after which the next call goes on with the next row; or a fault with `endsSheet`, which
    ///   every further call throws again.
    package func next() throws(SpreadsheetFault) -> SpreadsheetRow? {
        if let end { throw end }
        do throws(SpreadsheetFault) {
            while let raw = try nextRaw() {
                if let row = try aligned(raw) { return row }
            }
            return nil
        } catch {
            if error.endsSheet { end = error }
            throw error
        }
    }

    private func nextRaw() throws(SpreadsheetFault) -> RawRow? {
        if let row = pending.popFirst() { return row }
        return try source.next()
    }

    /// Puts the cells below their headings; nil when nothing stands below a heading.
    private func aligned(_ raw: RawRow) throws(SpreadsheetFault) -> SpreadsheetRow? {
        var cells = [SpreadsheetCell](repeating: .empty, count: layout.headings.count)
        var hasContent = false
        for (column, cell) in raw.cells where !cell.isBlank {
            if column < cells.count {
                cells[column] = cell
                hasContent = true
            } else if source.hasFixedWidth {
                throw SpreadsheetFault(.extraCells).located(row: raw.number, column: ColumnLetters.letters(column))
            }
        }
        return hasContent ? SpreadsheetRow(number: raw.number, cells: cells, layout: layout) : nil
    }
}
