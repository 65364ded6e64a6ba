import Kafka
import Support
import Testing

/// A stable address in front of brokers that come and go, as the local stack has it.
@Suite(.timeLimit(.minutes(3)))
struct BrokerReplacementTests {
    private func broker(behind forwarder: TCPForwarder, topic: String) throws -> EmulatedBroker {
        let broker = try EmulatedBroker()
        try broker.createTopic(topic, partitions: 4)
        forwarder.forward(to: broker.bootstrapServers.split(separator: ":").last.flatMap { UInt16($0) })
        return broker
    }

    @Test func `clients go on when a new and empty broker stands behind the old address`() async throws {
        let forwarder = try TCPForwarder()
        let topic = TestBroker.uniqueName("replaced")
        let old = try broker(behind: forwarder, topic: topic)
        let client = KafkaConfiguration(
            bootstrapServers: "127.0.0.1:\(forwarder.port)", clientID: "test", overrides: ["fetch.wait.max.ms": "5"])
        let producer = try KafkaProducer(client, logger: TestBroker.logger)
        let log = RecordLog()
        let consumer = try RunningConsumer(
            KafkaConsumerConfiguration(client: client, group: TestBroker.uniqueName("group"), topics: [topic])
        ) { log.add($0) }
        _ = try await producer.send(numbered(0..<400, topic: topic, partitions: 4), timeout: .seconds(20))
        try await eventually(within: .seconds(30), "records of the old broker") { log.count == 400 }

        old.stop()
        let new = try broker(behind: forwarder, topic: topic)
        let start = ContinuousClock.now
        var attempts = 0
        try await eventually(within: .seconds(60), "producer recovers") {
            attempts += 1
            let reports = try await producer.send(
                numbered(400..<500, topic: topic, partitions: 4), timeout: .seconds(5))
            return reports.allSatisfy { $0.error == nil }
        }
        let produced = ContinuousClock.now - start
        try await eventually(within: .seconds(60), "records of the new broker") { log.count >= 500 }
        let consumed = ContinuousClock.now - start
        print("producer \(produced) in \(attempts) attempts, consumer \(consumed)")
        // The new topics are shorter than the old positions: all of them are read, from their beginning.
        let fresh = log.records.dropFirst(400)
        #expect(Set(fresh.map { String(decoding: $0.value ?? [], as: UTF8.self) }) == Set((400..<500).map(String.init)))
        #expect(fresh.contains { $0.offset == 0 })
        try await consumer.stop()
        await producer.close(deadline: .seconds(5))
        new.stop()
        forwarder.stop()
    }
}
