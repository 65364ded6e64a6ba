import Spreadsheets

/// What is wrong with a row: where, what, and what to do.
///
/// It never holds a personal value.
package struct ImportFault: Codable, Sendable, Hashable {
    /// The name of the file.
    package var sheet: String
    /// The row as the spreadsheet counts, heading = 1; nil when the whole file is meant.
    package var row: Int?
    /// The heading of the column; nil when the whole row is meant.
    package var column: String?
    /// A stable code.
    package var code: String
    /// Cause and next step, Chinese first.
    package var message: String
    /// Whether another row of this import is to blame; not part of the report, which says so in words.
    package var isConsequence = false

    /// Makes a fault.
    package init(sheet: String, row: Int?, column: String?, code: String, message: String) {
        self.sheet = sheet
        self.row = row
        self.column = column
        self.code = code
        self.message = message
    }

    /// Takes over a fault of the reader.
    package init(_ fault: SpreadsheetFault, sheet: String, row: Int? = nil) {
        self.init(
            sheet: sheet, row: fault.row ?? row, column: fault.column, code: fault.code.rawValue, message: fault.message
        )
    }

    /// The fault on one line: `26_网格事件.csv 第12行 经度: …`.
    package var line: String {
        let place = [sheet, row.map { "第\($0)行" }, column].compactMap(\.self).joined(separator: " ")
        return "\(place): \(message)"
    }

    private enum CodingKeys: String, CodingKey { case sheet, row, column, code, message }

    /// Writes every key, so that readers of the report need not ask whether it is there.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(sheet, forKey: .sheet)
        try container.encode(row, forKey: .row)
        try container.encode(column, forKey: .column)
        try container.encode(code, forKey: .code)
        try container.encode(message, forKey: .message)
    }
}

/// What became of the rows of a file.
package struct SheetOutcome: Codable, Sendable, Hashable {
    /// The name of the file.
    package var sheet: String
    /// Rows below the headings.
    package var rows = 0
    /// Rows that changed something.
    package var accepted = 0
    /// Rows that said nothing new.
    package var unchanged = 0
    /// Rows that were refused, here or by the service.
    package var rejected = 0

    /// Begins at nothing.
    package init(sheet: String) { self.sheet = sheet }
}

/// The report of an import.
package struct ImportReport: Codable, Sendable, Hashable {
    /// Each file that was imported.
    package var sheets: [SheetOutcome] = []
    /// What is wrong, in the order of files and rows.
    package var faults: [ImportFault] = []
    /// Files of sheets that no service takes yet.
    package var notYet: [String] = []

    /// Begins at nothing.
    package init() {}

    /// What the exit code says of it.
    package var status: ExitStatus { faults.isEmpty ? .success : .rowsRejected }
}
