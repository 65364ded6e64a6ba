import Foundation
import Operator
import Testing

@Suite("Faults of an import")
struct ImportFaultTests {
    private static let staffHeading = "网格编码,角色,公民身份号码,姓名,联系电话"
    private static let incidentHeading = "编号,上报时间,类别,标题,描述,经度,纬度,来源,紧急程度"

    @Test func `a fault says file, row, column, cause and next step`() throws {
        let fault = ImportFault(
            sheet: "26_网格事件.csv", row: 12, column: "经度", code: "out-of-range", message: "应在 73 到 136 之间。")
        #expect(fault.line == "26_网格事件.csv 第12行 经度: 应在 73 到 136 之间。")
        let file = ImportFault(sheet: "26_网格事件.csv", row: nil, column: nil, code: "x", message: "文件打不开。")
        #expect(file.line == "26_网格事件.csv: 文件打不开。")
    }

    @Test func `wrong form is told by column, and no value is quoted`() throws {
        let outcome = try TestPack().map(
            "13", Self.staffHeading, "532923100001001,巡逻员,5.32923E+17,曾芳海,1542334")
        guard case .faults(let faults, let readable) = outcome else {
            Issue.record("the row should have faults")
            return
        }
        #expect(faults.map(\.column) == ["角色", "公民身份号码", "联系电话"])
        #expect(faults.map(\.code) == ["unknown-word", "spoilt-long-number", "invalid-mobile-number"])
        #expect(faults.allSatisfy { $0.row == 2 })
        for secret in ["曾芳海", "1542334", "5.32923", "巡逻员"] {
            #expect(!faults.contains { $0.message.contains(secret) || $0.line.contains(secret) })
        }
        #expect(readable.fields["gridCode"] == .text("532923100001001"))
    }

    @Test func `a day that does not exist is a fault, other forms of a day are not`() throws {
        let heading = "党支部编码,统计时点,党员总数,离退休党员,“两新”组织党员,35岁以下,60岁以上,大专以上"
        guard case .faults(let faults, _) = try TestPack().map("04", heading, "a-1,1900-02-30,1,1,1,1,1,1") else {
            Issue.record("30 February should be a fault")
            return
        }
        #expect(faults.map(\.column) == ["统计时点"])
        for day in ["2021/07/31", "20210731", "2021年7月31日"] {
            guard case .row = try TestPack().map("04", heading, "a-1,\(day),1,1,1,1,1,1") else {
                Issue.record("\(day) should be read")
                continue
            }
        }
    }

    @Test func `rows refused here and by the service are counted, good ones are kept`() async throws {
        let pack = try TestPack()
        try pack.add(
            "26_网格事件.csv", Self.incidentHeading,
            "E1,2021-05-01 07:50,帮扶救助,标题,描述,100.5,25.4,居民,一般",
            "E2,很久以前,帮扶救助,标题,描述,100.5,25.4,居民,一般",
            "E3,2021-05-01 07:50,帮扶救助,标题,描述,10.5,25.4,居民,一般")
        let sender = TestSender { row, _ in
            guard let longitude = row.fields["longitude"]?.number, longitude < 70 else { return [] }
            return [BulkAnswer.Fault(field: "longitude", code: "out-of-range", message: "不在本县", messageEn: "not here")]
        }
        let report = try await pack.load(sender)
        let outcome = try #require(report.sheets.first)
        let counts: [Int] = [outcome.rows, outcome.accepted, outcome.unchanged, outcome.rejected]
        #expect(counts == [3, 1, 0, 2])
        #expect(report.faults.map(\.row) == [3, 4])
        #expect(report.faults.map(\.column) == ["上报时间", "经度"])
        #expect(report.faults.last?.line == "26_网格事件.csv 第4行 经度: 不在本县 not here")
        #expect(sender.rows("26").map(\.row) == [2, 4])
        #expect(report.status == .rowsRejected)
    }

    @Test func `a fault of a field that has no column of its own is shown at the nearest`() throws {
        let staff = try #require(SheetCatalogue.named("13"))
        #expect(staff.heading(ofField: "teamCode") == "姓名")
        #expect(staff.heading(ofField: "/rows/3/mobile") == "联系电话")
        let units = try #require(SheetCatalogue.named("14"))
        #expect(units.heading(ofField: "strengths.0") == "优势")
        #expect(units.heading(ofField: "") == nil)
    }

    @Test func `a missing column refuses the file and names the column`() async throws {
        let pack = try TestPack()
        try pack.add("26_网格事件.csv", "编号,上报时间,类别,标题,描述,经度,来源,紧急程度", "E1,2021-05-01 07:50,帮扶救助,标题,描述,100.5,居民,一般")
        let report = try await pack.load(TestSender())
        let fault = try #require(report.faults.first)
        #expect(fault.code == "missing-heading")
        #expect(fault.message.contains("纬度"))
        #expect(report.status == .rowsRejected)
    }

    @Test func `the second of two rows with one key and other content is refused, unless the first was`() async throws {
        let pack = try TestPack()
        try pack.add(
            "26_网格事件.csv", Self.incidentHeading,
            "E1,2021-05-01 07:50,帮扶救助,甲,描述,100.5,25.4,居民,一般", "E1,2021-05-01 07:50,帮扶救助,乙,描述,100.5,25.4,居民,一般",
            "E2,2021-05-01 07:50,帮扶救助,坏,描述,100.5,25.4,居民,一般", "E2,2021-05-01 07:50,帮扶救助,好,描述,100.5,25.4,居民,一般")
        let sender = TestSender { row, _ in
            row.fields["title"] == .text("坏") ? [BulkAnswer.Fault(field: "title", code: "bad", message: "坏")] : []
        }
        let report = try await pack.load(sender)
        #expect(report.faults.map(\.row) == [3, 4])
        #expect(report.faults.first?.code == "duplicate-row")
        #expect(report.faults.first?.message.contains("第2行") == true)
        #expect(sender.rows("26").map(\.row) == [2, 4, 5])
        #expect(report.sheets.first?.accepted == 2)
    }

    @Test func `the report has the agreed keys`() async throws {
        let pack = try TestPack()
        try pack.add("26_网格事件.csv", Self.incidentHeading, "E1,x,帮扶救助,标题,描述,100.5,25.4,居民,一般")
        try pack.add("25_问卷.csv", "问卷编号", "Q1")
        let report = try await pack.load(TestSender())
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(try JSONText.pretty(report).utf8)) as? [String: Any])
        let sheet = try #require((json["sheets"] as? [[String: Any]])?.first)
        #expect(Set(sheet.keys) == ["sheet", "rows", "accepted", "unchanged", "rejected"])
        #expect(sheet["sheet"] as? String == "26_网格事件.csv")
        let fault = try #require((json["faults"] as? [[String: Any]])?.first)
        #expect(Set(fault.keys) == ["sheet", "row", "column", "code", "message"])
        #expect(fault["row"] as? Int == 2)
        #expect(json["notYet"] as? [String] == ["25_问卷.csv"])
    }
}
