import Foundation
import Testing

import Spreadsheets

@Suite struct WriterTests {
    private let folder: TestFolder
    private let columns = [
        SpreadsheetColumn("姓名"), SpreadsheetColumn("编码"), SpreadsheetColumn("数量", .number),
        SpreadsheetColumn("经度", .number),
        SpreadsheetColumn("日期", .date), SpreadsheetColumn("时间", .dateTime), SpreadsheetColumn("党员"),
    ]

    init() throws { folder = try TestFolder() }

    private func writeSample(_ name: String) throws -> String {
        let path = folder.path(name)
        let date = try #require(SpreadsheetDate(year: 2021, month: 5, day: 7))
        let time = try #require(SpreadsheetTime(hour: 7, minute: 50))
        let writer = try SpreadsheetWriter(path, sheetName: "人才[台账]:1", columns: columns)
        try writer.append([
            .text("王,\"小\"明\r\n𠀀"), .text("532923100001001"), .integer(12),
            .decimal(try #require(Decimal(string: "100.585306"))),
            .date(date), .dateTime(SpreadsheetDateTime(date: date, time: time)), .yesNo(true),
        ])
        try writer.append([.empty, .integer(990_000_198_006_090_031), .integer(-3)].compactMap { $0 })
        try writer.append([.text("_x000D_"), .text("a\u{1}b\u{0}"), .empty, .empty, .empty, .empty, .yesNo(false)])
        try writer.close()
        #expect(writer.rowCount == 3)
        return path
    }

    @Test(arguments: ["a.xlsx", "a.csv"])
    func `what is written is read again`(name: String) throws {
        let reader = try SpreadsheetReader.open(try writeSample(name))
        #expect(reader.headings == columns.map(\.heading))
        let result = ReadResult(reader)
        #expect(result.faults.isEmpty)
        try #require(result.rows.map(\.number) == [2, 3, 4])
        let row = result.rows[0]
        #expect(try row.read("姓名") { try $0.trimmedText() } == "王,\"小\"明\n𠀀")
        #expect(row["编码"]?.kind == .text)
        #expect(try row.read("编码") { try $0.longNumber() } == "532923100001001")
        #expect(try row.read("数量") { try $0.integer() } == 12)
        #expect(try row.read("经度") { try $0.decimal() } == Decimal(string: "100.585306"))
        #expect(try row.read("日期") { try $0.date() }.description == "2021-05-07")
        #expect(try row.read("时间") { try $0.dateTime() }.description == "2021-05-07T07:50:00")
        #expect(try row.read("党员") { try $0.yesNo() })
        #expect(try result.rows[1].read("编码") { try $0.longNumber() } == "990000198006090031")
        #expect(try result.rows[1].read("数量") { try $0.integer() } == -3)
        #expect(result.texts("姓名")[2] == "_x000D_")
        #expect(result.texts("编码")[2] == "ab")
    }

    @Test func `a csv file has a byte order mark, CRLF, and dates with hyphens`() throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: try writeSample("a.csv")))
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]))
        #expect(
            text.contains("\"王,\"\"小\"\"明\r\n𠀀\",532923100001001,12,100.585306,2021-05-07,2021-05-07 07:50:00,是\r\n"))
        #expect(text.hasSuffix("_x000D_,ab,,,,,否\r\n"))
    }

    @Test func `a workbook keeps dates as dates and names its sheet as Excel allows`() throws {
        let reader = try SpreadsheetReader.open(try writeSample("a.xlsx"))
        #expect(reader.format == .xlsx)
        #expect(reader.sheetName == "人才台账1")
        #expect(try reader.next()?["日期"] == SpreadsheetCell(.dateSerial, "44323"))
    }

    @Test(arguments: ["a.xlsx", "a.csv"])
    func `cells that begin like a formula get an apostrophe, and lose it when they are read`(name: String) throws {
        let texts = ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1", "\r\n=1", "a=1", "'a"]
        let writer = try SpreadsheetWriter(folder.path(name), sheetName: "a", columns: [SpreadsheetColumn("=甲")])
        for text in texts { try writer.append([.text(text)]) }
        try writer.append([.integer(-1)])
        try writer.close()
        let result = ReadResult(try SpreadsheetReader.open(folder.path(name), requiredHeadings: ["'=甲"]))
        let written = result.texts("'=甲").map { $0.replacing("\r\n", with: "\n").replacing("\r", with: "\n") }
        #expect(written == ["'=1+1", "'+86", "'-1", "'@SUM(A1)", "'\t=1", "'\n=1", "'\n=1", "a=1", "'a", "-1"])
        #expect(try result.rows[0].cells[0].trimmedText() == "=1+1")
        #expect(try result.rows[8].cells[0].trimmedText() == "'a")
    }

    @Test(arguments: ["a.xlsx", "a.csv"])
    func `a file appears only when it is whole`(name: String) throws {
        _ = try folder.file(name, "before")
        do {
            let writer = try SpreadsheetWriter(folder.path(name), sheetName: "a", columns: columns)
            try writer.append([.text("甲")])
        }
        #expect(try folder.names == [name])
        #expect(try String(contentsOfFile: folder.path(name), encoding: .utf8) == "before")
        let writer = try SpreadsheetWriter(folder.path(name), sheetName: "a", columns: columns)
        try writer.close()
        #expect(try folder.names == [name])
        #expect(try SpreadsheetReader.open(folder.path(name)).headings == columns.map(\.heading))
        #expect(fault { try writer.append([]) }?.code == .notWritten)
    }

    @Test(arguments: ["a.xlsx", "a.csv"])
    func `what does not fit is refused with its row`(name: String) throws {
        let writer = try SpreadsheetWriter(folder.path(name), sheetName: "a", columns: [SpreadsheetColumn("甲")])
        try writer.append([.text(String(repeating: "字", count: 32_767))])
        let long = fault {
            try writer.append([.text(String(repeating: "a", count: 32_768))])
        }
        #expect(long?.code == .cellTooLarge)
        #expect(long?.row == 3)
        #expect(fault { try writer.append([.empty, .empty]) }?.code == .extraCells)
        try writer.close()
        #expect(ReadResult(try SpreadsheetReader.open(folder.path(name))).rows.count == 1)
    }

    @Test(arguments: ["a.xlsx", "a.csv"])
    func `a folder that is not there is a fault`(name: String) {
        let path = folder.path("missing/\(name)")
        let found = fault {
            try SpreadsheetWriter(path, sheetName: "a", columns: [SpreadsheetColumn("甲")])
        }
        #expect(found?.code == .notWritten)
    }
}
