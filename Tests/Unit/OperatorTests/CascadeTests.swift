import Foundation
import Operator
import Synchronization
import Testing

@Suite("Rows that refer to refused rows say whose fault it is")
struct CascadeTests {
    private static let divisions = "区划代码,名称,层级,上级代码,类型"
    private static let grids = "网格编码,名称,层级,上级编码,边界"

    /// Refuses divisions with a letter, and references to what was not taken.
    private func sender(knowing known: Set<String>) -> TestSender {
        TestSender { row, description in
            var faults: [BulkAnswer.Fault] = []
            if let code = row.fields["code"]?.text, code.contains("X") {
                faults.append(BulkAnswer.Fault(field: "code", code: "malformed", message: "代码不对"))
            }
            for reference in description.references {
                guard let code = row.fields[reference.field]?.text, !known.contains(code) else { continue }
                faults.append(
                    BulkAnswer.Fault(field: reference.field, code: "reference-unknown", message: "没有这个编码"))
            }
            return faults
        }
    }

    @Test func `a misspelt code is probably to blame, and the chain leads back to it`() async throws {
        let ring = "\"POLYGON((0 0,1 0,1 1,0 1,0 0))\""
        let pack = try TestPack()
        try pack.add("01_区划.csv", Self.divisions, "53292310000x,某社区,村（社区）,532923100,城市社区")
        try pack.add(
            "02_网格.csv", Self.grids, "532923100001001,一区,责任区,532923100001,\(ring)",
            "53292310000100101,一组,服务小组,532923100001001,\(ring)")
        let report = try await pack.load(sender(knowing: ["532923100"]))
        let grid = try #require(report.faults.first { $0.sheet == "02_网格.csv" && $0.row == 2 })
        #expect(grid.column == "上级编码")
        #expect(grid.code == "reference-unknown")
        #expect(grid.message.contains("很可能因为 01_区划.csv 第2行"))
        let group = try #require(report.faults.first { $0.sheet == "02_网格.csv" && $0.row == 3 })
        #expect(group.message.contains("被拒绝：02_网格.csv 第2行（起因：01_区划.csv 第2行）"))
        #expect(report.sheets.map(\.rejected) == [1, 2])
    }

    @Test func `an incident outside all grids names the refused grid around its point`() async throws {
        let pack = try TestPack()
        try pack.add(
            "02_网格.csv", Self.grids, "532923100001001,一区,责任区,532923100001,\"POLYGON((0 0,1 0,1 1,0 1,0 0))\"")
        try pack.add(
            "26_网格事件.csv", "编号,上报时间,类别,标题,描述,经度,纬度,来源,紧急程度",
            "E1,2021-05-01 07:50,帮扶救助,标题,描述,0.5,0.5,居民,一般", "E2,2021-05-01 07:50,帮扶救助,标题,描述,5,5,居民,一般")
        let report = try await pack.load(
            TestSender { row, description in
                description.number == "02"
                    ? [BulkAnswer.Fault(field: "parentCode", code: "reference-unknown", message: "没有这个区划")]
                    : [BulkAnswer.Fault(field: "longitude", code: "incident-outside-grids", message: "不在网格内")]
            })
        let messages = report.faults.filter { $0.sheet == "26_网格事件.csv" }.map(\.message)
        #expect(messages.count == 2)
        #expect(messages.first?.contains("02_网格.csv 第2行") == true)
        #expect(messages.last == "不在网格内")
    }

    @Test func `a reference that no refused row explains is left as the service says it`() async throws {
        let pack = try TestPack()
        try pack.add("01_区划.csv", Self.divisions, "532923100001,某社区,村（社区）,532923999,城市社区")
        let report = try await pack.load(sender(knowing: []))
        #expect(report.faults.map(\.message) == ["没有这个编码"])
    }

    @Test func `parents are sent before their children, whatever the order of the sheet`() async throws {
        let pack = try TestPack()
        try pack.add(
            "01_区划.csv", Self.divisions, "532923100001,某社区,村（社区）,532923100,城市社区", "532923100,某镇,乡镇,532923,",
            "532923,某县,县,,")
        let sender = TestSender()
        _ = try await pack.load(sender)
        #expect(sender.batches.map { $0.rows.map(\.row) } == [[4], [3], [2]])
    }

    @Test func `a row that stands only against a row that comes later is in after one import`() async throws {
        let ring = "\"POLYGON((0 0,1 0,1 1,0 1,0 0))\""
        let pack = try TestPack()
        try pack.add(
            "02_网格.csv", Self.grids, "532923100001001,一区,责任区,532923100001,\(ring)",
            "532923100001002,二区,责任区,532923100001,\(ring)", "532923100001003,三区,责任区,532923100001,\(ring)")
        let looks = Mutex<[Int: Int]>([:])
        let sender = TestSender { row, _ in
            let look = looks.withLock { looks in
                looks[row.row, default: 0] += 1
                return looks[row.row, default: 0]
            }
            // Row 2 is taken at the second look, row 4 never.
            return row.row == 4 || (row.row == 2 && look == 1)
                ? [BulkAnswer.Fault(field: "boundary", code: "boundary-overlap", message: "边界重叠")] : []
        }
        let report = try await pack.load(sender)
        #expect(report.sheets.map { [$0.rows, $0.accepted, $0.rejected] } == [[3, 2, 1]])
        #expect(report.faults.map(\.row) == [4])
        #expect(sender.batches.map { $0.rows.map(\.row) } == [[2, 3, 4], [2, 4], [4]])
    }

    @Test(
        arguments: [
            ("532923100001", "53292310000X", true), ("532923100001", "53292310001", true),
            ("532923100001", "532923100001", false), ("532923100001", "532923100012", false),
        ])
    func `a slip of one character is told from another code`(_ left: String, _ right: String, _ expected: Bool) {
        #expect(RefusedRows.differByOneCharacter(left, right) == expected)
        #expect(RefusedRows.differByOneCharacter(right, left) == expected)
    }

    @Test func `a point is inside or outside a ring`() throws {
        let ring = try #require(BoundaryRing(wkt: "POLYGON ((0 0, 4 0, 4 4, 2 1, 0 4, 0 0))"))
        #expect(ring.contains(0.5, 0.5))
        #expect(!ring.contains(2, 3))
        #expect(!ring.contains(5, 1))
        #expect(BoundaryRing(wkt: "POINT(1 1)") == nil)
        #expect(BoundaryRing(wkt: "POLYGON((0 0, a b, 1 1, 0 0))") == nil)
    }
}
