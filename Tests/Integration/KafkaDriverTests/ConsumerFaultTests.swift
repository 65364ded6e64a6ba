import Kafka
import Support
import Testing

/// Each test has a broker of its own, since faults hit every client.
@Suite(.timeLimit(.minutes(3)))
struct ConsumerFaultTests {
    private func start(
        _ log: RecordLog, partitions: Int = 2, change: (inout KafkaConsumerConfiguration) -> Void = { _ in }
    ) throws -> (EmulatedBroker, KafkaProducer, RunningConsumer, topic: String) {
        let broker = try EmulatedBroker()
        let topic = try TestBroker.topic("faults", partitions: partitions, on: broker)
        let producer = try KafkaProducer(TestBroker.configuration(of: broker), logger: TestBroker.logger)
        var settings = KafkaConsumerConfiguration(
            client: TestBroker.configuration(of: broker), group: TestBroker.uniqueName("group"), topics: [topic])
        change(&settings)
        let consumer = try RunningConsumer(settings) { log.add($0) }
        return (broker, producer, consumer, topic)
    }

    private func finish(_ broker: EmulatedBroker, _ producer: KafkaProducer, _ consumer: RunningConsumer) async throws {
        try await consumer.stop()
        await producer.close(deadline: .seconds(5))
        broker.stop()
    }

    @Test func `records that are sent after the broker was down arrive without a restart`() async throws {
        let log = RecordLog()
        let (broker, producer, consumer, topic) = try start(log)
        _ = try await producer.send(numbered(0..<100, topic: topic, partitions: 2), timeout: .seconds(20))
        try await eventually(within: .seconds(30), "first records") { log.count == 100 }
        try broker.setDown()
        try await eventually(within: .seconds(20), "outage noticed") { consumer.consumer.statistics.clientErrors > 0 }
        try broker.setUp()
        _ = try await producer.send(numbered(100..<200, topic: topic, partitions: 2), timeout: .seconds(30))
        try await eventually(within: .seconds(30), "later records") { log.count >= 200 }
        #expect(log.textByPartition[0] == stride(from: 0, to: 200, by: 2).map(String.init))
        #expect(consumer.consumer.statistics.lastError != nil)
        try await finish(broker, producer, consumer)
    }

    @Test func `a fetch that fails is tried again and nothing is left out`() async throws {
        let log = RecordLog()
        let (broker, producer, consumer, topic) = try start(log)
        try await consumer.joined(partitions: 2)
        for start in stride(from: 0, to: 1_000, by: 100) {
            try broker.failFetch(times: 2, with: start % 200 == 0 ? .disconnect : .notLeader)
            _ = try await producer.send(
                numbered(start..<start + 100, topic: topic, partitions: 2), timeout: .seconds(20))
        }
        try await eventually(within: .seconds(60), "all records") { log.count >= 1_000 }
        #expect(log.textByPartition[1] == stride(from: 1, to: 1_000, by: 2).map(String.init))
        try await finish(broker, producer, consumer)
    }

    @Test func `a member that the group forgot joins again and goes on`() async throws {
        let log = RecordLog()
        let (broker, producer, consumer, topic) = try start(log)
        _ = try await producer.send(numbered(0..<100, topic: topic, partitions: 2), timeout: .seconds(20))
        try await eventually(within: .seconds(30), "first records") { log.count == 100 }
        let before = consumer.consumer.statistics.rebalances
        try broker.fail(.heartbeat, times: 1, with: .unknownMember)
        try await eventually(within: .seconds(30), "joined again") {
            consumer.consumer.statistics.rebalances >= before + 2 && consumer.consumer.assignment.count == 2
        }
        _ = try await producer.send(numbered(100..<200, topic: topic, partitions: 2), timeout: .seconds(20))
        try await eventually(within: .seconds(30), "later records") {
            Set(log.records.map { [Int64($0.partition), $0.offset] }).count == 200
        }
        try await finish(broker, producer, consumer)
    }

    @Test func `a position that no longer exists starts again with the oldest record`() async throws {
        let log = RecordLog()
        let (broker, producer, consumer, topic) = try start(log, partitions: 1)
        _ = try await producer.send(numbered(0..<50, topic: topic, partitions: 1), timeout: .seconds(20))
        try await eventually(within: .seconds(30), "records") { log.count == 50 }
        try broker.failFetch(times: 1, with: .offsetOutOfRange)
        try await eventually(within: .seconds(30), "records from the start") { log.count >= 100 }
        #expect(log.records.map(\.offset).suffix(50) == Array(0..<50)[...])
        try await finish(broker, producer, consumer)
    }

    @Test func `a client that is beyond use is rebuilt and joins again`() async throws {
        let log = RecordLog()
        let (broker, producer, consumer, topic) = try start(log)
        try await consumer.joined(partitions: 2)
        try broker.fail(.heartbeat, times: 1, with: .fencedInstance)
        try await eventually(within: .seconds(30), "rebuilt") { consumer.consumer.statistics.rebuilds == 1 }
        _ = try await producer.send(numbered(0..<100, topic: topic, partitions: 2), timeout: .seconds(20))
        try await eventually(within: .seconds(40), "records") { log.count >= 100 }
        try await finish(broker, producer, consumer)
    }
}
