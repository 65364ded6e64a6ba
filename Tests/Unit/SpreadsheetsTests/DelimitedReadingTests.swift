import Testing

import Spreadsheets

@Suite struct DelimitedReadingTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func read(_ text: String, _ limits: SpreadsheetLimits = SpreadsheetLimits()) throws -> ReadResult {
        ReadResult(try SpreadsheetReader.open(try folder.file("表.csv", text), limits: limits))
    }

    @Test(arguments: ["\r\n", "\n", "\r"])
    func `line ends of every kind end a row`(end: String) throws {
        let result = try read(["甲,乙", "1,2", "", "3,4"].joined(separator: end))
        #expect(result.rows.map(\.number) == [2, 4])
        #expect(result.texts("乙") == ["2", "4"])
        let ended = try read(["甲,乙", "1,2", "3,4", ""].joined(separator: end))
        #expect(ended.rows.map(\.number) == [2, 3])
    }

    @Test func `quoted fields hold separators, quotes and line ends, and count as one row`() throws {
        let result = try read("名称,内容\r\n\"a,b\",\"他说\"\"好\"\"\r\n第二行\"\r\n\"\",x\r\na\"b,\"\"\"\"\r\n")
        #expect(result.rows.map(\.number) == [2, 3, 4])
        #expect(result.texts("名称") == ["a,b", "", "a\"b"])
        #expect(result.texts("内容") == ["他说\"好\"\r\n第二行", "x", "\""])
    }

    @Test(arguments: [("\t", "甲\t乙\n1\t2,3\n"), (";", "甲;乙\n1;\"2,,,3\"\n"), (",", "甲,乙\n1,\"2;;;3\"\n")])
    func `the separator is the one that stands most`(separator: String, text: String) throws {
        let result = try read(text)
        #expect(result.texts("甲") == ["1"])
        #expect(result.rows[0].cells.count == 2)
    }

    @Test func `short rows are filled and long rows are refused`() throws {
        let result = try read("甲,乙\n1\n1,2,,\n1,2,3\n4,5\n")
        #expect(result.texts("甲") == ["1", "1", "4"])
        #expect(result.texts("乙") == ["", "2", "5"])
        #expect(result.faults.map(\.code) == [.extraCells])
        #expect(result.faults.first?.row == 4)
        #expect(result.faults.first?.column == "C")
    }

    @Test func `text after a closing quote refuses its row and no other`() throws {
        let result = try read("甲,乙\n1,2\n\"3\"x,4\n5,6\n")
        #expect(result.texts("甲") == ["1", "5"])
        #expect(result.faults.map(\.code) == [.strayQuote])
        #expect(result.faults.first?.row == 3)
    }

    @Test func `unbalanced quotes are named by the row where they begin`() throws {
        let result = try read("甲,乙\n1,2\n3,\"4\n5,6\n7,8\n")
        #expect(result.texts("甲") == ["1"])
        #expect(result.faults.map(\.code) == [.unbalancedQuotes])
        #expect(result.faults.first?.row == 3)
    }

    @Test func `fields and rows past their bounds are refused by their row`() throws {
        var limits = SpreadsheetLimits()
        limits.cellBytesMax = 10
        let field = try read("甲\n\(String(repeating: "x", count: 10))\n\(String(repeating: "x", count: 11))\n", limits)
        #expect(field.rows.count == 1)
        #expect(field.faults.map(\.code) == [.cellTooLarge])
        #expect(field.faults.first?.row == 3)
        limits = SpreadsheetLimits()
        limits.rowBytesMax = 20
        let row = try read("甲\n1\n" + String(repeating: ",", count: 30) + "\n", limits)
        #expect(row.faults.map(\.code) == [.rowTooLarge])
        limits = SpreadsheetLimits()
        limits.rowsMax = 3
        #expect(try read("甲\n1\n2\n3\n", limits).faults.first?.row == 4)
    }

    @Test func `an open quote over a large file is refused within its bound`() throws {
        var text = "甲,乙\n1,\"2\n"
        for number in 0..<40_000 { text += "\(number),上报事项\n" }
        let result = try read(text)
        #expect(result.rows.isEmpty)
        #expect(result.faults.map(\.code) == [.cellTooLarge])
        #expect(result.faults.first?.row == 2)
    }

    @Test func `rows that lie across pieces of the file are whole`() throws {
        // 64 KiB pieces end at every place of a row of 37 bytes sooner or later.
        var text = "编号,内容\r\n"
        for number in 0..<12_000 { text += "\(100_000 + number),\"他说\"\"好,\r\n\"\"再见\"\r\n" }
        let result = try read(text)
        #expect(result.faults.isEmpty)
        #expect(result.rows.count == 12_000)
        #expect(result.rows.last?.number == 12_001)
        #expect(result.rows.allSatisfy { $0["内容"]?.text == "他说\"好,\r\n\"再见" })
        #expect(result.texts("编号") == (0..<12_000).map { String(100_000 + $0) })
    }

    @Test func `the sheet has the name of the file`() throws {
        let path = try folder.file("14_结对单位.gb18030.csv", "甲\n1\n")
        #expect(try SpreadsheetReader.open(path).sheetName == "14_结对单位")
    }
}
