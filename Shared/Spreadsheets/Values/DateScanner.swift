/// Reads dates and times in the forms that people write.
struct DateScanner {
    private let characters: [UInt8]
    private var position = 0

    /// Takes text of half or full width; nil when it has a character that no date has.
    init?(_ text: String) {
        var characters: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard let character = Self.character(TextCleaning.halfWidth(scalar)) else { return nil }
            characters.append(character)
        }
        self.characters = characters
    }

    /// The Chinese words of a date become one letter each: Y M D H m s.
    private static func character(_ scalar: Unicode.Scalar) -> UInt8? {
        switch scalar {
        case "0"..."9", "-", "/", ".", ":", "T": UInt8(ascii: scalar)
        case "年": UInt8(ascii: "Y")
        case "月": UInt8(ascii: "M")
        case "日", "号": UInt8(ascii: "D")
        case "时", "点": UInt8(ascii: "H")
        case "分": UInt8(ascii: "m")
        case "秒": UInt8(ascii: "s")
        default: TextCleaning.isSpace(scalar) ? UInt8(ascii: " ") : nil
        }
    }

    /// Reads a date that is the whole text, or is followed by midnight and nothing else; `hasTime` tells another time.
    static func date(_ text: String) -> (date: SpreadsheetDate, hasTime: Bool)? {
        guard var scanner = DateScanner(text), let date = scanner.scanDate() else { return nil }
        scanner.skipSpaces()
        if scanner.isAtEnd { return (date, false) }
        _ = scanner.skip("T")
        guard let time = scanner.scanTime(), scanner.isAtEnd else { return nil }
        return (date, time.secondsSinceMidnight != 0)
    }

    /// Reads a date and a time with a space or a `T` between them.
    static func dateTime(_ text: String) -> SpreadsheetDateTime? {
        guard var scanner = DateScanner(text), let date = scanner.scanDate() else { return nil }
        let start = scanner.position
        scanner.skipSpaces()
        _ = scanner.skip("T")
        // After 日 nothing need stand; after a digit something must.
        let previous = scanner.characters[start - 1]
        guard scanner.position > start || previous == UInt8(ascii: "D") else { return nil }
        guard let time = scanner.scanTime(), scanner.isAtEnd else { return nil }
        return SpreadsheetDateTime(date: date, time: time)
    }

    /// Reads a time that is the whole text.
    static func time(_ text: String) -> SpreadsheetTime? {
        guard var scanner = DateScanner(text), let time = scanner.scanTime(), scanner.isAtEnd else { return nil }
        return time
    }

    // MARK: - Parts

    /// `2021-05-07`, `2021/5/7`, `2021.5.7`, `2021年5月7日`, `20210507`; the year always has four digits and comes first.
    private mutating func scanDate() -> SpreadsheetDate? {
        guard let first = scanDigits(8) else { return nil }
        if first.count == 8 {
            return SpreadsheetDate(year: first.value / 10_000, month: first.value / 100 % 100, day: first.value % 100)
        }
        guard first.count == 4 else { return nil }
        skipSpaces()
        let separators: [(UInt8, UInt8)] = [("-", "-"), ("/", "/"), (".", "."), ("Y", "M")].map {
            (UInt8(ascii: $0.0), UInt8(ascii: $0.1))
        }
        guard let found = separators.first(where: { position < characters.count && $0.0 == characters[position] }),
            let month = scanPart(after: found.0), let day = scanPart(after: found.1)
        else { return nil }
        let afterDay = position
        skipSpaces()
        if found.0 != UInt8(ascii: "Y") || !skip("D") { position = afterDay }
        return SpreadsheetDate(year: first.value, month: month, day: day)
    }

    private mutating func scanPart(after separator: UInt8) -> Int? {
        skipSpaces()
        guard position < characters.count, characters[position] == separator else { return nil }
        position += 1
        skipSpaces()
        return scanDigits(2)?.value
    }

    /// `7:50`, `07:50:00`, `07:50:00.000`, `7时50分`, `7时50分00秒`.
    private mutating func scanTime() -> SpreadsheetTime? {
        guard let hour = scanDigits(2)?.value else { return nil }
        let isChinese = skip("H")
        guard isChinese || skip(":"), let minute = scanDigits(2), isChinese || minute.count == 2 else { return nil }
        var second = 0
        if isChinese {
            guard skip("m") else { return nil }
            if let digits = scanDigits(2) {
                guard skip("s") else { return nil }
                second = digits.value
            }
        } else if skip(":") {
            guard let digits = scanDigits(2), digits.count == 2 else { return nil }
            second = digits.value
            if skip("."), scanDigits(9) == nil { return nil }
        }
        return SpreadsheetTime(hour: hour, minute: minute.value, second: second)
    }

    private mutating func scanDigits(_ countMax: Int) -> (value: Int, count: Int)? {
        var value = 0
        let start = position
        while position < characters.count, (0x30...0x39).contains(characters[position]) {
            value = value * 10 + Int(characters[position] - 0x30)
            position += 1
            guard position - start <= countMax else { return nil }
        }
        return position > start ? (value, position - start) : nil
    }

    private mutating func skipSpaces() {
        while skip(" ") {}
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < characters.count, characters[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private var isAtEnd: Bool { position == characters.count }
}
