import Hummingbird
import Models
import ServiceKit

/// The words of the report of grids.
enum GridReportWords {
    static let code = "REP-10"
    static let title = "网格报表"
    static let titleEn = "Grids"
    static let footnote = "1+1+N 按服务小组统计：1名社区干部、1名党小组长、若干志愿者；三员按责任区统计：网格员、网格警、志愿服务队；均为岗位数量，不含个人信息"
    static let footnoteEn =
        "1+1+N is counted in service groups: a cadre, a Party-group leader, volunteers; 三员 in responsibility areas: a grid "
        + "worker, a grid police officer, a volunteer team; all are counts of posts and say nothing of persons"
}

/// The report of grids as JSON.
struct GridReportBody: ResponseEncodable, Sendable {
    /// A community with its grids.
    struct Community: Encodable, Sendable {
        let divisionCode: String
        let name: String?
        let areas: Int
        let threeStaff: VenueReportBody.Share
        let groups: Int
        let onePlusOnePlusN: VenueReportBody.Share
    }

    let report = GridReportWords.code
    let title = GridReportWords.title
    let titleEn = GridReportWords.titleEn
    let county: String
    let asOf: CalendarDay?
    let scope: [String]
    let n: Int
    let formulaVersion = GridReport.formulaVersion
    let areas: Int
    let threeStaff: VenueReportBody.Share
    let groups: Int
    let onePlusOnePlusN: VenueReportBody.Share
    let communities: [Community]
    let footnote = GridReportWords.footnote
    let footnoteEn = GridReportWords.footnoteEn

    private enum CodingKeys: String, CodingKey {
        case report, title, titleEn, county, asOf, scope, n, formulaVersion, areas, threeStaff, groups, onePlusOnePlusN
        case communities, footnote, footnoteEn
    }

    init(_ report: GridReport, county: String, scope: [String]) {
        self.county = county
        self.scope = scope
        asOf = report.asOf
        n = report.n
        areas = report.areas
        threeStaff = VenueReportBody.Share(report.threeStaff)
        groups = report.groups
        onePlusOnePlusN = VenueReportBody.Share(report.onePlusOnePlusN)
        communities = report.communities.map { community in
            Community(
                divisionCode: community.code, name: community.name, areas: community.areas,
                threeStaff: VenueReportBody.Share(Percentage(community.areasWithThreeStaff, of: community.areas)),
                groups: community.groups,
                onePlusOnePlusN: VenueReportBody.Share(
                    Percentage(community.groupsWithOnePlusOnePlusN, of: community.groups)))
        }
    }
}

/// The report of grids as a sheet: a row a figure, the head of the report before them.
enum GridReportSheet {
    static func answer(_ report: GridReport, county: String, scope: [String]) -> SheetAnswer {
        let head = ReportHead(
            code: GridReportWords.code, title: "\(GridReportWords.title) \(GridReportWords.titleEn)",
            asOf: report.asOf, county: county, scope: scope, n: report.n, formulaVersion: GridReport.formulaVersion)
        let part = "网格 grids"
        let (staff, posts) = (report.threeStaff, report.onePlusOnePlusN)
        let totals = [
            ReportHead.row(part, "社区 communities", report.communities.count),
            ReportHead.row(part, "责任区 areas", report.areas),
            ReportHead.row(part, "三员齐全 三员 complete", staff.numerator, of: staff.denominator, remark: staff.text),
            ReportHead.row(part, "服务小组 groups", report.groups),
            ReportHead.row(part, "1+1+N 齐全 complete", posts.numerator, of: posts.denominator, remark: posts.text),
        ]
        return SheetAnswer(
            name: "rep-10-grids", sheetName: GridReportWords.title, columns: ReportHead.columns,
            rows: head.rows + totals + report.communities.flatMap(rows)
                + ReportHead.footnotes(GridReportWords.footnote, GridReportWords.footnoteEn))
    }

    private static func rows(_ community: GridCounts.Community) -> [[SheetAnswer.Cell]] {
        let part = "\(community.code) \(community.name ?? "")"
        let staff = Percentage(community.areasWithThreeStaff, of: community.areas)
        let posts = Percentage(community.groupsWithOnePlusOnePlusN, of: community.groups)
        return [
            ReportHead.row(part, "三员齐全的责任区 areas", staff.numerator, of: staff.denominator, remark: staff.text),
            ReportHead.row(part, "1+1+N 齐全的小组 groups", posts.numerator, of: posts.denominator, remark: posts.text),
        ]
    }
}
