import ArgumentParser
import Models

/// `tiaokuai audit-trail cut`.
struct AuditTrailCutCommand: OperatorCommand {
    static let configuration = CommandConfiguration(
        commandName: "cut",
        abstract: "截去满三年的审计记录 Cuts off months that are older than three years.",
        discussion: """
            先逐条校验要截去的服务；有一处不符就不截，退出码 1。截去本身也写入审计记录，截口前的最后一个封条留作余下各条的起点。
            Verifies the service first, and cuts nothing where anything is found (exit code 1). The cut itself is an entry of the \
            trail, and the last seal before it stays as the anchor of the rest.
            """)

    @Option(help: ArgumentHelp("保留的第一个月 The first month that stays.", valueName: "YYYY-MM"))
    var before: String

    @Option(name: .customLong("at"), help: ArgumentHelp("只截一个服务 Only one service.", valueName: "service"))
    var service: ServiceName?

    @OptionGroup var services: ServiceOptions

    func perform(_ console: Console) async throws -> ExitStatus {
        let progress = ProgressReporter(console: console, isQuiet: false)
        return try await services.withClient(as: .auditAdmin) { client in
            let asker = AuditTrailClient(client: client)
            for service in service.map({ [$0] }) ?? ServiceName.allCases {
                var hasBegun = false
                let trail = try await asker.verify(service) { seals, total in
                    if !hasBegun { progress.begin(service.rawValue, total: Int(total)) }
                    hasBegun = true
                    progress.advance(by: seals)
                }
                progress.clear()
                guard trail.isClean else {
                    for line in AuditTrailReport([trail]).lines { console.line(line) }
                    return .checkFailed
                }
                console.line(Self.words(try await asker.cut(service, before: before), of: service))
            }
            return .success
        }
    }

    private static func words(_ cut: AuditTrailCut?, of service: ServiceName) -> String {
        guard let cut else { return "\(service.rawValue)：没有可截的记录 nothing to cut" }
        return "\(service.rawValue)：已截至 cut before \(cut.before)，记录 entries \(cut.entries)，封条 seals \(cut.seals)，"
            + "起点封条 anchor \(cut.seal)"
    }
}

/// `tiaokuai audit-trail rebase SERVICE`.
struct AuditTrailRebaseCommand: OperatorCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebase",
        abstract: "接续恢复到另一个 PostgreSQL 集群的审计链 Takes up a trail that was restored into another PostgreSQL cluster.",
        discussion: """
            恢复后不再封存，直到执行本命令；与 tiaokuai relay rebase 各执行一次，先后不限。
            After a restore nothing is sealed until this is run. Run it and tiaokuai relay rebase once each, in any order.
            """)

    @Argument(help: "服务 The service whose database was restored.")
    var service: ServiceName

    @OptionGroup var services: ServiceOptions

    func perform(_ console: Console) async throws -> ExitStatus {
        try await services.withClient(as: .auditAdmin) { try await AuditTrailClient(client: $0).rebase(service) }
        console.line("\(service.rawValue) 的审计链已接续 the trail is taken up")
        console.line("请运行 tiaokuai audit-trail verify 校验 now run tiaokuai audit-trail verify")
        return .success
    }
}
