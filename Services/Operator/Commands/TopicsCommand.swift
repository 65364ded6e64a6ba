import ArgumentParser
import Kafka
import Models

/// `tiaokuai topics`.
struct TopicsCommand: OperatorCommand {
    static let configuration = CommandConfiguration(
        commandName: "topics",
        abstract: "创建并核对消息主题 Creates and checks the topics.",
        discussion: """
            已有的主题不会改动。本地仿真代理没有管理接口，只核对不创建。
            Topics that exist are left as they are. The local emulation has no administration: there they are only checked. \
            Exit code 1 when a topic is missing or could not be made.
            """)

    @Option(
        help: ArgumentHelp(
            "副本数，默认用集群的设置 Copies of each partition (default: the cluster's).", valueName: "count"))
    var replicationFactor: Int?

    @Flag(help: "只核对，不创建 Only check.")
    var check = false

    @Flag(help: "以 JSON 输出 Print JSON.")
    var json = false

    @Flag(help: "显示客户端日志 Show the client's log.")
    var verbose = false

    @OptionGroup var broker: BrokerOptions

    func perform(_ console: Console) async throws -> ExitStatus {
        let report = try await TopicCheck(
            try broker.configuration(), logger: OperatorLogging.logger(isVerbose: verbose)
        ).run(naming: broker.naming(), replicationFactor: replicationFactor, checkOnly: check)
        if json {
            try console.json(report)
        } else {
            if report.isEmulation == true {
                console.line("代理是本地仿真，没有管理接口：只核对主题 The broker is the emulation: topics were only checked")
            }
            for line in Self.table(report) { console.line(line) }
        }
        return report.isSound ? .success : .checkFailed
    }

    static func table(_ report: TopicCheck.Report) -> [String] {
        var table = TextTable([
            ("主题 topic", .left), ("应有分区 planned", .right), ("分区 partitions", .right), ("副本 copies", .right),
            ("状态 state", .left),
        ])
        for line in report.topics {
            table.add([
                line.topic, String(line.planned), line.partitions.map { String($0) } ?? "-",
                line.replicationFactor.map { String($0) } ?? "-",
                line.reason.map { "\(line.state.rawValue): \($0)" } ?? line.state.rawValue,
            ])
        }
        return table.lines
    }
}
