import Foundation

/// Takes out of log lines what looks personal or secret: mobile numbers (11 digits from 13 to 19, also after 86), landline
/// numbers, citizen identity numbers (18 places), tokens, passwords in addresses, and values of JSON fields that are named
/// after such things.
///
/// It is the last net under code that must not log such things at all: a name in running text it cannot know.
package enum LogScrubber {
    /// The text with such parts replaced by stars.
    ///
    /// Digits inside longer words (hexadecimal ids) are left alone.
    package static func scrub(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var hidden = LogScan.numbers(in: bytes)
        // Most lines have none of these; one look tells.
        if bytes.contains(0x40) { hidden += LogScan.passwords(in: bytes) }
        if bytes.contains(0x22) { hidden += LogScan.fields(in: bytes) }
        hidden += LogScan.tokens(in: bytes)
        guard !hidden.isEmpty else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var copied = 0
        for range in hidden.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            // Within what is hidden already.
            guard range.upperBound > copied else { continue }
            if range.lowerBound > copied { result.append(contentsOf: bytes[copied..<range.lowerBound]) }
            if range.lowerBound >= copied { result.append(contentsOf: "***".utf8) }
            copied = range.upperBound
        }
        result.append(contentsOf: bytes[copied...])
        return String(decoding: result, as: UTF8.self)
    }

    /// Whether a field of a log line or of JSON is named after something personal or secret, so that its value is hidden
    /// whatever it is.
    package static func isPersonal(field name: some StringProtocol) -> Bool { names.contains(name.lowercased()) }

    private static let names: Set<String> = [
        "name", "contactname", "personname", "fullname", "mobile", "contactmobile", "phone", "telephone", "landline",
        "identitynumber", "idnumber", "birthdate", "address", "password", "passwd", "secret", "token", "accesstoken",
        "authorization", "cookie", "姓名", "联系人", "联系电话", "电话", "手机", "公民身份号码", "身份证号", "住址",
    ]
}

/// Finds the places of a line that the scrubber hides.
enum LogScan {
    /// Numbers of persons.
    static func numbers(in bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var previous: Range<Int>?
        for word in words(in: bytes) {
            defer { previous = word }
            if isPersonal(bytes[word]) {
                found.append(word)
            } else if let area = previous, area.upperBound + 1 == word.lowerBound, bytes[area.upperBound] == 0x2d,
                isAreaCode(bytes[area]), (7...8).contains(word.count), bytes[word].allSatisfy(isDigit)
            {
                found.append(area.lowerBound..<word.upperBound)
            }
        }
        return found
    }

    /// What follows `Bearer`, and JSON web tokens wherever they stand.
    static func tokens(in bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var previous: Range<Int>?
        for word in words(in: bytes, also: tokenSigns) {
            defer { previous = word }
            let isJWT =
                word.count > 20 && bytes[word].starts(with: "eyJ".utf8) && bytes[word].count(where: { $0 == 0x2e }) >= 2
            let follows = previous.map { bytes[$0].map { $0 | 0x20 } == Array("bearer".utf8) } ?? false
            if isJWT || follows && word.count > 8 { found.append(word) }
        }
        return found
    }

    /// The password of an address, `scheme://user:password@host`.
    static func passwords(in bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = 0
        while index + 3 < bytes.count {
            guard bytes[index] == 0x3a, bytes[index + 1] == 0x2f, bytes[index + 2] == 0x2f else {
                index += 1
                continue
            }
            let start = index + 3
            // The authority ends at a slash, a blank or a quotation mark; the last @ in it ends the credentials.
            let end = bytes[start...].firstIndex { $0 == 0x2f || $0 <= 0x20 || $0 == 0x22 } ?? bytes.count
            if let at = bytes[start..<end].lastIndex(of: 0x40), let colon = bytes[start..<at].firstIndex(of: 0x3a) {
                found.append(colon + 1..<at)
            }
            index = end
        }
        return found.filter { !$0.isEmpty }
    }

    /// The values of JSON fields that are named after something personal, `"name":"…"`; also where the JSON stands in a
    /// text with its quotation marks escaped.
    static func fields(in bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        let marks = bytes.indices.filter { bytes[$0] == 0x22 }
        for (place, close) in marks.enumerated() where place > 0 && place + 1 < marks.count {
            let isEscaped = bytes[close - 1] == 0x5c
            let nameEnd = isEscaped ? close - 1 : close
            guard marks[place - 1] + 1 <= nameEnd,
                let name = String(bytes: bytes[marks[place - 1] + 1..<nameEnd], encoding: .utf8),
                LogScrubber.isPersonal(field: name)
            else { continue }
            let open = marks[place + 1]
            guard bytes[close + 1..<open].allSatisfy({ $0 == 0x3a || $0 == 0x20 || $0 == 0x5c }),
                bytes[close + 1..<open].contains(0x3a)
            else { continue }
            let end = marks[(place + 1)...].dropFirst().first { isEscaped || bytes[$0 - 1] != 0x5c } ?? bytes.count
            found.append(open + 1..<(isEscaped && end > open + 1 && end < bytes.count ? end - 1 : end))
        }
        return found.filter { !$0.isEmpty }
    }

    /// `-`, `_`, `.` and what base64 has besides.
    private static let tokenSigns: Set<UInt8> = [0x2d, 0x5f, 0x2e, 0x2b, 0x2f, 0x3d]

    private static func words(in bytes: [UInt8], also signs: Set<UInt8> = []) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start: Int?
        for (index, byte) in bytes.enumerated() {
            if isWordByte(byte) || (!signs.isEmpty && signs.contains(byte)) {
                if start == nil { start = index }
            } else if let begin = start {
                words.append(begin..<index)
                start = nil
            }
        }
        if let begin = start { words.append(begin..<bytes.count) }
        return words
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isAreaCode(_ word: ArraySlice<UInt8>) -> Bool {
        (3...4).contains(word.count) && word.allSatisfy(isDigit) && word.first == 0x30 && word.dropFirst().first != 0x30
    }

    private static func isMobile(_ word: ArraySlice<UInt8>) -> Bool {
        word.count == 11 && word.allSatisfy(isDigit) && word.first == 0x31
            && word.dropFirst().first.map { (0x33...0x39).contains($0) } == true
    }

    private static func isPersonal(_ word: ArraySlice<UInt8>) -> Bool {
        switch word.count {
        case 13: return word.starts(with: "86".utf8) && isMobile(word.dropFirst(2))
        case 18:
            guard word.prefix(17).allSatisfy(isDigit), let last = word.last else { return false }
            return isDigit(last) || last == 0x58 || last == 0x78
        case 11 where isMobile(word): return true
        // A landline without a hyphen.
        case 10...12:
            return word.allSatisfy(isDigit) && word.first == 0x30 && word.dropFirst().first != 0x30
        default: return false
        }
    }
}
