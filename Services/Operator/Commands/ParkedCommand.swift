import ArgumentParser
import Messaging
import Models

/// `tiaokuai parked list|retry|skip`.
struct ParkedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parked",
        abstract: "查看和处理搁置的事件 Lists and settles parked events.",
        discussion: """
            读者无法应用的事件连同原因被搁置，同一对象的后续事件排在其后；其他对象不受影响。
            An event that a reader cannot apply is parked with its reason; later events of the same key wait behind it.
            """,
        subcommands: [ParkedListCommand.self, ParkedRetryCommand.self, ParkedSkipCommand.self],
        defaultSubcommand: ParkedListCommand.self)
}

/// `tiaokuai parked list`.
struct ParkedListCommand: OperatorCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "列出搁置的事件 Lists parked events.")

    @Option(
        name: .customLong("at"), help: ArgumentHelp("只看一个服务 Only one service.", valueName: "service"))
    var service: ServiceName?

    @Option(help: ArgumentHelp("只看一个读者 Only one reader.", valueName: "consumer"))
    var consumer: String?

    @Option(help: ArgumentHelp("每个服务最多多少条 Most events of a service.", valueName: "count"))
    var limit: Int = 200

    @Flag(help: "以 JSON 输出 Print JSON.")
    var json = false

    @OptionGroup var services: ServiceOptions

    /// A parked event and the service that parked it.
    struct Line: Encodable, Sendable {
        let service: ServiceName
        let event: ParkedEvent

        private enum CodingKeys: String, CodingKey { case service }

        func encode(to encoder: any Encoder) throws {
            try event.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(service, forKey: .service)
        }
    }

    func perform(_ console: Console) async throws -> ExitStatus {
        let lines = try await services.withClient(as: .cloudOperator) { client in
            let messaging = MessagingClient(client: client)
            var lines: [Line] = []
            for service in service.map({ [$0] }) ?? ServiceName.allCases {
                lines += try await messaging.parked(of: service, consumer: consumer, limit: max(1, limit))
                    .map { Line(service: service, event: $0) }
            }
            return lines
        }
        if json {
            console.line(String(decoding: try ServiceJSON.encode(lines), as: UTF8.self))
        } else {
            for line in Self.table(lines) { console.line(line) }
        }
        return .success
    }

    static func table(_ lines: [Line]) -> [String] {
        guard !lines.isEmpty else { return ["没有搁置的事件 nothing is parked"] }
        var table = TextTable([
            ("服务 service", .left), ("编号 id", .right), ("读者 consumer", .left), ("主题 topic", .left), ("道 lane", .right),
            ("序号 number", .right), ("类型 type", .left), ("代码 code", .left), ("原因 reason", .left),
        ])
        for line in lines {
            let event = line.event
            table.add([
                line.service.rawValue, String(event.id), event.consumer, event.topic,
                event.lane.map { String($0) } ?? "-", event.number.map { String($0) } ?? "-", event.type ?? "-",
                event.code, event.reason,
            ])
        }
        return table.lines
    }
}

/// Says what became of settling a parked event.
enum ParkedOutcome {
    static func tell(_ outcome: RetryOutcome, json: Bool, _ console: Console) throws -> ExitStatus {
        if json {
            try console.json(outcome)
        } else {
            console.line("应用了 \(outcome.applied) 个事件 events applied: \(outcome.applied)")
            if let stopped = outcome.stoppedAt {
                console.line("停在 \(stopped)：\(outcome.reason ?? "") stopped at \(stopped)")
            }
        }
        return outcome.stoppedAt == nil ? .success : .checkFailed
    }
}

/// `tiaokuai parked retry SERVICE ID`.
struct ParkedRetryCommand: OperatorCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "重试搁置的事件及排在其后的事件 Tries a parked event again, and those behind it.",
        discussion: "仍不能应用时退出码为 1。Exit code 1 when it still cannot be applied.")

    @Argument(help: "服务 The service.")
    var service: ServiceName

    @Argument(help: "编号 The id, as `parked list` shows it.")
    var id: Int64

    @Flag(help: "以 JSON 输出 Print JSON.")
    var json = false

    @OptionGroup var services: ServiceOptions

    func perform(_ console: Console) async throws -> ExitStatus {
        let outcome = try await services.withClient(as: .cloudOperator) {
            try await MessagingClient(client: $0).retry(id, at: service)
        }
        return try ParkedOutcome.tell(outcome, json: json, console)
    }
}

/// `tiaokuai parked skip SERVICE ID --reason TEXT`.
struct ParkedSkipCommand: OperatorCommand {
    static let configuration = CommandConfiguration(
        commandName: "skip",
        abstract: "写明原因后跳过搁置的事件 Passes over a parked event with a reason, and applies those behind it.")

    @Argument(help: "服务 The service.")
    var service: ServiceName

    @Argument(help: "编号 The id, as `parked list` shows it.")
    var id: Int64

    @Option(help: ArgumentHelp("原因，不得含个人信息 The reason, without personal data.", valueName: "text"))
    var reason: String

    @Flag(help: "以 JSON 输出 Print JSON.")
    var json = false

    @OptionGroup var services: ServiceOptions

    func perform(_ console: Console) async throws -> ExitStatus {
        let outcome = try await services.withClient(as: .cloudOperator) {
            try await MessagingClient(client: $0).skip(id, reason: reason, at: service)
        }
        return try ParkedOutcome.tell(outcome, json: json, console)
    }
}
