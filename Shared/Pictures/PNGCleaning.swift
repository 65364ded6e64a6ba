/// Cleans PNG files: keeps the chunks that the pixels need (PNG 1.2, 4.1 and 4.2) and no other.
enum PNGCleaning {
    static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

    /// What makes the pixels and their colours; texts, times, EXIF and whatever is private goes.
    private static let kept: Set<String> = ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB"]

    static func cleaned(_ original: [UInt8], pixelsMax: Int) throws(PictureFault) -> Picture {
        var bytes = signature
        bytes.reserveCapacity(original.count)
        var size: (width: Int, height: Int)?
        var hasPixels = false
        var index = signature.count
        while let chunk = Chunk(original, at: index) {
            guard chunk.isWhole(in: original) else { throw .damaged }
            if size == nil {
                guard chunk.name == "IHDR", chunk.content.count == 13 else { throw .damaged }
                let found = (number(original, chunk.content.lowerBound), number(original, chunk.content.lowerBound + 4))
                guard found.0 > 0, found.1 > 0 else { throw .damaged }
                guard found.0 * found.1 <= pixelsMax else { throw .tooManyPixels(max: pixelsMax) }
                size = found
            }
            hasPixels = hasPixels || chunk.name == "IDAT"
            if kept.contains(chunk.name) { bytes += original[chunk.whole] }
            index = chunk.whole.upperBound
            if chunk.name == "IEND" {
                guard let size, hasPixels else { throw .damaged }
                // What lies behind the end is left there.
                return Picture(format: .png, width: size.width, height: size.height, bytes: bytes)
            }
        }
        throw .damaged
    }

    private static func number(_ file: [UInt8], _ offset: Int) -> Int {
        file[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) }
    }

    private struct Chunk {
        let name: String
        let content: Range<Int>
        var whole: Range<Int> { (content.lowerBound - 8)..<(content.upperBound + 4) }

        init?(_ file: [UInt8], at index: Int) {
            guard index + 12 <= file.count else { return nil }
            let length = PNGCleaning.number(file, index)
            guard length <= file.count - index - 12 else { return nil }
            name = String(decoding: file[(index + 4)..<(index + 8)], as: UTF8.self)
            content = (index + 8)..<(index + 8 + length)
        }

        /// Whether the sum of the chunk is right.
        func isWhole(in file: [UInt8]) -> Bool {
            let sum = CRC32.sum(file[(content.lowerBound - 4)..<content.upperBound])
            return sum == UInt32(truncatingIfNeeded: PNGCleaning.number(file, content.upperBound))
        }
    }
}

/// The sum of ISO 3309, as PNG uses it.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1 }
    }

    static func sum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(0xffff_ffff) { sum, byte in table[Int((sum ^ UInt32(byte)) & 0xff)] ^ (sum >> 8) } ^ 0xffff_ffff
    }
}
