import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
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

    /// The sheet as a file that is known by what is in it; nil for JSON, which is no sheet.
    package func answer(_ request: Request, as form: Form) throws -> Response? {
        guard let file = form.file else { return nil }
        return TaggedDocument.answer(
            request, try bytes(file.format), contentType: file.contentType,
            disposition: "attachment; filename=\"\(name).\(form.rawValue)\"")
    }

    /// The sheet as a workbook that no cache may keep.
    package func personalWorkbook() throws -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: Self.workbookType, .contentDisposition: "attachment; filename=\"\(name).xlsx\"",
                .cacheControl: "no-store",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: try bytes(.xlsx))))
    }

    fileprivate static let workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    private func bytes(_ format: SpreadsheetWriter.Format) throws -> [UInt8] {
        try PrivateFolder.use { folder in
            let path = folder.appendingPathComponent("sheet").path
            let writer = try SpreadsheetWriter(
                path, sheetName: sheetName,
                columns: columns.map { SpreadsheetColumn($0.heading, $0.isNumber ? .number : .text, width: $0.width) },
                format: format)
            for row in rows { try writer.append(row.map(\.value)) }
            try writer.close()
            return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        }
    }
}

extension SheetAnswer.Form {
    fileprivate var file: (format: SpreadsheetWriter.Format, contentType: String)? {
        switch self {
        case .json: nil
        case .csv: (.csv, "text/csv; charset=utf-8")
        case .xlsx: (.xlsx, SheetAnswer.workbookType)
        }
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
