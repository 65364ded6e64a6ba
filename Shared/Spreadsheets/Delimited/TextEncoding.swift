/// The encoding of a csv file.
package enum TextEncoding: String, Sendable, Hashable {
    case utf8 = "UTF-8"
    case gb18030 = "GB18030"
    case utf16LittleEndian = "UTF-16LE"
    case utf16BigEndian = "UTF-16BE"

    /// How many bytes at the start of a file are a byte order mark.
    static func byteOrderMarkLength(_ bytes: [UInt8]) -> (encoding: TextEncoding, length: Int)? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if bytes.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
        if bytes.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
        return bytes.starts(with: [0x84, 0x31, 0x95, 0x33]) ? (.gb18030, 4) : nil
    }

    /// Tells the encoding of a file: by its byte order mark, else from the first 64 KiB that hold anything but ASCII.
    static func detect(_ file: FileInput) throws(SpreadsheetFault) -> (encoding: TextEncoding, markLength: Int) {
        let window = 64 << 10
        if let mark = byteOrderMarkLength(try file.peek(4)) { return (mark.encoding, mark.length) }
        var offset = 0
        while true {
            let bytes = try file.bytes(at: offset, count: window)
            if let first = bytes.firstIndex(where: { $0 >= 0x80 }) {
                // A character may begin at the end of the window: 3 bytes more complete it.
                let isWhole = bytes.count < window
                return (guess(bytes[first...], isWhole: isWhole), 0)
            }
            guard bytes.count == window else { return (.utf8, 0) }
            offset += window
        }
    }

    /// Tells UTF-8 from GB18030 by the bytes from the first one that is not ASCII.
    ///
    /// Chinese in GB18030 is hardly ever valid UTF-8, but short words can be (the "联通" trap), and then only as characters of two
    /// bytes; Chinese in UTF-8 has three. A file in UTF-8 with some damage stays UTF-8, so that the damage is reported.
    static func guess(_ bytes: ArraySlice<UInt8>, isWhole: Bool) -> TextEncoding {
        var twoByte = 0
        var longer = 0
        var invalid = 0
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let length = sequenceLength(bytes[index])
            if length > 1, index + length > bytes.endIndex, !isWhole { break }
            let tail = bytes[index...].dropFirst().prefix(max(length - 1, 0))
            if length == 0 || tail.count < length - 1 || !tail.allSatisfy({ $0 & 0xC0 == 0x80 }) {
                invalid += 1
                index += 1
                continue
            }
            if length == 2 { twoByte += 1 } else if length > 2 { longer += 1 }
            index += length
        }
        if longer == 0, twoByte > 0 || invalid > 0 { return .gb18030 }
        return longer > 4 * invalid ? .utf8 : .gb18030
    }

    /// How many bytes a character of UTF-8 has by its first byte; 0 for a byte that begins none.
    private static func sequenceLength(_ lead: UInt8) -> Int {
        switch lead {
        case 0..<0x80: 1
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 0
        }
    }
}
