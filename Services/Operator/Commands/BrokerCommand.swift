import ArgumentParser
import Models

/// `tiaokuai broker`.
struct BrokerCommand: OperatorCommand {
    static let configuration = CommandConfiguration(
        commandName: "broker",
        abstract: "运行本地仿真代理 Runs the broker of the local stack.",
        discussion: """
            librdkafka 自带的 Kafka 仿真，内存中每个分区约 5 MB，进程结束即清空：只用于评估和测试，正式环境用 Apache Kafka。\
            就绪后输出一行；收到 SIGTERM 后正常结束。
            librdkafka's own emulation of Kafka: 5 MB a partition in memory, gone when the process ends. For evaluation and tests; \
            production is Apache Kafka. Prints one line when it is ready and ends at SIGTERM.
            """)

    @Option(help: ArgumentHelp("监听的本机端口 The loopback port.", valueName: "port"))
    var port: Int = 8111

    @Option(help: ArgumentHelp("主题名前缀 Prefix before all topic names.", valueName: "prefix"))
    var topicPrefix: String = ""

    func perform(_ console: Console) async throws -> ExitStatus {
        guard (0...65_535).contains(port) else {
            throw OperatorError(.usage, "端口应在 0 到 65535 之间。", "A port is between 0 and 65535.")
        }
        let broker = try await LocalBroker.start(port: port, naming: TopicNaming(prefix: topicPrefix))
        console.line("代理就绪 broker ready: \(broker.bootstrapServers)")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await broker.run() }
            group.addTask { await TerminationSignals.wait() }
            try await group.next()
            group.cancelAll()
            try await group.waitForAll()
        }
        return .success
    }
}
