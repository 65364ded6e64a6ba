import Hummingbird
import Models
import ServiceKit

/// The words of the report of incidents.
enum IncidentSummaryWords {
    static let code = "REP-11"
    static let title = "事件报表"
    static let titleEn = "Incidents"
    static let footnote =
        "响应率：已立案或不予受理的占应答复的；按时办结率：按时结案的占已结案或已超期的；办结率：已结案的占已立案的；满意率：满意的占已答复回访的；"
        + "由旧表导入的事件只计数量；1至4件的行隐去，必要时再隐去一行，以免由合计推知"
    static let footnoteEn =
        "response: taken in or refused, of those to be answered; on time: closed in time, of those closed or late; resolved: "
        + "closed, of those taken in; satisfied: of those who answered; incidents of old sheets are counted and have no part in "
        + "shares; lines of 1 to 4 are hidden, with another where the total would tell them"
}

/// The report of incidents as JSON.
struct IncidentSummaryBody: ResponseEncodable, Sendable {
    /// What is shown of some incidents; what would tell of a person is absent.
    struct Line: Encodable, Sendable {
        let n: Int?
        let isHidden: Bool
        let response: VenueReportBody.Share?
        let onTime: VenueReportBody.Share?
        let resolved: VenueReportBody.Share?
        let satisfied: VenueReportBody.Share?
        let medianHours: Double?
        /// Of how many incidents the median is.
        let medianOf: Int?

        init(_ line: IncidentLine) {
            n = line.n
            isHidden = line.isHidden
            let counts = line.counts
            response = line.shown(counts.response).map(VenueReportBody.Share.init)
            onTime = line.shown(counts.punctuality).map(VenueReportBody.Share.init)
            resolved = line.shown(counts.resolution).map(VenueReportBody.Share.init)
            satisfied = line.shown(counts.satisfaction).map(VenueReportBody.Share.init)
            medianHours = line.medianHundredths.map { Double($0) / 100 }
            medianOf = line.medianHundredths.map { _ in counts.measured }
        }
    }

    /// The incidents of a category.
    struct Category: Encodable, Sendable {
        /// Its code in the county's rulebook; absent for those that have none.
        let category: String?
        let figures: Line
    }

    let report = IncidentSummaryWords.code
    let title = IncidentSummaryWords.title
    let titleEn = IncidentSummaryWords.titleEn
    let county: String
    let asOf: CalendarDay?
    let from: CalendarDay?
    let to: CalendarDay?
    let scope: [String]
    let n: Int
    let formulaVersion = IncidentSummary.formulaVersion
    let total: Line
    let byFunction: [String: Line]
    let byCategory: [Category]
    let byState: [String: Line]
    let footnote = IncidentSummaryWords.footnote
    let footnoteEn = IncidentSummaryWords.footnoteEn

    private enum CodingKeys: String, CodingKey {
        case report, title, titleEn, county, asOf, from, to, scope, n, formulaVersion, total, byFunction, byCategory
        case byState, footnote, footnoteEn
    }

    init(_ report: IncidentSummary, county: String, scope: [String]) {
        self.county = county
        self.scope = scope
        asOf = report.asOf
        from = report.from
        to = report.to
        n = report.n
        total = Line(report.total)
        byFunction = Dictionary(uniqueKeysWithValues: report.byFunction.map { ($0.function.rawValue, Line($0.line)) })
        byCategory = report.byCategory.map { Category(category: $0.category, figures: Line($0.line)) }
        byState = Dictionary(uniqueKeysWithValues: report.byState.map { ($0.state.rawValue, Line($0.line)) })
    }
}

/// The report of incidents as a sheet: a row a figure, the head of the report before them.
enum IncidentSummarySheet {
    static func answer(_ report: IncidentSummary, county: String, scope: [String]) -> SheetAnswer {
        let head = ReportHead(
            code: IncidentSummaryWords.code, title: "\(IncidentSummaryWords.title) \(IncidentSummaryWords.titleEn)",
            asOf: report.asOf, county: county, scope: scope, n: report.n,
            formulaVersion: IncidentSummary.formulaVersion)
        let days = ReportHead.row(
            "上报日期 reported", "\(report.from?.description ?? "-") – \(report.to?.description ?? "-")")
        return SheetAnswer(
            name: "rep-11-incidents", sheetName: IncidentSummaryWords.title, columns: ReportHead.columns,
            rows: head.rows + [days] + rows("合计 total", report.total)
                + report.byFunction.flatMap { rows("职能 function: \($0.function.words)", $0.line) }
                + report.byCategory.flatMap { rows("类别 category: \($0.category ?? "未分类 none")", $0.line) }
                + report.byState.flatMap { rows("状态 state: \($0.state.words)", $0.line) }
                + ReportHead.footnotes(IncidentSummaryWords.footnote, IncidentSummaryWords.footnoteEn))
    }

    private static func rows(_ part: String, _ line: IncidentLine) -> [[SheetAnswer.Cell]] {
        guard let n = line.n else { return [ReportHead.row(part, "件数 n", remark: "隐去 hidden")] }
        let counts = line.counts
        let shares: [(String, Percentage)] = [
            ("响应率 response", counts.response), ("按时办结率 on time", counts.punctuality),
            ("办结率 resolved", counts.resolution), ("满意率 satisfied", counts.satisfaction),
        ]
        let hours = line.medianHundredths.map {
            ReportHead.row(
                part, "办结用时中位数（小时） median hours", counts.measured, remark: Percentage.decimals($0))
        }
        return [ReportHead.row(part, "件数 n", n)]
            + shares.compactMap { item, share in
                line.shown(share).map {
                    ReportHead.row(part, item, $0.numerator, of: $0.denominator, remark: $0.text)
                }
            } + [hours].compactMap(\.self)
    }
}

extension GridFunction {
    fileprivate var words: String {
        switch self {
        case .policyPublicity: "政策宣传 policy publicity"
        case .cultureForThePeople: "文化惠民 culture for the people"
        case .emergencyManagement: "应急管理 emergency management"
        case .assistanceAndRelief: "帮扶救助 assistance and relief"
        case .disputeMediation: "纠纷调解 dispute mediation"
        }
    }
}

extension IncidentState {
    fileprivate var words: String {
        switch self {
        case .archived: "已归档 archived"
        case .joined: "已并案 joined"
        case .reported: "已上报 reported"
        case .filed: "已立案 filed"
        case .rejected: "不予受理 rejected"
        case .dispatched: "已派遣 dispatched"
        case .inProgress: "处理中 in progress"
        case .handled: "已处理 handled"
        case .closed: "已结案 closed"
        case .withdrawn: "已撤回 withdrawn"
        }
    }
}
