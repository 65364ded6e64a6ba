import Foundation
import Operator
import Testing

@Suite("Columns of sheets become fields of the API")
struct SheetMappingTests {
    private func fields(_ outcome: RowMapping.Outcome) throws -> [String: FieldValue] {
        guard case .row(let row) = outcome else {
            Issue.record("the row has faults: \(outcome)")
            return [:]
        }
        #expect(row.row == 2)
        return row.fields
    }

    @Test func `01 divisions`() throws {
        let outcome = try TestPack().map(
            "01", "区划代码,名称,层级,上级代码,类型,户数,人口", "532923100001,褚家营社区,村（社区）,532923100,城市社区,1480,4292")
        #expect(
            try fields(outcome) == [
                "code": .text("532923100001"), "name": .text("褚家营社区"), "level": .text("community"),
                "parentCode": .text("532923100"), "kind": .text("urbanCommunity"), "households": .integer(1480),
                "population": .integer(4292),
            ])
    }

    @Test func `02 grids`() throws {
        let ring = "POLYGON((100.5 25.4,100.6 25.4,100.6 25.5,100.5 25.5,100.5 25.4))"
        let outcome = try TestPack().map(
            "02", "网格编码,名称,层级,上级编码,户数,边界", "532923100001001,第1责任区,责任区,532923100001,,\"\(ring)\"")
        #expect(
            try fields(outcome) == [
                "code": .text("532923100001001"), "name": .text("第1责任区"), "level": .text("area"),
                "parentCode": .text("532923100001"), "boundary": .text(ring),
            ])
    }

    @Test func `03 Party organisations`() throws {
        let outcome = try TestPack().map(
            "03", "组织编码,组织名称,组织类型,上级组织,所在区划", "532923-W001,祥城镇党委,乡镇党委,,532923100")
        #expect(
            try fields(outcome) == [
                "code": .text("532923-W001"), "name": .text("祥城镇党委"), "kind": .text("townCommittee"),
                "divisionCode": .text("532923100"),
            ])
    }

    @Test func `04 member counts`() throws {
        let outcome = try TestPack().map(
            "04", "党支部编码,统计时点,党员总数,离退休党员,“两新”组织党员,35岁以下,60岁以上,大专以上", "532923100001-01,2021/7/31,20,8,0,3,8,5")
        #expect(
            try fields(outcome) == [
                "organisationCode": .text("532923100001-01"), "asOf": .text("2021-07-31"), "total": .integer(20),
                "retired": .integer(8), "twoNew": .integer(0), "age35OrLess": .integer(3),
                "age60OrMore": .integer(8), "collegeOrAbove": .integer(5),
            ])
    }

    @Test func `05 talents, without what must not be sent`() throws {
        let outcome = try TestPack().map(
            "05", "公民身份号码,姓名,性别,出生日期,联系电话,民族,村（社区）代码,村（社区）,人才类别,学历,政治面貌,现居住地,专长,回引意愿",
            "990003197503234600, 曾芳海 ,女,1975年3月23日,154 2334 4682,白族,532923100001,某社区,退役军人,大专,群众,州内,法律,愿意")
        #expect(
            try fields(outcome) == [
                "identityNumber": .text("990003197503234600"), "name": .text("曾芳海"), "gender": .text("female"),
                "birthDate": .text("1975-03-23"), "mobile": .text("15423344682"),
                "divisionCode": .text("532923100001"), "category": .text("退役军人"), "education": .text("大专"),
                "residence": .text("州内"), "skill": .text("法律"), "willingness": .text("愿意"),
            ])
    }

    @Test func `13 grid staff, and a team in place of a person`() throws {
        let person = try TestPack().map(
            "13", "网格编码,角色,公民身份号码,姓名,联系电话", "532923100001001,网格员,990003197503234600,曾芳海,15423344682")
        #expect(
            try fields(person) == [
                "gridCode": .text("532923100001001"), "role": .text("gridWorker"),
                "identityNumber": .text("990003197503234600"), "name": .text("曾芳海"), "mobile": .text("15423344682"),
            ])
        let team = try TestPack().map(
            "13", "网格编码,角色,公民身份号码,姓名,联系电话", "532923100001001,志愿者队伍,,532923100001-T,")
        #expect(
            try fields(team) == [
                "gridCode": .text("532923100001001"), "role": .text("volunteerTeam"),
                "teamCode": .text("532923100001-T"),
            ])
    }

    @Test func `14 units`() throws {
        let outcome = try TestPack().map(
            "14", "统一社会信用代码,单位名称,类型,优势,党员人数,联系人,联系电话", "11990000QJK3P1GTYC,某银行,金融机构,教育、养老,47,贾柏,15492203139")
        #expect(
            try fields(outcome) == [
                "code": .text("11990000QJK3P1GTYC"), "name": .text("某银行"), "kind": .text("financialInstitution"),
                "strengths": .list(["教育", "养老"]), "memberCount": .integer(47), "contactName": .text("贾柏"),
                "contactMobile": .text("15492203139"),
            ])
    }

    @Test func `16 pairings`() throws {
        let outcome = try TestPack().map(
            "16", "统一社会信用代码,区划代码,结对日期,到期日期", "11990000QJK3P1GTYC,532923100001,2021-04-16,2022-04-15")
        #expect(
            try fields(outcome) == [
                "unitCode": .text("11990000QJK3P1GTYC"), "targetCode": .text("532923100001"),
                "from": .text("2021-04-16"), "to": .text("2022-04-15"),
            ])
    }

    @Test func `22 stations and neighbour points`() throws {
        let outcome = try TestPack().map(
            "22", "编号,名称,类型,区划代码,建成年份", "Y001,褚家营社区“雨润家园”服务站,雨润家园服务站,532923100001,2020")
        #expect(
            try fields(outcome) == [
                "code": .text("Y001"), "name": .text("褚家营社区“雨润家园”服务站"), "kind": .text("station"),
                "divisionCode": .text("532923100001"), "openedYear": .integer(2020),
            ])
    }

    @Test func `23 rooms, open to residents or to the staff alone`() throws {
        let headings = "区划代码,功能室,面积（平方米）,权属,可容纳人数,开放"
        let open = try TestPack().map("23", headings, "532923100001,党员活动室,75,自有,58,是")
        #expect(
            try fields(open) == [
                "divisionCode": .text("532923100001"), "kind": .text("memberActivity"),
                "areaSquareMetres": .integer(75),
                "tenure": .text("owned"), "capacity": .integer(58), "openTo": .text("resident"),
            ])
        let closed = try TestPack().map("23", headings, "532923100001,“两委”会议室,27,租用,62,否")
        #expect(try fields(closed)["openTo"] == .text("staffOnly"))
        #expect(try fields(closed)["kind"] == .text("meeting"))
    }

    @Test func `26 incidents, with the time of China`() throws {
        let outcome = try TestPack().map(
            "26", "编号,上报时间,类别,标题,描述,经度,纬度,来源,紧急程度",
            "E000679,2021-05-01T07:50,帮扶救助,临时救助申请,请尽快处理。,100.585306,25.493974,网格员,特急")
        #expect(
            try fields(outcome) == [
                "externalNumber": .text("E000679"), "reportedAt": .text("2021-05-01T07:50:00+08:00"),
                "function": .text("assistanceAndRelief"), "title": .text("临时救助申请"), "description": .text("请尽快处理。"),
                "longitude": .decimal(100.585306), "latitude": .decimal(25.493974), "source": .text("gridWorker"),
                "urgency": .text("emergency"),
            ])
    }

    @Test func `every sheet is known, and those without a service are named so`() {
        let numbers = SheetCatalogue.all.map(\.number) + SheetCatalogue.notYet.keys
        #expect(numbers.sorted() == (1...26).map { $0 < 10 ? "0\($0)" : "\($0)" })
        #expect(SheetCatalogue.all.map(\.number) == SheetCatalogue.all.map(\.number).sorted())
    }

    @Test func `half-width brackets are the same word`() throws {
        let outcome = try TestPack().map("01", "区划代码,名称,层级,上级代码,类型", "532923100001,某村,村(社区),532923100,行政村")
        #expect(try fields(outcome)["level"] == .text("community"))
    }
}
