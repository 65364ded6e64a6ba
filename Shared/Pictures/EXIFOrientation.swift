/// How a camera was held, by tag 0x0112 of EXIF 2.3; upright where a file says nothing that can be read.
///
/// The one thing of EXIF that the pixels need. Read here and not by a library: two dozen lines that cannot leave the bounds
/// of an array.
enum EXIFOrientation: UInt16 {
    case upright = 1
    case mirrored
    case upsideDown
    case mirroredUpsideDown
    case transposed
    case turnedLeft
    case transversed
    case turnedRight

    /// Looks for the first EXIF segment before the pixels.
    init(jpeg file: [UInt8]) {
        var index = 2
        while index + 4 <= file.count, file[index] == 0xff {
            let marker = file[index + 1]
            let length = Int(file[index + 2]) << 8 | Int(file[index + 3])
            // The scan begins, or a marker that has no length.
            guard marker != 0xda, length >= 2, index + 2 + length <= file.count else { break }
            let content = file[(index + 4)..<(index + 2 + length)]
            if marker == 0xe1, content.starts(with: Array("Exif".utf8) + [0, 0]) {
                self = Self(tiff: Array(content.dropFirst(6))) ?? .upright
                return
            }
            index += 2 + length
        }
        self = .upright
    }

    private init?(tiff: [UInt8]) {
        guard tiff.count >= 8 else { return nil }
        let isLittle = tiff.starts(with: Array("II".utf8))
        guard isLittle || tiff.starts(with: Array("MM".utf8)) else { return nil }
        func number(_ offset: Int, _ size: Int) -> Int? {
            guard offset >= 0, offset + size <= tiff.count else { return nil }
            let bytes = tiff[offset..<(offset + size)]
            return (isLittle ? Array(bytes.reversed()) : Array(bytes)).reduce(0) { $0 << 8 | Int($1) }
        }
        guard number(2, 2) == 42, let start = number(4, 4), let count = number(start, 2) else { return nil }
        for entry in 0..<count {
            let offset = start + 2 + entry * 12
            guard let tag = number(offset, 2) else { return nil }
            if tag == 0x0112 {
                guard number(offset + 2, 2) == 3, let value = number(offset + 8, 2) else { return nil }
                self.init(rawValue: UInt16(value))
                return
            }
        }
        return nil
    }
}
