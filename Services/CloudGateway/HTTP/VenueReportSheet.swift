import Models
import ServiceKit

/// The report of stations and venues as a sheet: a row a figure, the head of the report before them.
enum VenueReportSheet {
    static func answer(_ report: VenueReport, county: String, scope: [String]) -> SheetAnswer {
        SheetAnswer(
            name: "rep-13-stations", sheetName: VenueReportWords.title,
            columns: [
                SheetAnswer.Column("类别 part", width: 24), SheetAnswer.Column("项目 item", width: 40),
                SheetAnswer.Column("数量 count", isNumber: true), SheetAnswer.Column("总数 of", isNumber: true),
                SheetAnswer.Column("说明 remark", width: 48),
            ],
            rows: head(report, county: county, scope: scope) + stations(report) + venues(report) + rooms(report)
                + facilities(report) + bookings(report)
                + [
                    row("附注 footnote", "", remark: VenueReportWords.footnote),
                    row("附注 footnote", "", remark: VenueReportWords.footnoteEn),
                ])
    }

    private static func row(
        _ part: String, _ item: String, _ count: Int? = nil, of total: Int? = nil, remark: String = ""
    ) -> [SheetAnswer.Cell] {
        [
            .text(part), item.isEmpty ? .empty : .text(item), count.map { .count($0) } ?? .empty,
            total.map { .count($0) } ?? .empty, remark.isEmpty ? .empty : .text(remark),
        ]
    }

    private static func head(_ report: VenueReport, county: String, scope: [String]) -> [[SheetAnswer.Cell]] {
        [
            row("报表 report", VenueReportWords.code, remark: "\(VenueReportWords.title) \(VenueReportWords.titleEn)"),
            row("统计时点 as of", report.asOf?.description ?? "-"),
            row("范围 scope", scope.joined(separator: " "), remark: "县 county \(county)"),
            row("样本量 n", "", report.n), row("口径版本 formula version", VenueReport.formulaVersion),
        ]
    }

    private static func stations(_ report: VenueReport) -> [[SheetAnswer.Cell]] {
        let counts = report.counts
        return [
            row("阵地 stations", "雨润家园服务站 Yurun Home stations", counts.stations),
            row("阵地 stations", "公益睦邻点 good-neighbour points", counts.neighbourPoints),
            row("阵地 stations", "最早年份 since", counts.since),
        ]
    }

    private static func venues(_ report: VenueReport) -> [[SheetAnswer.Cell]] {
        let part = "一站六室 venues"
        let (complete, present) = (report.completeVenues, report.roomsPresent)
        return [
            row(
                part, "齐全的社区 complete communities", complete.numerator, of: complete.denominator,
                remark: complete.text),
            row(part, "已有功能室 rooms present", present.numerator, of: present.denominator, remark: present.text),
        ]
            + report.counts.communities.map { community in
                let missing = VenueReport.missing(community)
                return row(
                    part, "\(community.code) \(community.name ?? "")", RoomKind.venue.count - missing.count,
                    of: RoomKind.venue.count,
                    remark: missing.isEmpty ? "" : "缺 missing: " + missing.map(\.words).joined(separator: "、"))
            }
    }

    private static func rooms(_ report: VenueReport) -> [[SheetAnswer.Cell]] {
        let part = "功能室权属 rooms by tenure"
        let share = report.rentedShare
        return Tenure.allCases.map { row(part, $0.words, report.counts.tenures[$0] ?? 0) } + [
            row(part, "未说明 unstated", report.counts.tenures[Tenure?.none] ?? 0),
            row(part, "租用比例 rented share", share.numerator, of: share.denominator, remark: share.text),
        ]
    }

    private static func facilities(_ report: VenueReport) -> [[SheetAnswer.Cell]] {
        let part = "场所途径 facilities by provision way"
        return ProvisionWay.allCases.map { row(part, $0.words, report.counts.provisionWays[$0] ?? 0) }
            + [row(part, "未说明 unstated", report.counts.provisionWays[ProvisionWay?.none] ?? 0)]
    }

    private static func bookings(_ report: VenueReport) -> [[SheetAnswer.Cell]] {
        BookingState.allCases.map { row("预约 bookings", $0.words, report.counts.bookings[$0] ?? 0) }
    }
}

extension RoomKind {
    fileprivate var words: String {
        switch self {
        case .peopleService: "为民服务站"
        case .meeting: "“两委”会议室"
        case .memberActivity: "党员活动室"
        case .mediation: "纠纷调解室"
        case .duty: "值班室"
        case .archive: "档案室"
        case .finance: "财务室"
        case .other: "其他"
        }
    }
}

extension Tenure {
    fileprivate var words: String {
        switch self {
        case .owned: "自有 owned"
        case .rented: "租用 rented"
        case .shared: "共享 shared"
        case .free: "无偿使用 free"
        }
    }
}

extension ProvisionWay {
    fileprivate var words: String {
        switch self {
        case .newBuild: "新建 new build"
        case .rebuild: "改造 rebuild"
        case .purchase: "购置 purchase"
        case .projectMatching: "项目配套 project matching"
        case .mergeAndShare: "整合共享 merge and share"
        case .developerProvision: "开发商无偿提供 by developers, free"
        case .unitProvision: "驻社区单位无偿提供 by stationed units, free"
        }
    }
}

extension BookingState {
    fileprivate var words: String {
        switch self {
        case .waiting: "候补 waiting"
        case .requested: "申请 requested"
        case .approved: "已批准 approved"
        case .inUse: "使用中 in use"
        case .finished: "已结束 finished"
        case .refused: "已拒绝 refused"
        case .cancelledByUser: "申请人取消 cancelled by the applicant"
        case .cancelledByStation: "社区取消 cancelled by the community"
        case .noShow: "未到 no-show"
        }
    }
}
