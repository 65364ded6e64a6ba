import Kafka
import Models

/// The broker of the local stack: librdkafka's emulation of a cluster behind a port that stays the same.
package struct LocalBroker: Sendable {
    private let emulation: EmulatedBroker
    private let forwarder: TCPForwarder

    /// The address that clients ask first.
    package var bootstrapServers: String { "127.0.0.1:\(forwarder.port)" }

    /// Starts the emulation with all topics and begins to listen.
    ///
    /// - Parameters:
    ///   - port: the fixed port; 0 lets the system choose.
    ///   - naming: the prefix of topic names.
    /// - Throws: `KafkaError`, `OperatorError`.
    package static func start(port: Int, naming: TopicNaming) async throws -> LocalBroker {
        let emulation = try EmulatedBroker()
        for plan in TopicPlan.all(naming: naming) {
            try emulation.createTopic(plan.name, partitions: plan.partitions)
        }
        let forwarder = try await TCPForwarder.listen(port: port, target: emulation.bootstrapServers)
        return LocalBroker(emulation: emulation, forwarder: forwarder)
    }

    /// Serves until the task is cancelled, then ends the emulation and forgets all it held.
    package func run() async throws {
        defer { emulation.stop() }
        do {
            try await forwarder.run()
        } catch is CancellationError {
            return
        }
    }
}

/// A topic that an installation needs.
package struct TopicPlan: Sendable, Equatable {
    /// The name as the broker knows it.
    package let name: String
    /// Its partitions.
    package let partitions: Int
    /// Settings of the topic on a real cluster.
    package let settings: [String: String]

    /// All topics of the suite, and the one on which readers ask for more.
    package static func all(naming: TopicNaming) -> [TopicPlan] {
        // Facts stay a week: the outbox can fill a topic again, so the broker need not keep them for ever. Requests for
        // a replay are acted on for half a minute.
        let facts = ["retention.ms": "604800000", "cleanup.policy": "delete"]
        let requests = ["retention.ms": "3600000", "cleanup.policy": "delete"]
        return Topic.all.map { TopicPlan(name: naming.wireName($0.name), partitions: $0.partitions, settings: facts) }
            + [
                TopicPlan(
                    name: naming.wireName(ReplayTopic.name), partitions: ReplayTopic.partitions, settings: requests)
            ]
    }
}
