import Foundation
import HTTPTypes
import Hummingbird
import Spreadsheets

/// A report as one sheet, to be saved: csv as Excel reads it without asking, or a workbook.
package struct SheetAnswer: Sendable {
    /// The forms that a report is given in.
    package enum Form: String, Sendable, CaseIterable {
        case json, csv, xlsx
    }

    /// A cell; texts are written as texts, whatever they look like.
    package enum Cell: Sendable, Hashable {
        /// No content.
        case empty
        /// A text.
        case text(String)
        /// A whole number.
        case count(Int)
    }

    /// A column.
    package struct Column: Sendable, Hashable {
        let heading: String
        let isNumber: Bool
        let width: Double

        /// Makes a column; the width is in characters.
        package init(_ heading: String, isNumber: Bool = false, width: Double = 16) {
            self.heading = heading
            self.isNumber = isNumber
            self.width = width
        }
    }

    private let name: String
    private let sheetName: String
    private let columns: [Column]
    private let rows: [[Cell]]

    /// Gathers a sheet.
    ///
    /// - Parameters:
    ///   - name: the name of the file without its ending, ASCII.
    ///   - sheetName: the name of the sheet in a workbook.
    package init(name: String, sheetName: String, columns: [Column], rows: [[Cell]]) {
        self.name = name
        self.sheetName = sheetName
        self.columns = columns
        self.rows = rows
    }

    /// The sheet as a file; nil for JSON, which is no sheet.
    ///
    /// It is made in a folder that nobody else may read, and that is gone before the answer is sent.
    package func answer(_ request: Request, as form: Form) throws -> Response? {
        let (format, type): (SpreadsheetWriter.Format, String)
        switch form {
        case .json: return nil
        case .csv: (format, type) = (.csv, "text/csv; charset=utf-8")
        case .xlsx:
            (format, type) = (.xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sheet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        // A folder that cannot be removed is emptied by the system; nothing can be done about it here.
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("\(name).\(form.rawValue)").path
        let writer = try SpreadsheetWriter(
            path, sheetName: sheetName,
            columns: columns.map { SpreadsheetColumn($0.heading, $0.isNumber ? .number : .text, width: $0.width) },
            format: format)
        for row in rows { try writer.append(row.map(\.value)) }
        try writer.close()
        return TaggedDocument.answer(
            request, Array(try Data(contentsOf: URL(fileURLWithPath: path))), contentType: type,
            disposition: "attachment; filename=\"\(name).\(form.rawValue)\"")
    }
}

extension SheetAnswer.Cell {
    fileprivate var value: SpreadsheetValue {
        switch self {
        case .empty: .empty
        case .text(let text): .text(text)
        case .count(let count): .integer(count)
        }
    }
}
