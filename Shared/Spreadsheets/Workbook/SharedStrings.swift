/// The texts of a workbook that cells name by number, in one block of memory.
final class SharedStrings: XMLContentHandler {
    private let bytesMax: Int
    private let cellBytesMax: Int
    private var bytes: [UInt8] = []
    private var ends: [UInt32] = []
    private var isInText = false
    private var isInPhonetic = false

    /// Makes an empty table; `sharedStringBytesMax` bounds it.
    init(limits: SpreadsheetLimits) {
        // The ends are 32 bits wide.
        bytesMax = min(limits.sharedStringBytesMax, Int(UInt32.max))
        cellBytesMax = limits.cellBytesMax
    }

    /// How many texts there are.
    var count: Int { ends.count }

    /// Returns a text, or nil when there is none of that number.
    subscript(index: Int) -> String? {
        guard ends.indices.contains(index) else { return nil }
        let start = index == 0 ? 0 : Int(ends[index - 1])
        return bytes.withUnsafeBufferPointer { buffer in
            EscapedText.decode(UnsafeBufferPointer(rebasing: buffer[start..<Int(ends[index])]))
        }
    }

    override func start(_ name: XMLName, _ attributes: XMLAttributes) {
        if name == "t" { isInText = !isInPhonetic } else if name == "rPh" { isInPhonetic = true }
    }

    override func end(_ name: XMLName) {
        if name == "t" {
            isInText = false
        } else if name == "rPh" {
            isInPhonetic = false
        } else if name == "si" {
            if bytes.count - Int(ends.last ?? 0) > cellBytesMax {
                fault = SpreadsheetFault(.cellTooLarge, String(cellBytesMax))
                return
            }
            ends.append(UInt32(bytes.count))
            checkSize()
        }
    }

    override func text(_ piece: UnsafeBufferPointer<UInt8>) {
        guard isInText else { return }
        bytes.append(contentsOf: piece)
        checkSize()
    }

    private func checkSize() {
        if bytes.count + ends.count * 4 > bytesMax {
            fault = SpreadsheetFault(.tooManyStrings, ByteCount.words(bytesMax))
        }
    }
}

/// Text in which characters that XML cannot hold are written `_x000D_` (ECMA-376 part 1, 22.9.2.19).
enum EscapedText {
    /// Returns the text with the escapes undone.
    static func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        // libxml2 gives valid UTF-8 only, whatever the encoding of the part.
        let text = String(decoding: bytes, as: UTF8.self)
        guard bytes.contains(UInt8(ascii: "_")), text.utf8.count >= 7 else { return text }
        var result = ""
        var rest = text[...]
        while let underscore = rest.firstIndex(of: "_") {
            result += rest[..<underscore]
            rest = rest[underscore...]
            if let scalar = escape(rest) {
                result.unicodeScalars.append(scalar)
                rest = rest.dropFirst(7)
            } else {
                result += "_"
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }

    /// Returns text that decodes to the same: an underscore that would begin an escape is itself written `_x005F_`.
    static func encode(_ text: String) -> String {
        guard text.utf8.count >= 7, text.contains("_x") else { return text }
        var result = ""
        var rest = text[...]
        while let underscore = rest.firstIndex(of: "_") {
            result += rest[..<underscore]
            rest = rest[underscore...]
            result += escape(rest) == nil ? "_" : "_x005F_"
            rest = rest.dropFirst()
        }
        return result + rest
    }

    private static func escape(_ text: Substring) -> Unicode.Scalar? {
        let seven = Array(text.utf8.prefix(7))
        guard seven.count == 7, seven[1] == UInt8(ascii: "x"), seven[6] == UInt8(ascii: "_") else { return nil }
        let digits = String(decoding: seven[2..<6], as: UTF8.self)
        guard digits.allSatisfy(\.isHexDigit) else { return nil }
        // Zero is no text, and a half of a surrogate pair is no character: both stay as they are written.
        return UInt32(digits, radix: 16).flatMap { $0 == 0 ? nil : Unicode.Scalar($0) }
    }
}
