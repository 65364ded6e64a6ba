import CTurboJPEG
import Testing

import Pictures

/// Pictures as cameras make them, and the marks in them.
enum Samples {
    /// A JPEG whose left half is black and whose right half is white.
    static func jpeg(width: Int = 64, height: Int = 32) throws -> [UInt8] {
        let pixels = (0..<height).flatMap { _ in
            (0..<width).flatMap { x in [UInt8](repeating: x < width / 2 ? 0 : 255, count: 3) }
        }
        let handle = try #require(tjInitCompress())
        defer { tjDestroy(handle) }
        var output: UnsafeMutablePointer<UInt8>?
        var count: UInt = 0
        let result = tjCompress2(
            handle, pixels, Int32(width), 0, Int32(height), TJPF_RGB.rawValue, &output, &count,
            Int32(bitPattern: TJSAMP_444.rawValue), 90, 0)
        defer { tjFree(output) }
        #expect(result == 0)
        return Array(UnsafeBufferPointer(start: try #require(output), count: Int(count)))
    }

    /// The brightness of a pixel.
    static func brightness(_ file: [UInt8], x: Int, y: Int, width: Int, height: Int) throws -> UInt8 {
        let handle = try #require(tjInitDecompress())
        defer { tjDestroy(handle) }
        var pixels = [UInt8](repeating: 0, count: width * height)
        let result = tjDecompress2(
            handle, file, UInt(file.count), &pixels, Int32(width), 0, Int32(height),
            Int32(TJPF_GRAY.rawValue), 0)
        #expect(result == 0)
        return pixels[y * width + x]
    }

    /// The same JPEG with an EXIF segment: an orientation, and a text that stands for place, time and camera.
    static func withEXIF(_ jpeg: [UInt8], orientation: UInt8, secret: String) -> [UInt8] {
        var tiff: [UInt8] = Array("II".utf8) + [42, 0, 8, 0, 0, 0, 1, 0]
        tiff += [0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0] + Array(secret.utf8)
        let content = Array("Exif".utf8) + [0, 0] + tiff
        return segment(0xe1, content, after: jpeg)
    }

    /// The same JPEG with a segment at its beginning.
    static func segment(_ marker: UInt8, _ content: [UInt8], after jpeg: [UInt8]) -> [UInt8] {
        let length = content.count + 2
        return Array(jpeg.prefix(2)) + [0xff, marker, UInt8(length >> 8), UInt8(length & 0xff)] + content
            + jpeg.dropFirst(2)
    }

    /// A PNG chunk.
    static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + content
        return big(UInt32(content.count)) + body + big(sum(body))
    }

    /// The first bytes of every PNG.
    static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

    /// The sum of ISO 3309, bit by bit.
    private static func sum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1 }
        }
    }

    static func big(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(number >> (24 - 8 * $0) & 0xff) } }

    /// A PNG of one black pixel, with other chunks before the pixels.
    static func png(width: UInt32 = 1, with others: [UInt8] = []) -> [UInt8] {
        signature + chunk("IHDR", big(width) + big(1) + [8, 0, 0, 0, 0]) + others
            + chunk("IDAT", [0x78, 0x9c, 0x63, 0x60, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01]) + chunk("IEND", [])
    }
}

extension [UInt8] {
    /// Whether a text stands somewhere in the bytes.
    func holds(_ text: String) -> Bool { String(decoding: self, as: Unicode.ASCII.self).contains(text) }
}
