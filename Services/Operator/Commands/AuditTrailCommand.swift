import ArgumentParser
import Models

/// `tiaokuai audit-trail verify|search|cut|rebase`.
struct AuditTrailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit-trail",
        abstract: "校验和查询审计记录 Verifies and searches the audit trails.",
        discussion: """
            每个服务把“谁在何时对什么做了什么”写入只可追加的审计记录，并以摘要逐批相连。
            Each service writes who did what to what into a trail that is only appended to, chained by hashes batch by batch.
            """,
        subcommands: [
            AuditTrailVerifyCommand.self, AuditTrailSearchCommand.self, AuditTrailCutCommand.self,
            AuditTrailRebaseCommand.self,
        ],
        defaultSubcommand: AuditTrailVerifyCommand.self)
}

/// `tiaokuai audit-trail verify`.
struct AuditTrailVerifyCommand: OperatorCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "校验审计链 Computes the chains anew and compares.",
        discussion: """
            发现被改动、删除、插入的记录或封条时逐条指出，退出码为 1。末尾被整段截去只有与别处留存的封条比对才能发现：\
            请用 --anchor 指定存放在他处的文件，校验通过后写入最新封条，下次先与之比对。
            Names every entry or seal that was changed, removed or inserted; exit code 1 then. A cut of the end is found only by \
            comparison with seals kept elsewhere: --anchor names a file for them, compared first and written anew when all is \
            well. Run it once a day and keep the file on another machine.
            """)

    @Option(name: .customLong("at"), help: ArgumentHelp("只校验一个服务 Only one service.", valueName: "service"))
    var service: ServiceName?

    @Option(help: ArgumentHelp("留存最新封条的文件 File that keeps the newest seals.", valueName: "file"))
    var anchor: String?

    @Flag(help: "以 JSON 输出 Print JSON.")
    var json = false

    @OptionGroup var services: ServiceOptions

    func perform(_ console: Console) async throws -> ExitStatus {
        let kept = try anchor.flatMap { try AuditTrailAnchor.read($0) } ?? AuditTrailAnchor()
        let progress = ProgressReporter(console: console, isQuiet: json)
        let trails = try await services.withClient(as: .auditAdmin) { client in
            var trails: [AuditTrailReport.Trail] = []
            for service in service.map({ [$0] }) ?? ServiceName.allCases {
                trails.append(
                    try await Self.verify(service, kept.seals[service.rawValue], client, progress: progress))
            }
            return trails
        }
        progress.clear()
        let report = AuditTrailReport(trails)
        if let anchor, report.clean {
            var seals = kept.seals
            for trail in trails { seals[trail.service.rawValue] = trail.head ?? seals[trail.service.rawValue] }
            try AuditTrailAnchor(seals: seals).write(anchor)
        }
        if json {
            console.line(String(decoding: try ServiceJSON.encode(report), as: UTF8.self))
        } else {
            for line in report.lines { console.line(line) }
            console.line(
                report.clean
                    ? console.colour("通过：审计链完好 clean: the chains are whole", "32")
                    : console.colour("未通过：审计记录被动过 not clean: the trail was tampered with", "31"))
        }
        return report.clean ? .success : .checkFailed
    }

    private static func verify(
        _ service: ServiceName, _ kept: AuditTrailHead?, _ client: ServiceClient, progress: ProgressReporter
    ) async throws -> AuditTrailReport.Trail {
        let asker = AuditTrailClient(client: client)
        var hasBegun = false
        var trail = try await asker.verify(service) { seals, total in
            if !hasBegun { progress.begin(service.rawValue, total: Int(total)) }
            hasBegun = true
            progress.advance(by: seals)
        }
        if let kept {
            trail.findings += AuditTrailAnchor.findings(
                kept: kept, present: try await asker.head(kept.number, of: service))
        }
        return trail
    }
}

/// `tiaokuai audit-trail search`.
struct AuditTrailSearchCommand: OperatorCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "查询审计记录，最新在前 Finds entries, newest first.",
        discussion: "查询本身也会写入审计记录。Each search is itself an entry.")

    @Option(name: .customLong("at"), help: ArgumentHelp("只查一个服务 Only one service.", valueName: "service"))
    var service: ServiceName?

    @Option(help: ArgumentHelp("操作者编号 The actor's id.", valueName: "subject"))
    var actor: String?

    @Option(help: ArgumentHelp("对象的编号或代码 Id or code of the object.", valueName: "id"))
    var object: String?

    @Option(help: ArgumentHelp("从何时起（RFC 3339）From this time.", valueName: "time"))
    var from: String?

    @Option(help: ArgumentHelp("到何时止（不含）Before this time.", valueName: "time"))
    var to: String?

    @Option(help: ArgumentHelp("每个服务最多多少条 Most entries of a service.", valueName: "count"))
    var limit: Int = 50

    @Flag(help: "以 JSON 输出 Print JSON.")
    var json = false

    @OptionGroup var services: ServiceOptions

    /// An entry and the service in whose trail it is.
    struct Line: Encodable, Sendable {
        let service: ServiceName
        let entry: AuditTrailEntry
    }

    func perform(_ console: Console) async throws -> ExitStatus {
        let query = AuditTrailQuery(actor: actor, object: object, from: from, to: to)
        let lines = try await services.withClient(as: .auditAdmin) { client in
            var lines: [Line] = []
            for service in service.map({ [$0] }) ?? ServiceName.allCases {
                lines += try await AuditTrailClient(client: client).search(service, for: query, limit: max(1, limit))
                    .map { Line(service: service, entry: $0) }
            }
            return lines.sorted { $0.entry.at > $1.entry.at }
        }
        if json {
            console.line(String(decoding: try ServiceJSON.encode(lines), as: UTF8.self))
        } else {
            for line in Self.table(lines) { console.line(line) }
        }
        return .success
    }

    static func table(_ lines: [Line]) -> [String] {
        guard !lines.isEmpty else { return ["没有符合的记录 no entry fits"] }
        var table = TextTable([
            ("时间 time", .left), ("服务 service", .left), ("操作者 actor", .left), ("操作 operation", .left),
            ("动作 action", .left), ("对象 object", .left), ("区划 division", .left), ("详情 details", .left),
        ])
        for line in lines {
            let entry = line.entry
            table.add([
                RFC3339.format(entry.at), line.service.rawValue, entry.actor, entry.operation, entry.action,
                [entry.objectType, entry.object].compactMap(\.self).joined(separator: " "), entry.divisionCode ?? "-",
                entry.details,
            ])
        }
        return table.lines
    }
}
