import Models
import ServiceKit

/// What every report says of itself at the head of its sheet, and the form of its rows.
struct ReportHead {
    let code: String
    let title: String
    let asOf: CalendarDay?
    let county: String
    let scope: [String]
    let n: Int
    let formulaVersion: String

    static let columns = [
        SheetAnswer.Column("类别 part", width: 24), SheetAnswer.Column("项目 item", width: 40),
        SheetAnswer.Column("数量 count", isNumber: true), SheetAnswer.Column("总数 of", isNumber: true),
        SheetAnswer.Column("说明 remark", width: 48),
    ]

    /// A row of the sheet.
    static func row(
        _ part: String, _ item: String, _ count: Int? = nil, of total: Int? = nil, remark: String = ""
    ) -> [SheetAnswer.Cell] {
        [
            .text(part), item.isEmpty ? .empty : .text(item), count.map { .count($0) } ?? .empty,
            total.map { .count($0) } ?? .empty, remark.isEmpty ? .empty : .text(remark),
        ]
    }

    /// The notes at the end of the sheet.
    static func footnotes(_ texts: String...) -> [[SheetAnswer.Cell]] {
        texts.map { row("附注 footnote", "", remark: $0) }
    }

    var rows: [[SheetAnswer.Cell]] {
        [
            Self.row("报表 report", code, remark: title), Self.row("统计时点 as of", asOf?.description ?? "-"),
            Self.row("范围 scope", scope.joined(separator: " "), remark: "县 county \(county)"),
            Self.row("样本量 n", "", n), Self.row("口径版本 formula version", formulaVersion),
        ]
    }
}
