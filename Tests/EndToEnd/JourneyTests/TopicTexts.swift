import Foundation
import Kafka
import Postgres
import Support
import Synchronization

/// Reads back all that a suite has said on its topics, as texts.
enum TopicTexts {
    /// What has come so far.
    private final class Heard: Sendable {
        private let state = Mutex<(texts: [String: [String]], events: Set<String>)>(([:], []))

        func add(_ batch: KafkaBatch) {
            state.withLock { state in
                for record in batch.records {
                    state.texts[record.topic, default: []].append(TopicTexts.text(of: record))
                    if let id = record.header("ce_id") { state.events.insert(String(decoding: id, as: UTF8.self)) }
                }
            }
        }

        func has(_ events: Set<String>) -> Bool { state.withLock { events.isSubset(of: $0.events) } }

        var texts: [String: [String]] { state.withLock { $0.texts } }
    }

    /// Says something on a topic of its own, so that it is seen to be read back.
    static func plant(_ text: String, on topic: String, of suite: LocalSuite) async throws {
        let client = KafkaConfiguration(bootstrapServers: suite.bootstrapServers, clientID: "plant")
        let producer = try KafkaProducer(client, logger: TestBroker.logger)
        _ = try await producer.send(
            [KafkaOutgoingRecord(topic: topic, value: Array(text.utf8))], timeout: .seconds(20))
        await producer.close(deadline: .seconds(5))
    }

    /// Every record of every topic that the broker has, by topic; among them all events of the services' outboxes, and one
    /// at least of each further topic that is named.
    static func all(of suite: LocalSuite, and topics: Set<String>) async throws -> [String: [String]] {
        let client = KafkaConfiguration(
            bootstrapServers: suite.bootstrapServers, clientID: "scan", overrides: ["fetch.wait.max.ms": "5"])
        let names = try await KafkaAdmin(client, logger: TestBroker.logger).topics().map(\.name)
        let expected = try await events(of: suite)
        let heard = Heard()
        let consumer = try KafkaConsumer(
            KafkaConsumerConfiguration(client: client, group: "scan-\(UUID().uuidString)", topics: names),
            logger: TestBroker.logger
        ) { heard.add($0) }
        let run = Task { try await consumer.run() }
        do {
            try await eventually(within: .seconds(60), "every event of the outboxes is read back") {
                heard.has(expected) && topics.isSubset(of: heard.texts.keys)
            }
        } catch {
            await consumer.shutdown(deadline: .seconds(5))
            throw error
        }
        await consumer.shutdown(deadline: .seconds(5))
        try await run.value
        return heard.texts
    }

    /// The ids of all events that the services have written.
    private static func events(of suite: LocalSuite) async throws -> Set<String> {
        var ids: Set<String> = []
        for service in LocalSuite.services {
            let connection = try await PostgresConnection.connect(suite.database(of: service))
            for row in try await connection.query("select event_id::text as id from messaging.outbox").rows {
                ids.insert(try row.decode("id"))
            }
            await connection.close()
        }
        return ids
    }

    /// Key, headers and value.
    private static func text(of record: KafkaIncomingRecord) -> String {
        let parts =
            [record.key ?? []] + record.headers.map { Array($0.name.utf8) + [0x3a] + $0.value } + [record.value ?? []]
        return parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    }
}
