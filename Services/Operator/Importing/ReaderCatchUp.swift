import Messaging
import Models

/// Waits until a service has read what another has said, by the audit figures of both.
package struct ReaderCatchUp: Sendable {
    private let figures: @Sendable (ServiceName) async throws -> AuditFigures
    private let patience: Duration

    /// Makes a waiter.
    ///
    /// - Parameters:
    ///   - patience: how long it waits.
    ///   - figures: asks a service for its side of the audit.
    package init(patience: Duration, figures: @escaping @Sendable (ServiceName) async throws -> AuditFigures) {
        self.patience = patience
        self.figures = figures
    }

    /// Waits until `reader` has all of a topic that its source has written by now.
    ///
    /// - Throws: `OperatorError` (unavailable) when it has not within the patience.
    package func wait(for reader: ServiceName, toRead topic: Topic) async throws {
        let deadline = ContinuousClock.now + patience
        var pause = Duration.milliseconds(10)
        var heads: [Int: Int64]?
        while true {
            if heads == nil {
                let source = try await figures(topic.service)
                // What is pending has no number yet; once nothing is, the heads hold all that was written before.
                if source.pending == 0 { heads = Self.heads(source, topic: topic) }
            }
            if let heads, Self.hasRead(try await figures(reader), topic: topic, through: heads) { return }
            guard .now < deadline else { throw late(reader, topic) }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(200))
        }
    }

    static func heads(_ source: AuditFigures, topic: Topic) -> [Int: Int64] {
        let lanes = source.produced.filter { $0.topic == topic.name && $0.head > 0 }
        return Dictionary(lanes.map { ($0.lane, $0.head) }) { max($0, $1) }
    }

    static func hasRead(_ reader: AuditFigures, topic: Topic, through heads: [Int: Int64]) -> Bool {
        let watermarks = Dictionary(
            reader.read.filter { $0.topic == topic.name }.map { ($0.lane, $0.watermark) }, uniquingKeysWith: max)
        return heads.allSatisfy { (watermarks[$0.key] ?? 0) >= $0.value }
    }

    private func late(_ reader: ServiceName, _ topic: Topic) -> OperatorError {
        OperatorError(
            .unavailable,
            "服务 \(reader.rawValue) 在 \(patience.components.seconds) 秒内没有读完 \(topic.service.rawValue) 的 \(topic.name)，"
                + "现在导入会误拒正确的行。请查看 tiaokuai audit 和该服务的日志后重试；已导入的行不受影响。",
            "Within \(patience.components.seconds) s \(reader.rawValue) has not read all of \(topic.name), so that sound rows "
                + "would be refused. See tiaokuai audit and the service's log, then import again; nothing is lost.")
    }
}
