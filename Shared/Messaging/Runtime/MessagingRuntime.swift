import Foundation
import Kafka
import Logging
import Models
import Postgres

/// Where the messaging core's own migrations lie.
package enum MessagingMigrations {
    /// The folder of numbered SQL files; the set's name is `messaging`.
    package static var directory: URL { Bundle.module.bundleURL.appendingPathComponent("Migrations") }
}

/// Everything of a service that speaks with the broker: relay, readers, answers to replay requests.
package final class MessagingRuntime: Sendable {
    /// How the parts pace themselves.
    package struct Settings: Sendable {
        /// The relay's pace.
        package var relay = RelaySettings()
        /// The readers' pace.
        package var consumer = ConsumerSettings()

        package init() {}
    }

    /// What an operator can ask.
    package let administration: MessagingAdministration
    /// What is counted.
    package let metrics: MessagingMetrics
    private let relay: Relay
    private let consumers: [EventConsumer]
    private let responder: ReplayResponder
    private let logger: Logger

    /// Joins the parts of a service.
    ///
    /// - Parameters:
    ///   - service: the service's name.
    ///   - county: the county's division code, part of the source.
    ///   - pool: the service's pool.
    ///   - database: its database, for the relay's own connection.
    ///   - outbox: its outbox.
    ///   - sink: where records go, the service's producer.
    ///   - kafka: the cluster, for the readers.
    ///   - naming: the prefix of topics.
    ///   - handlers: the service's readers.
    ///   - announcers: what can state its present.
    ///   - settings: the pace.
    ///   - failpoints: where tests let it die.
    ///   - logger: where it says what it does.
    package init(
        service: ServiceName, county: String, pool: PostgresPool, database: PostgresConfiguration, outbox: Outbox,
        sink: any RecordSink, kafka: KafkaConfiguration, naming: TopicNaming, handlers: [any EventHandler],
        announcers: [any Announcer], settings: Settings = Settings(), failpoints: Failpoints = .none, logger: Logger
    ) {
        let metrics = MessagingMetrics()
        let source = service.source(county: county)
        let requester = ReplayRequester(sink: sink, naming: naming)
        self.metrics = metrics
        self.logger = logger
        relay = Relay(
            configuration: database, sink: sink, source: source, naming: naming, signal: outbox.signal,
            settings: settings.relay, failpoints: failpoints, metrics: metrics, logger: logger)
        consumers = handlers.map {
            EventConsumer(
                handler: $0, pool: pool, kafka: kafka, naming: naming, outbox: outbox, requester: requester,
                settings: settings.consumer, failpoints: failpoints, metrics: metrics, logger: logger)
        }
        responder = ReplayResponder(
            pool: pool, outbox: outbox, sink: sink, kafka: kafka, naming: naming, service: service.rawValue,
            source: source, readers: handlers.map(\.name), announcers: announcers, metrics: metrics, logger: logger)
        administration = MessagingAdministration(
            pool: pool, outbox: outbox, relay: relay, source: source, handlers: handlers, responder: responder)
    }

    /// Runs all parts until the task is cancelled, or a part fails for good.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.relay.run() }
            group.addTask { try await self.responder.run() }
            for consumer in consumers { group.addTask { try await consumer.run() } }
            for try await _ in group {}
        }
    }

    /// Lets readers finish their batches and leave their groups.
    ///
    /// Cancel `run` afterwards: the relay then sends what is left and ends.
    package func stopReading(deadline: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.responder.shutdown(deadline: deadline) }
            for consumer in consumers { group.addTask { await consumer.shutdown(deadline: deadline) } }
        }
    }

    /// How many lanes of all readers wait for something missing.
    package var openGaps: Int { consumers.reduce(0) { $0 + $1.openGaps } }
}
