import ArgumentParser
import Models

/// `tiaokuai digest`.
struct DigestCommand: OperatorCommand {
    static let configuration = CommandConfiguration(
        commandName: "digest",
        abstract: "输出全县一页通 Prints the county's one-page digest (REP-20).",
        discussion: """
            数字全部来自云平台网关自己的表，由各服务的事件形成。--json 输出 N01、N03 … 为键的数值。
            The figures come from the cloud gateway's own tables, which events alone have filled. --json prints numbers by N01, \
            N03 and so on.
            """)

    @Flag(help: "以 JSON 输出 Print JSON.")
    var json = false

    @OptionGroup var services: ServiceOptions

    func perform(_ console: Console) async throws -> ExitStatus {
        let digest = try await services.withClient(as: .countyAdmin) {
            try await $0.send(.get(.cloudGateway, "/v1/reports/digest"), as: DigestAnswer.self)
        }
        if json {
            try console.json(DigestReport(digest))
        } else {
            for line in Self.lines(digest) { console.line(line) }
        }
        return .success
    }

    static func lines(_ digest: DigestAnswer) -> [String] {
        var table = TextTable([("", .left), ("指标 figure", .left), ("数值 value", .right), ("", .left)])
        for (name, figure) in digest.figures.numbered.sorted(by: { $0.key < $1.key }) {
            let label = [figure.label, figure.labelEn].compactMap(\.self).joined(separator: " ")
            table.add([name, label, figure.text ?? DigestReport.Number(figure.value).text, Self.remark(figure)])
        }
        let incidents = digest.figures.incidents
        table.add(["", "网格事件 incidents", String(incidents.total)])
        for (name, count) in incidents.byFunction.sorted(by: { $0.key < $1.key }) {
            table.add(["", "  \(functions[name] ?? name) \(name)", String(count)])
        }
        let grids = digest.figures.grids
        table.add(["", "责任区 areas", String(grids.areas), "三员齐全 three staff complete: \(grids.threeStaffComplete)"])
        table.add(["", "服务小组 groups", String(grids.groups), "1+1+N 齐全 complete: \(grids.onePlusOnePlusNComplete)"])
        let readAt = digest.readAt.map { RFC3339.format($0) } ?? "-"
        let head = "一页通 digest  \(digest.county)  党员统计时点 members as of: \(digest.asOf ?? "-")  读取于 read at: \(readAt)"
        return [head] + table.lines.dropFirst() + [digest.footnote, digest.footnoteEn].compactMap(\.self)
    }

    private static let functions = [
        "policyPublicity": "政策宣传", "cultureForThePeople": "文化惠民", "emergencyManagement": "应急管理",
        "assistanceAndRelief": "帮扶救助", "disputeMediation": "矛盾调解",
    ]

    private static func remark(_ figure: DigestAnswer.Figure) -> String {
        if let numerator = figure.numerator, let denominator = figure.denominator {
            return "\(numerator)/\(denominator)"
        }
        if let parts = figure.parts {
            return parts.sorted { $0.key > $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        }
        // A report rounds (余, 近); the exact count stands beside it.
        guard figure.qualifier != "exact", let value = figure.value else { return "" }
        return DigestReport.Number(value).text
    }
}

/// The digest as `--json` prints it: plain numbers by name, so that a script needs no second step.
package struct DigestReport: Encodable, Sendable {
    /// A number that is written without a fraction when it has none.
    struct Number: Encodable, Sendable {
        let value: Double?

        init(_ value: Double?) { self.value = value }

        var text: String {
            guard let value else { return "-" }
            return Int(exactly: value).map { String($0) } ?? value.rounded(toPlaces: 2)
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            if let value, let whole = Int(exactly: value) {
                try container.encode(whole)
            } else {
                try container.encode(value)
            }
        }
    }

    private let digest: DigestAnswer

    /// Takes the gateway's answer.
    package init(_ digest: DigestAnswer) { self.digest = digest }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        try container.encode(digest.county, forKey: Name("county"))
        try container.encode(digest.asOf, forKey: Name("asOf"))
        try container.encode(digest.readAt, forKey: Name("readAt"))
        try container.encode(digest.formulaVersion, forKey: Name("formulaVersion"))
        for (name, figure) in digest.figures.numbered {
            try container.encode(Number(figure.value), forKey: Name(name))
        }
        try container.encode(digest.figures.incidents, forKey: Name("incidents"))
        try container.encode(digest.figures.grids, forKey: Name("grids"))
    }
}
