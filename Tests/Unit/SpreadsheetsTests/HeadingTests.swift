import Testing

import Spreadsheets

@Suite struct HeadingTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func open(_ text: String, _ required: [String] = []) throws -> SpreadsheetReader {
        try SpreadsheetReader.open(try folder.file("a.csv", text), requiredHeadings: required)
    }

    @Test func `headings lose spaces, line ends and full width, and are in NFC`() throws {
        let reader = try open("\u{FEFF} 姓 名 ,\"联系\r\n电话\",ＩＤ１\u{3000},Cafe\u{301},村（社区）\u{200B}\n1,2,3,4,5\n")
        #expect(reader.headings == ["姓名", "联系电话", "ID1", "Caf\u{E9}", "村（社区）"])
        let row = try #require(try reader.next())
        #expect(row["姓名"]?.text == "1")
        #expect(row["村（社区）"]?.text == "5")
        #expect(row["村(社区)"]?.text == "5")
        #expect(row[" 联系 电话"]?.text == "2")
        #expect(row["ＩＤ1"]?.text == "3")
    }

    @Test func `a title above the headings is passed over and rows keep their numbers`() throws {
        let reader = try open("祥云县人才台账,,\n填报单位：,姓名,\n\n姓名,联系电话,\n王,1,\n", ["姓名", "联系电话"])
        #expect(reader.headingRowNumber == 4)
        #expect(reader.headings == ["姓名", "联系电话"])
        #expect(try reader.next()?.number == 5)
    }

    @Test func `without required headings the first row with content is the heading`() throws {
        let reader = try open(",,\n\n名称\n1\n")
        #expect(reader.headingRowNumber == 3)
        #expect(reader.headings == ["名称"])
    }

    @Test func `missing headings are named`() throws {
        let path = try folder.file("a.csv", "姓名,性别\n王,男\n")
        let found = fault {
            try SpreadsheetReader.open(path, requiredHeadings: ["姓名", "公民身份号码", "联系电话"])
        }
        #expect(found?.code == .missingHeading)
        #expect(found?.message.contains("公民身份号码、联系电话") == true)
        #expect(found?.message.contains("姓名") == false)
        #expect(found?.endsSheet == true)
    }

    @Test func `a heading that occurs twice is refused by its columns, not by its text`() throws {
        let path = try folder.file("a.csv", "姓名,性别,姓 名\n王,男,李\n")
        let found = fault { try SpreadsheetReader.open(path) }
        #expect(found?.code == .duplicateHeading)
        #expect(found?.message.contains("A, C") == true)
        #expect(found?.message.contains("姓名") == false)
        #expect(found?.row == 1)
    }

    @Test func `a column without a heading is kept out and does not shift the others`() throws {
        let reader = try open("甲,,乙\n1,2,3\n")
        #expect(reader.headings == ["甲", "", "乙"])
        let row = try #require(try reader.next())
        #expect(row["乙"]?.text == "3")
        #expect(row[""] == nil)
    }

    @Test func `a sheet of blank rows is empty`() throws {
        let path = try folder.file("a.csv", ",,\r\n \r\n")
        #expect(fault { try SpreadsheetReader.open(path) }?.code == .emptySheet)
    }

    @Test func `a fault of a value has its row and its heading`() throws {
        let row = try #require(try open("日期\n五月\n").next())
        let found = fault { try row.read("日期") { try $0.date() } }
        #expect(found?.row == 2)
        #expect(found?.column == "日期")
        #expect(found?.description.hasPrefix("第2行 日期: ") == true)
        #expect(found?.endsSheet == false)
        let missing = fault { try row.read("时间") { try $0.time() } }
        #expect(missing?.code == .emptyValue)
        #expect(try row.readIfPresent("时间") { try $0.time() } == nil)
    }

    @Test(arguments: [(1, "B"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
    func `columns have their letters`(column: Int, letters: String) throws {
        let text = "甲\n1" + String(repeating: ",", count: column) + "2\n"
        let reader = try open(text)
        let found = fault { try reader.next() }
        #expect(found?.column == letters)
    }
}
