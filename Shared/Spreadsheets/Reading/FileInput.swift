import Foundation

/// A file that is read from the start to the end in pieces.
///
/// Not safe for use by two threads at once.
final class FileInput {
    /// Bytes of the file when it was opened.
    let size: Int
    private let descriptor: Int32

    /// Opens a regular file.
    init(_ path: String) throws(SpreadsheetFault) {
        descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SpreadsheetFault(.unreadableFile) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            Foundation.close(descriptor)
            throw SpreadsheetFault(.unreadableFile)
        }
        size = Int(status.st_size)
    }

    deinit { Foundation.close(descriptor) }

    /// Returns the first bytes without moving on; fewer when the file is shorter.
    func peek(_ count: Int) throws(SpreadsheetFault) -> [UInt8] { try bytes(at: 0, count: count) }

    /// Returns bytes from an offset without moving on.
    func bytes(at offset: Int, count: Int) throws(SpreadsheetFault) -> [UInt8] {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            used = 0
            while used < count {
                let got = pread(descriptor, buffer.baseAddress.map { $0 + used }, count - used, off_t(offset + used))
                if got < 0, errno == EINTR { continue }
                failed = got < 0
                if got <= 0 { break }
                used += got
            }
        }
        if failed { throw SpreadsheetFault(.unreadableFile) }
        return bytes
    }

    /// Appends up to `count` further bytes; returns how many, 0 at the end.
    func read(_ count: Int, into buffer: inout [UInt8]) throws(SpreadsheetFault) -> Int {
        let start = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: count))
        let got = buffer.withUnsafeMutableBytes { bytes in
            var got = 0
            repeat {
                got = Foundation.read(descriptor, bytes.baseAddress.map { $0 + start }, count)
            } while got < 0 && errno == EINTR
            return got
        }
        buffer.removeLast(count - max(got, 0))
        if got < 0 { throw SpreadsheetFault(.unreadableFile) }
        return got
    }
}

/// What the first bytes say about a file.
enum FileSignature {
    case zip, oldWorkbook, binary, text

    init(_ bytes: [UInt8]) {
        let trimmed = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        let isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
            self = .zip
        } else if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
            // The OLE container of .xls, and of .xlsx with a password.
            self = .oldWorkbook
        } else if trimmed.first(where: { $0 > 0x20 }) == UInt8(ascii: "<") {
            // "xls" files of many systems are web pages or XML of Excel 2003.
            self = .oldWorkbook
        } else if bytes.contains(0) && !isUTF16 || bytes.starts(with: Array("%PDF".utf8)) {
            self = .binary
        } else {
            self = .text
        }
    }
}

/// The words for a number of bytes in a message.
enum ByteCount {
    static func words(_ bytes: Int) -> String {
        bytes >= 1 << 20 ? "\(bytes >> 20) MiB" : "\(bytes) B"
    }
}
