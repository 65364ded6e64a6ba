/// Gathers the rows of a sheet as it is parsed.
final class WorksheetHandler: XMLContentHandler {
    /// The type of a cell (attribute `t`).
    private enum CellType { case number, sharedString, text, boolean, error }

    private let strings: SharedStrings
    private let isDate: [Bool]
    private let usesDateSystem1904: Bool
    private let limits: SpreadsheetLimits
    private var rows: [RawRow] = []
    private var taken = 0
    // The row and the cell that are being read.
    private var row = RawRow(number: 0)
    private var rowBytes = 0
    private var column = -1
    private var type = CellType.number
    private var style = 0
    private var value: [UInt8] = []
    private var isInSheetData = false
    private var isInValue = false
    private var isInPhonetic = false

    init(strings: SharedStrings, isDate: [Bool], usesDateSystem1904: Bool, limits: SpreadsheetLimits) {
        self.strings = strings
        self.isDate = isDate
        self.usesDateSystem1904 = usesDateSystem1904
        self.limits = limits
    }

    /// Removes and returns the oldest row that is ready.
    func takeRow() -> RawRow? {
        guard taken < rows.count else {
            rows.removeAll(keepingCapacity: true)
            taken = 0
            return nil
        }
        defer { taken += 1 }
        return rows[taken]
    }

    override func start(_ name: XMLName, _ attributes: XMLAttributes) {
        guard isInSheetData else {
            isInSheetData = name == "sheetData"
            return
        }
        if name == "c" {
            startCell(attributes)
        } else if name == "v" || name == "t" {
            isInValue = !isInPhonetic
        } else if name == "row" {
            startRow(attributes)
        } else if name == "rPh" {
            isInPhonetic = true
        }
    }

    override func end(_ name: XMLName) {
        guard isInSheetData else { return }
        if name == "v" || name == "t" {
            isInValue = false
        } else if name == "c" {
            endCell()
        } else if name == "row" {
            if !row.cells.isEmpty { rows.append(row) }
        } else if name == "rPh" {
            isInPhonetic = false
        } else if name == "sheetData" {
            isInSheetData = false
        }
    }

    override func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard isInValue else { return }
        value.append(contentsOf: bytes)
        if value.count > limits.cellBytesMax { fail(.cellTooLarge, limits.cellBytesMax) }
    }

    // MARK: - Rows and cells

    private func startRow(_ attributes: XMLAttributes) {
        // The number may be left out: then it is the one after the last (ECMA-376 part 1, 18.3.1.73).
        let number = attributes.number("r") ?? row.number + 1
        let isRising = number > row.number
        row = RawRow(number: number)
        rowBytes = 0
        column = -1
        if number > limits.rowsMax { fail(.tooManyRows, limits.rowsMax) }
        if !isRising { fault = SpreadsheetFault(.damagedWorkbook).located(row: number) }
    }

    private func startCell(_ attributes: XMLAttributes) {
        value.removeAll(keepingCapacity: true)
        style = attributes.number("s") ?? 0
        type = Self.type(attributes.bytes("t"))
        let previous = column
        if let reference = attributes.bytes("r") {
            column = ColumnLetters.column(ofReference: reference) ?? -1
        } else {
            column += 1
        }
        guard column > previous, column < ColumnLetters.columnsMax else {
            fault = SpreadsheetFault(.damagedWorkbook).located(row: row.number)
            return
        }
    }

    private static func type(_ bytes: UnsafeBufferPointer<UInt8>?) -> CellType {
        // n, s, b and e are one letter; inlineStr, str (of a formula) and d (ISO 8601) are text.
        guard let bytes, bytes.count == 1 else { return bytes == nil ? .number : .text }
        return switch bytes[0] {
        case UInt8(ascii: "s"): .sharedString
        case UInt8(ascii: "b"): .boolean
        case UInt8(ascii: "e"): .error
        case UInt8(ascii: "n"): .number
        default: .text
        }
    }

    private func endCell() {
        guard !value.isEmpty else { return }
        let cell = value.withUnsafeBufferPointer(makeCell)
        guard let cell else {
            fault = SpreadsheetFault(.damagedWorkbook).located(row: row.number)
            return
        }
        guard !cell.text.isEmpty else { return }
        rowBytes += cell.text.utf8.count
        if rowBytes > limits.rowBytesMax { return fail(.rowTooLarge, limits.rowBytesMax) }
        row.cells.append((column, cell))
    }

    private func makeCell(_ bytes: UnsafeBufferPointer<UInt8>) -> SpreadsheetCell? {
        switch type {
        case .sharedString:
            return DecimalDigits.number(bytes).flatMap { strings[$0] }.map { SpreadsheetCell(.text, $0) }
        case .text:
            return SpreadsheetCell(.text, EscapedText.decode(bytes))
        case .boolean:
            let isTrue = bytes[0] == UInt8(ascii: "1") || bytes[0] == UInt8(ascii: "t")
            return SpreadsheetCell(.boolean, isTrue ? "TRUE" : "FALSE")
        case .error:
            return SpreadsheetCell(.error, String(decoding: bytes, as: UTF8.self))
        case .number:
            let kind: SpreadsheetCell.Kind = isDate.indices.contains(style) && isDate[style] ? .dateSerial : .number
            let text = String(decoding: bytes, as: UTF8.self)
            return SpreadsheetCell(kind, text, usesDateSystem1904: usesDateSystem1904)
        }
    }

    private func fail(_ code: SpreadsheetFault.Code, _ limit: Int) {
        fault = SpreadsheetFault(code, String(limit)).located(row: row.number)
    }
}
