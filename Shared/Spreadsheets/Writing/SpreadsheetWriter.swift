import Foundation

/// Writes a sheet with headings to an xlsx or csv file, row by row, in bounded memory.
///
/// The file appears under its name only when it is whole (`close`); until then, and when the writer is dropped, there is nothing or
/// what was there before. A writer belongs to one task at a time.
package final class SpreadsheetWriter {
    /// The form of the file.
    package enum Format: Sendable, Hashable {
        /// A workbook with one sheet.
        case xlsx
        /// UTF-8 with a byte order mark, CRLF, as Excel reads it without asking.
        case csv
    }

    /// The rows that were written, without the headings.
    package private(set) var rowCount = 0
    private let path: String
    private let temporaryPath: String
    private let columns: [SpreadsheetColumn]
    private let sink: any RowSink
    private var isOpen = true

    /// Rows of a sheet in Excel, without the heading.
    package static let rowsMax = 1_048_575

    /// Begins a file and writes the headings.
    ///
    /// - Parameters:
    ///   - format: nil takes it from the extension of the path; csv for anything but `.xlsx`.
    ///   - sheetName: the name of the sheet; what Excel does not allow in it is left out.
    /// - Throws: `notWritten`.
    package init(
        _ path: String, sheetName: String, columns: [SpreadsheetColumn], format: Format? = nil
    ) throws(SpreadsheetFault) {
        self.path = path
        self.columns = columns
        temporaryPath = "\(path).\(UUID().uuidString).part"
        switch format ?? (path.lowercased().hasSuffix(".xlsx") ? .xlsx : .csv) {
        case .xlsx: sink = try WorkbookSink(temporaryPath, sheetName: sheetName, columns: columns)
        case .csv: sink = try DelimitedSink(temporaryPath)
        }
        do throws(SpreadsheetFault) {
            try sink.append(columns.map { CellText.prepared(.text($0.heading)) })
        } catch {
            discard()
            throw error
        }
    }

    deinit { discard() }

    /// Writes a row; values beyond the columns are refused, missing ones are empty.
    ///
    /// - Throws: `extraCells`, `cellTooLarge` (32 767 characters), `tooManyRows`, `notWritten`, with the row as the spreadsheet counts.
    package func append(_ values: [SpreadsheetValue]) throws(SpreadsheetFault) {
        let row = rowCount + 2
        do throws(SpreadsheetFault) {
            guard isOpen else { throw SpreadsheetFault(.notWritten, "closed") }
            guard values.count <= columns.count else { throw SpreadsheetFault(.extraCells) }
            guard rowCount < Self.rowsMax else { throw SpreadsheetFault(.tooManyRows, String(Self.rowsMax)) }
            let prepared = values.map(CellText.prepared)
            for case .text(let text) in prepared where text.utf8.count > CellText.charactersMax {
                // Excel counts UTF-16; bytes of UTF-8 are never fewer.
                guard text.utf16.count <= CellText.charactersMax else {
                    throw SpreadsheetFault(.cellTooLarge, String(CellText.charactersMax))
                }
            }
            try sink.append(prepared)
            rowCount += 1
        } catch {
            throw error.located(row: row)
        }
    }

    /// Finishes the file and gives it its name.
    ///
    /// - Throws: `notWritten`; nothing is left behind then.
    package func close() throws(SpreadsheetFault) {
        guard isOpen else { throw SpreadsheetFault(.notWritten, "closed") }
        isOpen = false
        do throws(SpreadsheetFault) {
            try sink.finish()
        } catch {
            unlink(temporaryPath)
            throw error
        }
        guard rename(temporaryPath, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(temporaryPath)
            throw SpreadsheetFault(.notWritten, reason)
        }
    }

    /// Gives up the file.
    package func discard() {
        guard isOpen else { return }
        isOpen = false
        sink.abandon()
        unlink(temporaryPath)
    }
}

/// Writes prepared rows in one form.
///
/// After `finish` or `abandon` it is not used again.
protocol RowSink: AnyObject {
    func append(_ values: [SpreadsheetValue]) throws(SpreadsheetFault)
    func finish() throws(SpreadsheetFault)
    func abandon()
}

/// The text of cells as it is written.
enum CellText {
    /// Characters (UTF-16) of a cell in Excel.
    static let charactersMax = 32_767
    /// Beyond 15 digits Excel puts zeros.
    private static let integerMax = 999_999_999_999_999

    /// Returns a value whose text may be written as it is.
    static func prepared(_ value: SpreadsheetValue) -> SpreadsheetValue {
        switch value {
        case .text(let text): text.isEmpty ? .empty : .text(FormulaGuard.added(to: writable(text)))
        case .integer(let number) where number.magnitude > integerMax: .text(String(number))
        case .yesNo(let isYes): .text(isYes ? "是" : "否")
        case .date(let date) where date.serial == nil: .text(date.description)
        case .dateTime(let moment) where moment.date.serial == nil: .text(moment.description)
        default: value
        }
    }

    /// Returns text without the control characters that XML cannot hold; tab, CR and LF stay.
    static func writable(_ text: String) -> String {
        let isSound: (Unicode.Scalar) -> Bool = { scalar in
            switch scalar.value {
            case 0x09, 0x0A, 0x0D: true
            case 0..<0x20, 0x7F, 0xFFFE, 0xFFFF: false
            default: true
            }
        }
        if text.unicodeScalars.allSatisfy(isSound) { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.filter(isSound)))
    }
}
