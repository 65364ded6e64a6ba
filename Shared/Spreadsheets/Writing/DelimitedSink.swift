import Foundation

/// Writes csv: UTF-8 with a byte order mark, comma, CRLF, quotes where RFC 4180 wants them.
final class DelimitedSink: RowSink {
    private let descriptor: Int32
    private var buffer: [UInt8] = [0xEF, 0xBB, 0xBF]

    private static let bufferBytes = 64 << 10
    // Tab and semicolon too: readers that guess the separator must not guess these.
    private static let needsQuotes: [UInt8] = Array("\",\r\n\t;".utf8)

    init(_ path: String) throws(SpreadsheetFault) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SpreadsheetFault(.notWritten, String(cString: strerror(errno))) }
    }

    func append(_ values: [SpreadsheetValue]) throws(SpreadsheetFault) {
        for (index, value) in values.enumerated() {
            if index > 0 { buffer.append(UInt8(ascii: ",")) }
            append(Self.text(value))
        }
        buffer.append(contentsOf: [UInt8(ascii: "\r"), UInt8(ascii: "\n")])
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    func finish() throws(SpreadsheetFault) {
        defer { Foundation.close(descriptor) }
        try flush()
        guard fsync(descriptor) == 0 else { throw SpreadsheetFault(.notWritten, String(cString: strerror(errno))) }
    }

    func abandon() { Foundation.close(descriptor) }

    private func append(_ text: String) {
        let isPlain = text.utf8.allSatisfy { !Self.needsQuotes.contains($0) }
        // Spaces at the ends are quoted, since some readers take them off.
        if isPlain, text.first != " ", text.last != " " {
            buffer.append(contentsOf: text.utf8)
            return
        }
        buffer.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { buffer.append(byte) }
            buffer.append(byte)
        }
        buffer.append(UInt8(ascii: "\""))
    }

    private static func text(_ value: SpreadsheetValue) -> String {
        switch value {
        case .empty: ""
        case .text(let text): text
        case .integer(let number): String(number)
        case .decimal(let number): "\(number)"
        case .date(let date): date.description
        case .dateTime(let moment): "\(moment.date) \(moment.time)"
        case .yesNo(let isYes): isYes ? "是" : "否"
        }
    }

    private func flush() throws(SpreadsheetFault) {
        var written = 0
        while written < buffer.count {
            let result = buffer.withUnsafeBytes { bytes in
                write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if result < 0, errno == EINTR { continue }
            guard result > 0 else { throw SpreadsheetFault(.notWritten, String(cString: strerror(errno))) }
            written += result
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
