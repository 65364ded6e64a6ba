/// Parses csv as RFC 4180 describes it, and what spreadsheet programs make of it: line ends CRLF, LF or CR; quoted fields with
/// line ends and doubled quotes; separated by comma, tab or semicolon, whichever the first lines hold most.
///
/// A row is a record and not a line: a quoted line end does not count. Blank lines count, as in a spreadsheet.
final class DelimitedParser {
    private enum State { case fieldStart, unquoted, quoted, quoteInQuoted }

    private let input: TextInput
    private let limits: SpreadsheetLimits
    private var separator = UInt8(ascii: ",")
    private var chunk: [UInt8] = []
    private var position = 0
    private var afterCarriageReturn = false
    private var rowNumber = 0
    // The record that is being read: the bytes of all its fields, and where each field ends.
    private var state = State.fieldStart
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var hasStrayQuote = false

    init(_ input: TextInput, limits: SpreadsheetLimits) throws(SpreadsheetFault) {
        self.input = input
        self.limits = limits
        if try input.next(&chunk) {
            // A byte order mark that was converted from another encoding, or stands twice.
            if chunk.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
            separator = Self.separator(of: chunk[position...])
        }
    }

    /// Returns the next row with content, or nil at the end.
    func next() throws(SpreadsheetFault) -> RawRow? {
        while try readRecord() {
            rowNumber += 1
            guard rowNumber <= limits.rowsMax else {
                throw SpreadsheetFault(.tooManyRows, String(limits.rowsMax)).located(row: rowNumber)
            }
            if bytes.isEmpty, ends.count == 1 { continue }
            let row = try makeRow()
            if !row.cells.isEmpty { return row }
        }
        return nil
    }

    // MARK: - Records

    /// Reads the bytes of one record; false at the end of the file.
    private func readRecord() throws(SpreadsheetFault) -> Bool {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        state = .fieldStart
        hasStrayQuote = false
        while true {
            if position == chunk.count {
                position = 0
                guard try input.next(&chunk) else { return try endOfFile() }
            }
            let isComplete = consume()
            try checkSize()
            if isComplete { return true }
        }
    }

    /// Takes the record at the end of a file without a last line end.
    private func endOfFile() throws(SpreadsheetFault) -> Bool {
        guard state != .quoted else { throw SpreadsheetFault(.unbalancedQuotes).located(row: rowNumber + 1) }
        guard state != .fieldStart || !ends.isEmpty else { return false }
        ends.append(bytes.count)
        try checkSize()
        return true
    }

    private func checkSize() throws(SpreadsheetFault) {
        if bytes.count - (ends.last ?? 0) > limits.cellBytesMax {
            throw SpreadsheetFault(.cellTooLarge, String(limits.cellBytesMax)).located(row: rowNumber + 1)
        }
        // Separators count too, so that a row of nothing but separators is bounded.
        if bytes.count + ends.count > limits.rowBytesMax {
            throw SpreadsheetFault(.rowTooLarge, String(limits.rowBytesMax)).located(row: rowNumber + 1)
        }
    }

    /// Takes bytes of the chunk up to the end of the record (then true) or of the chunk, in runs of plain bytes.
    private func consume() -> Bool {
        while position < chunk.count {
            if state == .quoted {
                let run = chunk[position...].firstIndex(of: UInt8(ascii: "\"")) ?? chunk.count
                bytes.append(contentsOf: chunk[position..<run])
                position = run
                if position == chunk.count { return false }
                state = .quoteInQuoted
                position += 1
                continue
            }
            if state == .unquoted {
                let run = endOfPlainRun()
                bytes.append(contentsOf: chunk[position..<run])
                position = run
                if position == chunk.count { return false }
            }
            let byte = chunk[position]
            position += 1
            if take(byte) { return true }
        }
        return false
    }

    /// Takes one byte outside of a run; true when it ended the record.
    private func take(_ byte: UInt8) -> Bool {
        if afterCarriageReturn {
            afterCarriageReturn = false
            if byte == UInt8(ascii: "\n") { return false }
        }
        switch byte {
        case separator:
            ends.append(bytes.count)
            state = .fieldStart
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
            ends.append(bytes.count)
            afterCarriageReturn = byte == UInt8(ascii: "\r")
            return true
        case UInt8(ascii: "\"") where state == .fieldStart:
            state = .quoted
        case UInt8(ascii: "\"") where state == .quoteInQuoted:
            bytes.append(byte)
            state = .quoted
        default:
            if state == .quoteInQuoted { hasStrayQuote = true }
            bytes.append(byte)
            state = .unquoted
        }
        return false
    }

    private func endOfPlainRun() -> Int {
        let separator = separator
        return chunk.withUnsafeBufferPointer { buffer in
            var index = position
            while index < buffer.count {
                let byte = buffer[index]
                if byte == separator || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
                index += 1
            }
            return index
        }
    }

    // MARK: - Cells

    private func makeRow() throws(SpreadsheetFault) -> RawRow {
        if hasStrayQuote { throw SpreadsheetFault(.strayQuote).located(row: rowNumber) }
        var row = RawRow(number: rowNumber)
        var start = 0
        for (column, end) in ends.enumerated() {
            if end > start { row.cells.append((column, try cell(bytes[start..<end], column: column))) }
            start = end
        }
        return row
    }

    private func cell(_ field: ArraySlice<UInt8>, column: Int) throws(SpreadsheetFault) -> SpreadsheetCell {
        guard field.count <= limits.cellBytesMax else {
            throw SpreadsheetFault(.cellTooLarge, String(limits.cellBytesMax)).located(row: rowNumber)
        }
        // A zero byte is valid UTF-8, but no text: databases refuse it.
        guard let text = String(validating: field, as: UTF8.self), !field.contains(0) else {
            throw SpreadsheetFault(.invalidText).located(row: rowNumber, column: ColumnLetters.letters(column))
        }
        return SpreadsheetCell(.text, text)
    }

    // MARK: - Separator

    /// The one of comma, tab and semicolon that stands most often in the first ten lines, outside of quotes.
    private static func separator(of chunk: ArraySlice<UInt8>) -> UInt8 {
        let candidates = [UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: ";")]
        var counts = [0, 0, 0]
        var isQuoted = false
        var lines = 0
        for byte in chunk {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard !isQuoted else { continue }
            if let candidate = candidates.firstIndex(of: byte) { counts[candidate] += 1 }
            if byte == UInt8(ascii: "\n") { lines += 1 }
            if lines == 10 { break }
        }
        let most = counts.max() ?? 0
        return counts.firstIndex(of: most).map { candidates[$0] } ?? candidates[0]
    }
}
