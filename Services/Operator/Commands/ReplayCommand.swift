import ArgumentParser
import Messaging
import Models

/// `tiaokuai replay TOPIC`.
package struct ReplayCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "让来源服务重新发送一段事件 Makes a source send a range of events again.",
        discussion: """
            已经应用过的读者会跳过，所以重发总是安全的。不指定 --lane 时重发该主题的所有道。
            Readers that have seen them skip them, so that this is always safe. Without --lane every lane of the topic is sent.
            """)

    @Argument(help: "主题，如 grid-operations.incident.v1 The topic, without prefix.")
    var topic: String

    @Option(help: ArgumentHelp("道 The lane.", valueName: "number"))
    var lane: Int?

    @Option(help: ArgumentHelp("起始序号 The first number.", valueName: "number"))
    var from: Int64 = 1

    @Option(help: ArgumentHelp("末尾序号，默认到最新 The last number (default: the newest).", valueName: "number"))
    var through: Int64?

    @Flag(help: "以 JSON 输出 Print JSON.")
    var json = false

    @OptionGroup var services: ServiceOptions

    /// A range that was asked for.
    package struct Range: Encodable, Sendable, Equatable {
        package let topic: String
        package let lane: Int
        package let from: Int64
        package let through: Int64
    }

    package init() {}

    package func perform(_ console: Console) async throws -> ExitStatus {
        guard let topic = Topic.named(topic) else {
            let names = Topic.all.map(\.name).joined(separator: ", ")
            throw OperatorError(
                .usage, "没有主题 \(self.topic)。已有：\(names)", "There is no topic \(self.topic). Known: \(names)")
        }
        guard from >= 1, through.map({ $0 >= from }) ?? true, lane.map({ (0..<topic.lanes).contains($0) }) ?? true
        else {
            throw OperatorError(
                .usage, "应为 1 ≤ from ≤ through，道在 0 到 \(topic.lanes - 1) 之间。",
                "It must hold that 1 ≤ from ≤ through, and a lane is between 0 and \(topic.lanes - 1).")
        }
        let ranges = try await services.withClient(as: .cloudOperator) { client in
            let messaging = MessagingClient(client: client)
            let heads = ReaderCatchUp.heads(try await messaging.figures(of: topic.service), topic: topic)
            let ranges = Self.ranges(topic, lane: lane, from: from, through: through, heads: heads)
            for range in ranges {
                for part in Self.parts(range.from...range.through, of: MessagingAdministration.replayRecordsMax) {
                    try await messaging.replay(topic, lane: range.lane, from: part.lowerBound, through: part.upperBound)
                }
            }
            return ranges
        }
        if json {
            try console.json(ranges)
        } else {
            for range in ranges { console.line("道 lane \(range.lane): \(range.from)…\(range.through)") }
            let count = ranges.reduce(0) { $0 + $1.through - $1.from + 1 }
            console.line("已请求重发 \(count) 个事件 events asked for: \(count)")
        }
        return .success
    }

    /// Cuts a range into parts that a service takes at a time.
    package static func parts(_ range: ClosedRange<Int64>, of count: Int64) -> [ClosedRange<Int64>] {
        stride(from: range.lowerBound, through: range.upperBound, by: Int64.Stride(count)).map {
            $0...min($0 + count - 1, range.upperBound)
        }
    }

    /// The ranges to ask for: no lane that has nothing of it.
    package static func ranges(
        _ topic: Topic, lane: Int?, from: Int64, through: Int64?, heads: [Int: Int64]
    ) -> [Range] {
        heads.filter { lane == nil || $0.key == lane }.sorted { $0.key < $1.key }.compactMap { lane, head in
            let last = min(through ?? head, head)
            return from <= last ? Range(topic: topic.name, lane: lane, from: from, through: last) : nil
        }
    }
}
