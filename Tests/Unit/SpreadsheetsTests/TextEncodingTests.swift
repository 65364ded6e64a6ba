import Testing

import Spreadsheets

@Suite struct TextEncodingTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    // 姓名 龴 U+1E3F U+20000, as Python's codec "gb18030" writes them: two bytes, four bytes of the standard of 2000, two, four.
    private let names: [UInt8] = [0xD0, 0xD5, 0xC3, 0xFB]
    private let comma: [UInt8] = [0x2C]
    private let end: [UInt8] = [0x0D, 0x0A]

    private func open(_ bytes: [UInt8]) throws -> SpreadsheetReader {
        try SpreadsheetReader.open(try folder.file("a.csv", bytes))
    }

    @Test func `UTF-8 is read with and without a byte order mark`() throws {
        for text in ["\u{FEFF}姓名,甲\r\n王,1\r\n", "姓名,甲\r\n王,1\r\n", "\u{FEFF}\"姓名\",甲\r\n王,1\r\n"] {
            let reader = try open(Array(text.utf8))
            #expect(reader.format == .csv(.utf8))
            #expect(reader.headings == ["姓名", "甲"])
            #expect(ReadResult(reader).texts("姓名") == ["王"])
        }
    }

    @Test func `GB18030 is told from UTF-8 and rare characters survive`() throws {
        // 𠀀 (U+20000) is 95 32 82 36; 龴 (U+9FB4) is FE 59 since 2022 and was 82 35 90 37 before; ︐ (U+FE10) was 84 31 82 36.
        let rare: [UInt8] = [
            0x95, 0x32, 0x82, 0x36, 0xFE, 0x59, 0x82, 0x35, 0x90, 0x37, 0x82, 0x35, 0x91, 0x34, 0x84, 0x31, 0x82, 0x36,
        ]
        let reader = try open(names + end + rare + end)
        #expect(reader.format == .csv(.gb18030))
        #expect(ReadResult(reader).texts("姓名") == ["𠀀龴龴龻︐"])
    }

    @Test func `a word that is valid in both encodings is read as Chinese`() throws {
        // 模模 in GB18030 is C4 A3 C4 A3, which UTF-8 reads as ģģ.
        let reader = try open([0xC4, 0xA3, 0xC4, 0xA3] + end + [0x31] + end)
        #expect(reader.headings == ["模模"])
    }

    @Test func `GB18030 that begins after much ASCII is found`() throws {
        var bytes = Array("id,name\n".utf8)
        for number in 0..<20_000 { bytes += Array("\(number),x\n".utf8) }
        bytes += Array("20000,".utf8) + names + [0x0A]
        let reader = try open(bytes)
        #expect(reader.format == .csv(.gb18030))
        #expect(ReadResult(reader).rows.last?["name"]?.text == "姓名")
    }

    @Test func `GB18030 characters that lie across pieces of the file are whole`() throws {
        var bytes: [UInt8] = Array("x,".utf8) + names + end
        for _ in 0..<9_000 {
            bytes += Array("1,".utf8) + [0x95, 0x32, 0x82, 0x36, 0x82, 0x35, 0x90, 0x37, 0xD0, 0xD5, 0x61] + end
        }
        let result = ReadResult(try open(bytes))
        #expect(result.faults.isEmpty)
        #expect(result.rows.count == 9_000)
        #expect(result.rows.allSatisfy { $0["姓名"]?.text == "𠀀龴姓a" })
    }

    @Test func `UTF-16 with its mark is read`() throws {
        let text = "姓名\t甲\r\n𠀀\t1\r\n"
        let little = [0xFF, 0xFE] + text.utf16LittleEndian
        let big = [0xFE, 0xFF] + text.utf16BigEndian
        for bytes in [little, big] { #expect(ReadResult(try open(bytes)).texts("姓名") == ["𠀀"]) }
    }

    @Test func `invalid UTF-8 in the middle refuses its row, by number and column, and no other`() throws {
        var bytes: [UInt8] = Array("姓名,备注\n".utf8)
        for number in 2...9_000 {
            bytes += Array("王\(number),".utf8) + (number == 8_000 ? [0xE5, 0x41] : Array("好".utf8)) + [0x0A]
        }
        let reader = try open(bytes)
        #expect(reader.format == .csv(.utf8))
        let result = ReadResult(reader)
        #expect(result.rows.count == 8_998)
        #expect(result.faults.map(\.code) == [.invalidText])
        #expect(result.faults.first?.row == 8_000)
        #expect(result.faults.first?.column == "B")
    }

    @Test func `a file in UTF-8 with a fault near its start stays UTF-8`() throws {
        let result = ReadResult(try open(Array("姓名,公民身份号码\n".utf8) + [0xFF] + Array(",1\n李,2\n".utf8)))
        #expect(result.texts("姓名") == ["李"])
        #expect(result.faults.map(\.row) == [2])
    }

    @Test func `invalid GB18030 in the middle refuses its row and no other`() throws {
        var bytes: [UInt8] = names + comma + [0xB1, 0xB8, 0xD7, 0xA2] + end
        for number in 2...9_000 {
            let broken: [UInt8] =
                number == 8_000
                ? [0xD0, 0x2C, 0x31] : number == 8_500 ? [0xFF, 0x2C, 0x31] : [0xD0, 0xD5, 0x2C, 0x31]
            bytes += broken + end
        }
        let result = ReadResult(try open(bytes))
        #expect(result.rows.count == 8_997)
        #expect(result.faults.map(\.code) == [.invalidText, .invalidText])
        #expect(result.faults.map(\.row) == [8_000, 8_500])
        #expect(result.faults.map(\.column) == ["A", "A"])
    }

    @Test func `GB18030 cut in the middle of a character refuses the last row`() throws {
        let result = ReadResult(try open(names + end + names + end + names + [0xD0]))
        #expect(result.rows.count == 1)
        #expect(result.faults.map(\.row) == [3])
    }

    @Test func `a zero byte refuses its row`() throws {
        let result = ReadResult(try open(Array((String(repeating: "甲\n", count: 300) + "a\u{0}b\n乙\n").utf8)))
        #expect(result.faults.map(\.row) == [301])
        #expect(result.texts("甲").last == "乙")
    }
}
