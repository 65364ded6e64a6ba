import Kafka
import Support
import Testing

/// A stable address in front of brokers that come and go, as the local stack has it.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct BrokerReplacementTests {
    private func broker(behind forwarder: TCPForwarder, topic: String) throws -> EmulatedBroker {
        let broker = try EmulatedBroker()
        try broker.createTopic(topic, partitions: 4)
        forwarder.forward(to: broker.bootstrapServers.split(separator: ":").last.flatMap { UInt16($0) })
        return broker
    }

    /// `count` records go to the new broker: fewer per partition than the old one held, as many, and more.
    ///
    /// With as many or more the consumer's old position exists in the new topic too. That it reads from the beginning
    /// all the same shows that it joined the new broker's group, which knows of no offsets.
    @Test(arguments: [100, 400, 1_200])
    func `clients go on when a new and empty broker stands behind the old address`(count: Int) async throws {
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

        // Started before the old one ends, since the emulation takes its identity from its place in memory.
        let new = try broker(behind: forwarder, topic: topic)
        old.stop()
        try await eventually(within: .seconds(60), "producer recovers") {
            let reports = try await producer.send(
                numbered(1_000..<1_000 + count, topic: topic, partitions: 4), timeout: .seconds(5))
            return reports.allSatisfy { $0.error == nil }
        }
        try await eventually(within: .seconds(30), "all records of the new broker") {
            Set(log.records.dropFirst(400).map(\.value)).count == count
        }
        let fresh = log.records.dropFirst(400)
        for partition in 0..<4 {
            let offsets = Set(fresh.filter { $0.partition == partition }.map(\.offset))
            #expect(offsets.isSuperset(of: (0..<Int64(count / 4))))
        }
        try await consumer.stop()
        await producer.close(deadline: .seconds(5))
        new.stop()
        forwarder.stop()
    }
}
