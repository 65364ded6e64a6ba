import CXlsxwriter
import Foundation

/// Writes an xlsx file by libxlsxwriter in its constant memory mode: a row goes to a temporary file when the next one begins.
final class WorkbookSink: RowSink {
    // Owned here; freed by workbook_close or lxw_workbook_free, whichever `finish` or `abandon` calls.
    private let workbook: UnsafeMutablePointer<lxw_workbook>
    private let sheet: UnsafeMutablePointer<lxw_worksheet>
    private let formats: Formats
    private var row: lxw_row_t = 0

    private struct Formats {
        var text, date, dateTime, heading: UnsafeMutablePointer<lxw_format>?
    }

    init(_ path: String, sheetName: String, columns: [SpreadsheetColumn]) throws(SpreadsheetFault) {
        // The library would find out only when it closes the file.
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard access(folder, W_OK) == 0 else {
            throw SpreadsheetFault(.notWritten, String(cString: strerror(errno)))
        }
        var options = lxw_workbook_options(constant_memory: 1, tmpdir: nil, use_zip64: 0)
        guard let workbook = workbook_new_opt(path, &options) else {
            throw SpreadsheetFault(.notWritten, "libxlsxwriter")
        }
        guard let sheet = workbook_add_worksheet(workbook, Self.allowed(sheetName)) else {
            lxw_workbook_free(workbook)
            throw SpreadsheetFault(.notWritten, "libxlsxwriter")
        }
        self.workbook = workbook
        self.sheet = sheet
        formats = Self.formats(workbook)
        for (index, column) in columns.enumerated() {
            let format =
                switch column.kind {
                case .text: formats.text
                case .number: UnsafeMutablePointer<lxw_format>?.none
                case .date: formats.date
                case .dateTime: formats.dateTime
                }
            let position = lxw_col_t(index)
            worksheet_set_column(sheet, position, position, column.width, format)
        }
        worksheet_freeze_panes(sheet, 1, 0)
    }

    func append(_ values: [SpreadsheetValue]) throws(SpreadsheetFault) {
        for (index, value) in values.enumerated() {
            let result = write(value, at: lxw_col_t(index))
            guard result == LXW_NO_ERROR else {
                throw SpreadsheetFault(.notWritten, String(cString: lxw_strerror(result)))
            }
        }
        row += 1
    }

    func finish() throws(SpreadsheetFault) {
        let result = workbook_close(workbook)
        guard result == LXW_NO_ERROR else {
            throw SpreadsheetFault(.notWritten, String(cString: lxw_strerror(result)))
        }
    }

    func abandon() { lxw_workbook_free(workbook) }

    private func write(_ value: SpreadsheetValue, at column: lxw_col_t) -> lxw_error {
        switch value {
        case .empty, .yesNo:
            // A truth value was made text before.
            return LXW_NO_ERROR
        case .text(let text):
            let format = row == 0 ? formats.heading : formats.text
            return worksheet_write_string(sheet, row, column, EscapedText.encode(text), format)
        case .integer(let number):
            return worksheet_write_number(sheet, row, column, Double(number), nil)
        case .decimal(let number):
            return worksheet_write_number(sheet, row, column, NSDecimalNumber(decimal: number).doubleValue, nil)
        case .date(let date):
            return worksheet_write_number(sheet, row, column, Double(date.serial ?? 0), formats.date)
        case .dateTime(let moment):
            let serial = Double(moment.date.serial ?? 0) + Double(moment.time.secondsSinceMidnight) / 86_400
            return worksheet_write_number(sheet, row, column, serial, formats.dateTime)
        }
    }

    private static func formats(_ workbook: UnsafeMutablePointer<lxw_workbook>) -> Formats {
        func format(_ code: String) -> UnsafeMutablePointer<lxw_format>? {
            let format = workbook_add_format(workbook)
            format_set_num_format(format, code)
            return format
        }
        let heading = format("@")
        format_set_bold(heading)
        return Formats(
            text: format("@"), date: format("yyyy-mm-dd"), dateTime: format("yyyy-mm-dd hh:mm:ss"), heading: heading)
    }

    /// A name that Excel allows: at most 31 characters, none of []:*?/\, no apostrophe at its ends.
    private static func allowed(_ name: String) -> String {
        var kept = String(CellText.writable(name).filter { !"[]:*?/\\".contains($0) && !$0.isNewline })
        while kept.utf16.count > 31 { kept.removeLast() }
        kept = kept.trimmingCharacters(in: CharacterSet(charactersIn: "'"))
        return kept.isEmpty ? "Sheet1" : kept
    }
}
