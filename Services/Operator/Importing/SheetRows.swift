import Spreadsheets

/// The rows of a file one by one, mapped to the API's fields, with rows of the same key told apart.
struct SheetRows {
    /// What comes next.
    enum Item {
        case row(MappedRow)
        /// A row with the key of an earlier one and other content; it is kept in `twins`.
        case twin
        case faults([ImportFault], readable: MappedRow)
        /// A row, or the rest of the file, that cannot be read.
        case unreadable(ImportFault)

        /// Whether it counts as a row of the sheet.
        var isRow: Bool {
            switch self {
            case .row, .twin, .faults: true
            case .unreadable(let fault): fault.row != nil
            }
        }
    }

    /// A row with the key of an earlier one.
    struct Twin {
        let row: MappedRow
        let first: Int
    }

    private let reader: SpreadsheetReader
    private let mapping: RowMapping
    private var hasEnded = false
    /// Rows by the hash of their key.
    ///
    /// Hashes are of this process alone, so that a number in memory tells nothing.
    private var seen: [Int: (row: Int, content: Int)] = [:]
    /// Rows with the key of an earlier one and other content.
    private(set) var twins: [Twin] = []

    init(reader: SpreadsheetReader, mapping: RowMapping) {
        self.reader = reader
        self.mapping = mapping
    }

    mutating func next() -> Item? {
        guard !hasEnded else { return nil }
        do throws(SpreadsheetFault) {
            guard let row = try reader.next() else {
                hasEnded = true
                return nil
            }
            switch mapping.map(row) {
            case .faults(let faults, let readable): return .faults(faults, readable: readable)
            case .row(let row): return told(row)
            }
        } catch {
            hasEnded = error.endsSheet
            var fault = ImportFault(error, sheet: mapping.sheet)
            if error.endsSheet, fault.row != nil {
                fault.message += " 其后的行都没有读入，改正后请重新导入。The rows behind it were not read: correct it and import again."
            }
            return .unreadable(fault)
        }
    }

    private mutating func told(_ row: MappedRow) -> Item {
        guard let key = row.key(mapping.description.key)?.hashValue else { return .row(row) }
        let content = row.fields.hashValue
        guard let first = seen[key] else {
            seen[key] = (row.row, content)
            return .row(row)
        }
        guard first.content != content else { return .row(row) }
        twins.append(Twin(row: row, first: first.row))
        return .twin
    }
}
