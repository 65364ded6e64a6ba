import Testing

import Spreadsheets

@Suite struct WorkbookReadingTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func read(_ book: TestWorkbook, sheet: String? = nil) throws -> ReadResult {
        ReadResult(try SpreadsheetReader.open(try folder.file("book.xlsx", book.zip.bytes), sheet: sheet))
    }

    private func heading(_ names: String...) -> String {
        let cells = names.enumerated().map { TestWorkbook.text("\(TestWorkbook.letter($0.offset))1", $0.element) }
        return "<row r=\"1\">\(cells.joined())</row>"
    }

    @Test func `the first sheet that is not hidden is read, and another one by its name`() throws {
        let path = try folder.file("book.csv", TestWorkbook(rows: heading("姓名")).zip.bytes)
        let reader = try SpreadsheetReader.open(path)
        #expect(reader.format == .xlsx)
        #expect(reader.sheetName == "人才台账")
        #expect(reader.headings == ["姓名"])
        #expect(try SpreadsheetReader.open(path, sheet: "隐藏").headings == ["隐藏的标题"])
        #expect(
            fault { try SpreadsheetReader.open(path, sheet: "没有") }?.code
                == .unknownSheet)
    }

    @Test func `cells left out are empty and blank rows are counted but not given`() throws {
        let rows =
            heading("甲", "乙", "丙") + "<row r=\"2\">" + TestWorkbook.text("C2", "丙二") + "</row><row r=\"3\"/>"
            + "<row r=\"4\"><c r=\"A4\"/><c r=\"B4\" t=\"inlineStr\"><is><t>  </t></is></c></row>"
            + "<row r=\"7\">" + TestWorkbook.text("A7", "甲七") + "</row>"
        let result = try read(TestWorkbook(rows: rows))
        #expect(result.rows.map(\.number) == [2, 7])
        #expect(result.rows[0].cells.map(\.text) == ["", "", "丙二"])
        #expect(result.rows[0]["甲"]?.kind == .empty)
        #expect(result.rows[0]["丁"] == nil)
        #expect(result.rows[1].cells.map(\.text) == ["甲七", "", ""])
    }

    @Test func `rows and cells without a reference follow the one before`() throws {
        let cell = { (text: String) in "<c t=\"inlineStr\"><is><t>\(text)</t></is></c>" }
        let rows =
            "<row>\(cell("甲"))\(cell("乙"))</row><row>\(cell("1"))\(cell("2"))</row><row r=\"9\">\(cell("3"))</row>"
            + "<row><c r=\"B10\" t=\"inlineStr\"><is><t>4</t></is></c></row>"
        let result = try read(TestWorkbook(rows: rows))
        #expect(result.rows.map(\.number) == [2, 9, 10])
        #expect(result.texts("甲") == ["1", "3", ""])
        #expect(result.texts("乙") == ["2", "", "4"])
    }

    @Test func `shared strings come with their runs and without phonetic hints`() throws {
        var book = TestWorkbook(
            rows:
                "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row><row r=\"2\"><c r=\"A2\" t=\"s\"><v>1</v></c></row>"
                + "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>2</v></c></row><row r=\"4\"><c r=\"A4\" t=\"s\"><v>3</v></c></row>"
        )
        book.sharedStrings = """
            <si><t>姓名</t></si><si><r><t>王</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 小明</t></r>\
            <rPh sb="0" eb="1"><t>wang</t></rPh></si><si><t>a&amp;b&lt;&#x9F99;_x000D__x005F_x000D_</t></si>\
            <si><t><![CDATA[<原文>]]></t></si>
            """
        #expect(try read(book).texts("姓名") == ["王 小明", "a&b<龙\r_x000D_", "<原文>"])
    }

    @Test func `a shared string that is not there is a damaged file, after the rows before it`() throws {
        var book = TestWorkbook(
            rows: heading("甲") + "<row r=\"2\">" + TestWorkbook.text("A2", "好") + "</row>"
                + "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>7</v></c></row>")
        book.sharedStrings = "<si><t>只有一个</t></si>"
        let result = try read(book)
        #expect(result.texts("甲") == ["好"])
        #expect(result.faults.map(\.code) == [.damagedWorkbook])
        #expect(result.faults.first?.row == 3)
    }

    @Test func `styles tell dates from numbers`() throws {
        let codes = [
            "yyyy\"年\"m\"月\"d\"日\"", "[Red]0.00", "\"day\"0", "[h]:mm", "0;yyyy", "[$-804]yyyy/m/d;@", "\\d0_d",
        ]
        let formats = codes.enumerated().map {
            "<numFmt numFmtId=\"\(200 + $0.offset)\" formatCode=\"\($0.element.replacing("\"", with: "&quot;"))\"/>"
        }
        let ids = [0, 14, 31, 57, 49] + (0..<codes.count).map { 200 + $0 }
        let cells = ids.indices.map { "<c r=\"\(TestWorkbook.letter($0))2\" s=\"\($0)\"><v>44323</v></c>" }
        var book = TestWorkbook(
            rows: heading("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
                + "<row r=\"2\">\(cells.joined())</row>")
        book.styles =
            "<numFmts>\(formats.joined())</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>"
            + ids.map { "<xf numFmtId=\"\($0)\"/>" }.joined() + "</cellXfs>"
        let kinds = try read(book).rows[0].cells.map { $0.kind == .dateSerial }
        #expect(
            kinds == [false, true, true, true, false] + [true, false, false, true, false, true, false])
    }

    @Test func `numbers, truth values, errors, formulas and ISO dates have their kinds`() throws {
        let rows =
            heading("一", "二", "三", "四", "五", "六")
            + "<row r=\"2\"><c r=\"A2\"><f>1+1</f><v>2</v></c><c r=\"B2\" t=\"b\"><v>1</v></c><c r=\"C2\" t=\"e\"><v>#N/A</v></c>"
            + "<c r=\"D2\" t=\"str\"><f>A1&amp;\"\"</f><v>结果</v></c><c r=\"E2\" t=\"d\"><v>2021-05-07</v></c>"
            + "<c r=\"F2\" t=\"n\"><v>1.5</v></c></row>"
        let cells = try read(TestWorkbook(rows: rows)).rows[0].cells
        #expect(cells.map(\.kind) == [.number, .boolean, .error, .text, .text, .number])
        #expect(cells.map(\.text) == ["2", "TRUE", "#N/A", "结果", "2021-05-07", "1.5"])
    }

    @Test func `the date system of 1904 is heeded`() throws {
        var book = TestWorkbook(rows: heading("日期") + "<row r=\"2\"><c r=\"A2\" s=\"0\"><v>42861</v></c></row>")
        book.workbookProperties = "<workbookPr date1904=\"1\"/>"
        book.styles = "<cellXfs><xf numFmtId=\"14\"/></cellXfs>"
        #expect(try read(book).rows[0].read("日期") { try $0.date() }.description == "2021-05-07")
    }

    @Test func `names with a prefix and a part in UTF-16 are read`() throws {
        var zip = TestWorkbook(rows: "").zip
        let xml = """
            <?xml version="1.0" encoding="UTF-16"?><x:worksheet xmlns:x="\(TestWorkbook.main)"><x:sheetData><x:row r="1">\
            <x:c r="A1" t="inlineStr"><x:is><x:t>姓名</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>
            """
        let sixteen = [0xFF, 0xFE] + xml.utf16LittleEndian
        zip.entries.removeAll { $0.name.hasSuffix("sheet1.xml") }
        zip.entries.append(.init(name: "xl/worksheets/sheet1.xml", content: sixteen))
        #expect(try SpreadsheetReader.open(try folder.file("x.xlsx", zip.bytes)).headings == ["姓名"])
    }

    @Test func `notes to the right of the table are passed over`() throws {
        let rows =
            heading("甲") + "<row r=\"2\">" + TestWorkbook.text("A2", "一") + TestWorkbook.text("XFD2", "注") + "</row>"
        let result = try read(TestWorkbook(rows: rows))
        #expect(result.faults.isEmpty)
        #expect(result.rows[0].cells.map(\.text) == ["一"])
    }
}
