import Testing

import Pictures

struct PictureTests {
    private static let secret = "25.4048N 100.5531E"

    @Test func `a JPEG keeps its pixels and loses what it says beside them`() throws {
        let plain = try Samples.jpeg()
        var told = Samples.withEXIF(plain, orientation: 1, secret: Self.secret)
        told = Samples.segment(0xfe, Array("taken by \(Self.secret)".utf8), after: told)
        told = Samples.segment(0xed, Array("iptc \(Self.secret)".utf8), after: told) + Array(Self.secret.utf8)
        #expect(told.holds(Self.secret))
        let picture = try Picture(cleaning: told)
        #expect(picture.format == .jpeg && picture.width == 64 && picture.height == 32)
        #expect(!picture.bytes.holds(Self.secret) && !picture.bytes.holds("Exif"))
        #expect(try picture == Picture(cleaning: plain))
        #expect(try Samples.brightness(picture.bytes, x: 8, y: 8, width: 64, height: 32) < 16)
        #expect(try Samples.brightness(picture.bytes, x: 56, y: 8, width: 64, height: 32) > 239)
    }

    /// Where the black half lies afterwards, by what the camera wrote down.
    @Test(arguments: [
        (UInt8(1), 64, 32, 8, 16), (2, 64, 32, 56, 16), (3, 64, 32, 56, 16), (4, 64, 32, 8, 16), (5, 32, 64, 16, 8),
        (6, 32, 64, 16, 8), (7, 32, 64, 16, 56), (8, 32, 64, 16, 56),
    ])
    func `a JPEG is turned as the camera was held`(
        orientation: UInt8, width: Int, height: Int, blackX: Int, blackY: Int
    ) throws {
        let picture = try Picture(
            cleaning: Samples.withEXIF(Samples.jpeg(), orientation: orientation, secret: Self.secret))
        #expect(picture.width == width && picture.height == height)
        let black = try Samples.brightness(picture.bytes, x: blackX, y: blackY, width: width, height: height)
        let white = try Samples.brightness(
            picture.bytes, x: width - 1 - blackX, y: height - 1 - blackY, width: width, height: height)
        #expect(black < 16 && white > 239)
    }

    @Test func `an orientation that cannot be read turns nothing`() throws {
        let jpeg = try Samples.jpeg()
        for orientation: UInt8 in [0, 9, 255] {
            let picture = try Picture(
                cleaning: Samples.withEXIF(jpeg, orientation: orientation, secret: Self.secret))
            #expect(picture.width == 64)
        }
        // A count of entries that leads out of the segment.
        let endless = Array("Exif".utf8) + [0, 0] + Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 255, 255]
        #expect(try Picture(cleaning: Samples.segment(0xe1, endless, after: jpeg)).width == 64)
    }

    @Test func `a PNG keeps what its pixels need`() throws {
        let others = ["tEXt", "eXIf", "tIME", "iTXt"].flatMap { Samples.chunk($0, Array(Self.secret.utf8)) }
        let told = Samples.png(with: others + Samples.chunk("gAMA", [0, 0, 0xb1, 0x8f])) + Array(Self.secret.utf8)
        let picture = try Picture(cleaning: told)
        #expect(picture.format == .png && picture.width == 1 && picture.height == 1)
        #expect(picture.bytes == Samples.png(with: Samples.chunk("gAMA", [0, 0, 0xb1, 0x8f])))
    }

    @Test func `what is no picture, or not a whole one, is refused`() throws {
        let jpeg = try Samples.jpeg()
        let png = Samples.png()
        var damaged = png
        damaged[20] ^= 1
        let cases: [([UInt8], PictureFault)] = [
            ([], .empty), (Array("GIF89a".utf8), .otherFormat), (Array("<svg/>".utf8), .otherFormat),
            (Array(jpeg.prefix(jpeg.count / 2)), .damaged), ([0xff, 0xd8, 0xff, 0xe0], .damaged),
            (Array(png.dropLast(8)), .damaged), (damaged, .damaged),
            (Samples.signature + Samples.chunk("IEND", []), .damaged),
        ]
        for (file, fault) in cases {
            #expect(throws: fault) { try Picture(cleaning: file) }
        }
    }

    @Test func `a picture is bounded in bytes and pixels`() throws {
        let jpeg = try Samples.jpeg()
        let limits = Picture.Limits(bytesMax: jpeg.count, pixelsMax: 64 * 32)
        #expect(try Picture(cleaning: jpeg, within: limits).width == 64)
        #expect(throws: PictureFault.tooLarge(bytesMax: jpeg.count)) {
            try Picture(cleaning: jpeg + [0], within: limits)
        }
        #expect(throws: PictureFault.tooManyPixels(max: 64 * 32 - 1)) {
            try Picture(cleaning: jpeg, within: Picture.Limits(pixelsMax: 64 * 32 - 1))
        }
        #expect(throws: PictureFault.tooManyPixels(max: 24_000_000)) {
            try Picture(cleaning: Samples.png(width: 24_000_001))
        }
    }
}
