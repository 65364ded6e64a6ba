/// Takes out of log lines what looks like a person's number: mobile numbers (11 digits from 13 to 19) and citizen
/// identity numbers (18 places).
///
/// It is the last net under code that must not log such things at all.
package enum LogScrubber {
    /// The text with such numbers replaced by stars.
    ///
    /// Digits inside longer words (hexadecimal ids) are left alone.
    package static func scrub(_ text: String) -> String {
        // Most lines have no long run of digits; they are given back without a copy.
        guard let first = nextNumber(in: text.utf8, from: text.utf8.startIndex) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        var copied = text.utf8.startIndex
        var found: Range<String.UTF8View.Index>? = first
        while let number = found {
            result.append(contentsOf: text.utf8[copied..<number.lowerBound])
            result.append(contentsOf: "***".utf8)
            copied = number.upperBound
            found = nextNumber(in: text.utf8, from: copied)
        }
        result.append(contentsOf: text.utf8[copied...])
        return String(decoding: result, as: UTF8.self)
    }

    private static func nextNumber(
        in bytes: String.UTF8View, from start: String.UTF8View.Index
    ) -> Range<String.UTF8View.Index>? {
        var index = start
        while index < bytes.endIndex {
            guard isWordByte(bytes[index]) else {
                index = bytes.index(after: index)
                continue
            }
            var end = index
            while end < bytes.endIndex, isWordByte(bytes[end]) { end = bytes.index(after: end) }
            if isPersonal(bytes[index..<end]) { return index..<end }
            index = end
        }
        return nil
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isPersonal(_ word: Substring.UTF8View) -> Bool {
        switch word.count {
        case 11:
            return word.allSatisfy(isDigit) && word.first == 0x31
                && word.dropFirst().first.map { (0x33...0x39).contains($0) } == true
        case 18:
            guard word.prefix(17).allSatisfy(isDigit), let last = word.last else { return false }
            return isDigit(last) || last == 0x58 || last == 0x78
        default: return false
        }
    }
}
