import Foundation
import Testing

import Spreadsheets

@Suite struct MalformedWorkbookTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private let sound = TestWorkbook(
        rows: "<row r=\"1\">\(TestWorkbook.text("A1", "姓名"))</row><row r=\"2\">\(TestWorkbook.text("A2", "甲"))</row>")

    /// The first fault of opening a file and reading it to the end.
    private func firstFault(_ bytes: [UInt8], _ limits: SpreadsheetLimits = SpreadsheetLimits()) throws
        -> SpreadsheetFault?
    {
        let path = try folder.file("file.xlsx", bytes)
        return fault {
            let reader = try SpreadsheetReader.open(path, limits: limits)
            while try reader.next() != nil {}
        }
    }

    @Test func `a sound workbook has no fault`() throws {
        #expect(try firstFault(sound.zip.bytes) == nil)
    }

    @Test(arguments: [1, 20, 400, 900])
    func `a workbook that was cut short is damaged`(missing: Int) throws {
        #expect(try firstFault(sound.zip.bytes.dropLast(missing)).map(\.code) == .damagedWorkbook)
    }

    @Test func `a changed byte is noticed by the checksum`() throws {
        var bytes = sound.zip.bytes
        let target = Array("甲".utf8)
        let index = try #require(bytes.indices.last { bytes[$0...].starts(with: target) })
        bytes[index + 2] ^= 1
        #expect(try firstFault(bytes)?.code == .damagedWorkbook)
    }

    @Test func `a zip without a workbook is no spreadsheet`() throws {
        var zip = TestZip()
        zip.add("readme.txt", "hello")
        #expect(try firstFault(zip.bytes)?.code == .notASpreadsheet)
        #expect(try firstFault(TestZip().bytes)?.code == .notASpreadsheet)
    }

    @Test func `a sheet that the archive lacks is a damaged workbook`() throws {
        var zip = sound.zip
        zip.entries.removeAll { $0.name.hasSuffix("sheet1.xml") }
        #expect(try firstFault(zip.bytes)?.code == .damagedWorkbook)
    }

    @Test(arguments: [
        "<row r=\"2\"><c r=\"A2\"><v>1</c></row>", "<row r=\"2\">", "<row r=\"2\">&nbsp;</row>",
        "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>",
        "<row r=\"2\"><c r=\"B2\"><v>1</v></c><c r=\"A2\"><v>1</v></c></row>",
        "<row r=\"2\"><c r=\"ZZZZ2\"><v>1</v></c></row>", "<row r=\"2\"><c r=\"A2\"><v>\u{1}</v></c></row>",
    ])
    func `bad xml is a damaged workbook`(rows: String) throws {
        var book = sound
        book.rows = "<row r=\"1\">\(TestWorkbook.text("A1", "姓名"))</row>" + rows
        #expect(try firstFault(book.zip.bytes)?.code == .damagedWorkbook)
    }

    @Test func `the rows before bad xml are given first`() throws {
        var book = sound
        book.rows += "<row r=\"3\">\(TestWorkbook.text("A3", "乙"))</row><row r=\"4\"></wrong>"
        let reader = try SpreadsheetReader.open(try folder.file("a.xlsx", book.zip.bytes))
        let result = ReadResult(reader)
        #expect(result.texts("姓名") == ["甲", "乙"])
        #expect(result.faults.map(\.code) == [.damagedWorkbook])
        #expect(fault { try reader.next() }?.code == .damagedWorkbook)
    }

    @Test func `entities and external files are refused`() throws {
        let secret = try folder.file("secret.txt", "secret")
        for declaration in [
            "<!DOCTYPE worksheet [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>",
            "<!DOCTYPE worksheet [<!ENTITY x SYSTEM \"file://\(secret)\">]>",
            "<!DOCTYPE worksheet SYSTEM \"http://127.0.0.1:1/a.dtd\">",
        ] {
            var book = sound
            book.prologue = declaration
            book.rows += "<row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t>&x;&b;</t></is></c></row>"
            #expect(try firstFault(book.zip.bytes)?.code == .forbiddenMarkup)
        }
    }

    @Test func `a zip bomb is refused while it unpacks`() throws {
        var zip = sound.zip
        zip.entries.removeAll { $0.name.hasSuffix("sheet1.xml") }
        let repeats = 40_000
        let head = Array("<worksheet><sheetData>".utf8)
        // The checksum would be wrong too, but that shows only at the end.
        let bomb = TestZip.Entry(
            name: "xl/worksheets/sheet1.xml", content: head, packed: TestZip.deflatedRun(of: 0x20, repeats: repeats),
            declaredSize: UInt32(1 + 258 * repeats))
        zip.entries.append(bomb)
        var limits = SpreadsheetLimits()
        limits.expansionRatioMax = 100
        limits.expansionRatioFreeBytes = 1 << 20
        // Nothing but spaces is no XML; the size is found first because nothing else is wrong with white space before the root.
        #expect(try firstFault(zip.bytes, limits)?.code == .tooLarge)
        limits = SpreadsheetLimits()
        limits.expandedBytesMax = 4 << 20
        #expect(try firstFault(zip.bytes, limits)?.code == .tooLarge)
    }

    @Test func `a declared size past the limit is refused before it unpacks`() throws {
        var zip = sound.zip
        let index = try #require(zip.entries.firstIndex { $0.name.hasSuffix("sheet1.xml") })
        zip.entries[index].declaredSize = 2 << 30
        #expect(try firstFault(zip.bytes)?.code == .tooLarge)
    }

    @Test func `a false declared size is a damaged workbook`() throws {
        var zip = sound.zip
        let index = try #require(zip.entries.firstIndex { $0.name.hasSuffix("sheet1.xml") })
        zip.entries[index].packed = TestZip.deflatedRun(of: 0x20, repeats: 1_000)
        zip.entries[index].declaredSize = 10
        #expect(try firstFault(zip.bytes)?.code == .damagedWorkbook)
    }

    @Test func `shared strings past their bound are refused`() throws {
        var book = sound
        book.sharedStrings = String(repeating: "<si><t>0123456789</t></si>", count: 100)
        var limits = SpreadsheetLimits()
        limits.sharedStringBytesMax = 1_400
        #expect(try firstFault(book.zip.bytes, limits) == nil)
        limits.sharedStringBytesMax = 1_399
        #expect(try firstFault(book.zip.bytes, limits)?.code == .tooManyStrings)
    }

    @Test func `rows, cells and columns past their bounds are refused with their row`() throws {
        var limits = SpreadsheetLimits()
        limits.cellBytesMax = 8
        limits.rowBytesMax = 12
        limits.rowsMax = 5
        limits.columnsMax = 3
        func code(_ rows: String) throws -> SpreadsheetFault? {
            var book = sound
            book.rows = "<row r=\"1\">\(TestWorkbook.text("A1", "甲"))\(TestWorkbook.text("B1", "乙"))</row>" + rows
            return try firstFault(book.zip.bytes, limits)
        }
        #expect(try code("<row r=\"2\">\(TestWorkbook.text("A2", "123456789"))</row>")?.code == .cellTooLarge)
        let wide = TestWorkbook.text("A2", "1234567") + TestWorkbook.text("B2", "123456")
        #expect(try code("<row r=\"2\">\(wide)</row>")?.code == .rowTooLarge)
        let late = try #require(try code("<row r=\"6\">\(TestWorkbook.text("A6", "1"))</row>"))
        #expect(late.code == .tooManyRows)
        #expect(late.row == 6)
        var book = sound
        book.rows = "<row r=\"1\">\(TestWorkbook.text("D1", "丁"))</row>"
        #expect(try firstFault(book.zip.bytes, limits)?.code == .tooManyColumns)
    }

    @Test func `old workbooks, web pages and other files are named`() throws {
        let ole: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
        #expect(try firstFault(ole)?.code == .oldWorkbook)
        #expect(try firstFault(Array("\u{FEFF}\r\n<html><table>".utf8))?.code == .oldWorkbook)
        #expect(try firstFault(Array("%PDF-1.7\n".utf8))?.code == .notASpreadsheet)
        #expect(try firstFault([0x89, 0x50, 0x4E, 0x47, 0, 0, 0, 13])?.code == .notASpreadsheet)
        #expect(try firstFault([])?.code == .emptySheet)
    }

    @Test func `what is no file cannot be read`() throws {
        let missing = folder.path("missing.xlsx")
        #expect(fault { try SpreadsheetReader.open(missing) }?.code == .unreadableFile)
        let directory = folder.url.path
        #expect(fault { try SpreadsheetReader.open(directory) }?.code == .unreadableFile)
    }

    @Test func `a workbook larger than the limit is refused unread`() throws {
        var limits = SpreadsheetLimits()
        limits.workbookFileBytesMax = 100
        #expect(try firstFault(sound.zip.bytes, limits)?.code == .tooLarge)
    }
}
