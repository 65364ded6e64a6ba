import Foundation

/// Gives the content of a file as UTF-8, piece by piece.
///
/// Bytes that the encoding does not allow become one byte 0xFF, which is nowhere valid in UTF-8: the row that it is in is then
/// refused, and the rows after it are read as usual. Every byte of a GB18030 character but the first is outside of the separators
/// of csv, so no separator is lost over damage.
final class TextInput {
    /// The encoding of the file.
    let encoding: TextEncoding
    private let file: FileInput
    private let converter: iconv_t?
    private var undecoded: [UInt8] = []
    private var atEnd = false

    private static let chunk = 64 << 10
    private static let damage: UInt8 = 0xFF

    /// Stands at the start of the file, after a byte order mark.
    init(_ file: FileInput) throws(SpreadsheetFault) {
        let detected = try TextEncoding.detect(file)
        self.file = file
        encoding = detected.encoding
        if encoding == .utf8 {
            converter = nil
        } else {
            let opened = iconv_open("UTF-8", encoding.rawValue)
            // iconv_open gives (iconv_t)-1 when the C library has no such converter.
            guard opened != iconv_t(bitPattern: -1) else {
                throw SpreadsheetFault(.unknownEncoding, encoding.rawValue)
            }
            converter = opened
        }
        var mark: [UInt8] = []
        _ = try file.read(detected.markLength, into: &mark)
    }

    deinit {
        if let converter { iconv_close(converter) }
    }

    /// Replaces the buffer by the next piece; false at the end of the file.
    func next(_ buffer: inout [UInt8]) throws(SpreadsheetFault) -> Bool {
        buffer.removeAll(keepingCapacity: true)
        while buffer.isEmpty, !atEnd {
            if let converter {
                atEnd = try file.read(Self.chunk, into: &undecoded) == 0
                decode(converter, into: &buffer)
            } else {
                atEnd = try file.read(Self.chunk, into: &buffer) == 0
            }
        }
        return !buffer.isEmpty
    }

    /// Decodes what is there; the bytes of an unfinished character stay for the next time.
    private func decode(_ converter: iconv_t, into buffer: inout [UInt8]) {
        var done = 0
        while done < undecoded.count {
            let step = convert(converter, from: done, into: &buffer)
            done += step.consumed
            switch step.problem {
            case 0, E2BIG: continue
            case EINVAL where !atEnd:
                undecoded.removeFirst(done)
                return
            default:
                if let (character, length) = GB18030Supplement.character(undecoded[done...]), encoding == .gb18030 {
                    buffer.append(contentsOf: String(character).utf8)
                    done += length
                } else {
                    buffer.append(Self.damage)
                    done += encoding == .gb18030 ? 1 : 2
                }
            }
        }
        undecoded.removeAll(keepingCapacity: true)
    }

    /// Converts up to the end or the first problem.
    private func convert(
        _ converter: iconv_t, from start: Int, into buffer: inout [UInt8]
    ) -> (consumed: Int, problem: Int32) {
        // Two bytes of either encoding become at most three of UTF-8.
        let room = (undecoded.count - start) * 2 + 16
        let filled = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: room))
        var inputLeft = undecoded.count - start
        var outputLeft = room
        var problem: Int32 = 0
        undecoded.withUnsafeMutableBytes { input in
            buffer.withUnsafeMutableBytes { output in
                var inputPosition = input.baseAddress.map { ($0 + start).assumingMemoryBound(to: CChar.self) }
                var outputPosition = output.baseAddress.map { ($0 + filled).assumingMemoryBound(to: CChar.self) }
                let result = iconv(converter, &inputPosition, &inputLeft, &outputPosition, &outputLeft)
                // (size_t)-1; any other result counts characters without an exact equal, of which UTF-8 has none.
                if result == -1 { problem = errno }
            }
        }
        buffer.removeLast(outputLeft)
        return (undecoded.count - start - inputLeft, problem)
    }
}

/// Characters whose four-byte form in GB 18030-2000 and -2005 the converter of the C library refuses.
///
/// GB 18030-2022 gave these 18 characters two bytes, and glibc (2.36) knows only those; older programs still write four.
enum GB18030Supplement {
    /// Returns the character at the start of the bytes, and its length, when it is one of the 18.
    static func character(_ bytes: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
        guard bytes.count >= 4 else { return nil }
        let four = bytes.prefix(4).map(Int.init)
        guard (0x30...0x39).contains(four[1]), (0x30...0x39).contains(four[3]) else { return nil }
        // 82 35 90 37 is U+9FB4 … U+9FBB; 84 31 82 36 is U+FE10 … U+FE19.
        let index = linear(four)
        let blocks: [(first: [Int], scalar: UInt32, count: Int)] = [
            ([0x82, 0x35, 0x90, 0x37], 0x9FB4, 8), ([0x84, 0x31, 0x82, 0x36], 0xFE10, 10),
        ]
        for block in blocks {
            let offset = index - linear(block.first)
            if (0..<block.count).contains(offset) {
                return Unicode.Scalar(block.scalar + UInt32(offset)).map { ($0, 4) }
            }
        }
        return nil
    }

    private static func linear(_ four: [Int]) -> Int {
        ((four[0] * 10 + four[1] - 0x30) * 126 + four[2] - 0x81) * 10 + four[3] - 0x30
    }
}
