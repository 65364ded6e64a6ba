import Kafka
import Support
import Testing

/// Each test has a broker of its own, since faults hit every client.
@Suite(.timeLimit(.minutes(2)))
struct ProducerFaultTests {
    private func start(partitions: Int, brokers: Int = 1) throws -> (EmulatedBroker, KafkaProducer, topic: String) {
        let broker = try EmulatedBroker(brokers: brokers)
        let topic = try TestBroker.topic("faults", partitions: partitions, on: broker)
        let producer = try KafkaProducer(TestBroker.configuration(of: broker), logger: TestBroker.logger)
        return (broker, producer, topic)
    }

    @Test func `sixty thousand records survive cut connections and moving leaders, none lost and in order`()
        async throws
    {
        let (broker, producer, topic) = try start(partitions: 12, brokers: 3)
        for batch in 0..<30 {
            switch batch % 3 {
            case 0: try broker.failProduce(times: 3, with: .disconnect)
            case 1: try broker.failProduce(times: 5, with: .notLeader)
            default: try broker.setLeader(topic: topic, partition: batch % 12, broker: 1 + batch % 3)
            }
            let reports = try await producer.send(
                numbered(batch * 2_000..<(batch + 1) * 2_000, topic: topic, partitions: 12), timeout: .seconds(30))
            #expect(reports.allSatisfy { $0.error == nil })
        }
        #expect(producer.statistics.records == 60_000)
        await producer.close(deadline: .seconds(5))

        // The emulation does not recognise a repetition as brokers do: what is stored twice is skipped here as readers do.
        let log = try await readAll(topic: topic, count: 60_000, skipsRepeats: true, from: broker)
        for partition in 0..<12 {
            var seen: Set<String> = []
            let values = (log.textByPartition[Int32(partition)] ?? []).filter { seen.insert($0).inserted }
            // Compared outside of the macro, which would print thousands of values.
            let isComplete = values == stride(from: partition, to: 60_000, by: 12).map(String.init)
            #expect(isComplete, "partition \(partition) has \(values.count) values")
        }
        broker.stop()
    }

    @Test func `a fatal error is thrown once and the next batch goes through a new client`() async throws {
        let (broker, producer, topic) = try start(partitions: 1)
        _ = try await producer.send(numbered(0..<10, topic: topic, partitions: 1), timeout: .seconds(20))
        try broker.failProduce(times: 1, with: .outOfOrderSequence)
        let error = await #expect(throws: KafkaError.self) {
            try await producer.send(numbered(10..<20, topic: topic, partitions: 1), timeout: .seconds(20))
        }
        #expect(error?.isFatal == true)
        #expect(error?.code == .fatal)
        let reports = try await producer.send(numbered(10..<20, topic: topic, partitions: 1), timeout: .seconds(20))
        #expect(reports.map(\.offset) == (10..<20).map { Int64($0) })
        #expect(producer.statistics.rebuilds == 1)
        await producer.close(deadline: .seconds(5))
        broker.stop()
    }

    @Test func `nothing of a batch that timed out follows a later batch`() async throws {
        let (broker, producer, topic) = try start(partitions: 1)
        _ = try await producer.send(numbered(0..<1, topic: topic, partitions: 1), timeout: .seconds(20))
        try broker.setDown()
        let error = await #expect(throws: KafkaError.self) {
            try await producer.send(numbered(1..<100, topic: topic, partitions: 1), timeout: .milliseconds(300))
        }
        #expect(error?.code == .timeout)
        #expect(error?.isRetriable == true)
        try broker.setUp()
        let reports = try await producer.send(numbered(100..<200, topic: topic, partitions: 1), timeout: .seconds(20))
        #expect(reports.allSatisfy { $0.error == nil })
        await producer.close(deadline: .seconds(5))

        let log = try await readAll(topic: topic, count: 101, from: broker)
        #expect(log.textByPartition[0] == (["0"] + (100..<200).map(String.init)))
        #expect(producer.statistics.timeouts == 1)
        broker.stop()
    }

    @Test func `a batch that was stored but answered too late stands before the next one`() async throws {
        let (broker, producer, topic) = try start(partitions: 1)
        _ = try await producer.send(numbered(0..<1, topic: topic, partitions: 1), timeout: .seconds(20))
        try broker.delayNext(.produce, by: .seconds(3))
        let error = await #expect(throws: KafkaError.self) {
            try await producer.send(numbered(1..<10, topic: topic, partitions: 1), timeout: .milliseconds(500))
        }
        #expect(error?.code == .timeout)
        _ = try await producer.send(numbered(1..<20, topic: topic, partitions: 1), timeout: .seconds(20))
        await producer.close(deadline: .seconds(5))

        let log = try await readAll(topic: topic, count: 20, from: broker)
        let values = try #require(log.textByPartition[0])
        // Once or twice, but a later number never stands before the first of the batch that was sent again.
        let again = try #require(values.lastIndex(of: "1"))
        #expect(Array(values[again...]) == (1..<20).map(String.init))
        #expect(Array(values[..<again]) == ["0"] || Array(values[..<again]) == (0..<10).map(String.init))
        broker.stop()
    }

    @Test func `a batch that shares the client with one that timed out is told so and can be sent again`() async throws
    {
        let (broker, producer, topic) = try start(partitions: 1)
        _ = try await producer.send(numbered(0..<1, topic: topic, partitions: 1), timeout: .seconds(20))
        try broker.setDown()
        let long = Task {
            try await producer.send(numbered(5..<9, topic: topic, partitions: 1), timeout: .seconds(60))
        }
        let shortError = await #expect(throws: KafkaError.self) {
            try await producer.send(numbered(1..<5, topic: topic, partitions: 1), timeout: .milliseconds(500))
        }
        let longError = await #expect(throws: KafkaError.self) { try await long.value }
        #expect(shortError?.code == .timeout)
        #expect(longError?.code == .clientReset)
        #expect(longError?.isRetriable == true && longError?.isFatal == false)
        try broker.setUp()
        _ = try await producer.send(numbered(1..<9, topic: topic, partitions: 1), timeout: .seconds(20))
        await producer.close(deadline: .seconds(5))
        broker.stop()
    }

    @Test func `without a broker a ping says so in time and closing keeps its deadline`() async throws {
        let (broker, producer, topic) = try start(partitions: 1)
        try await producer.ping(timeout: .seconds(10))
        try broker.setDown()
        let start = ContinuousClock.now
        await #expect(throws: KafkaError.self) { try await producer.ping(timeout: .milliseconds(300)) }
        #expect(ContinuousClock.now - start < .seconds(5))

        let pending = Task {
            try await producer.send(numbered(0..<5, topic: topic, partitions: 1), timeout: .seconds(60))
        }
        let closing = ContinuousClock.now
        await producer.close(deadline: .milliseconds(500))
        #expect(ContinuousClock.now - closing < .seconds(5))
        let error = await #expect(throws: KafkaError.self) { try await pending.value }
        #expect(error?.code == .closed)
        broker.stop()
    }

    @Test func `a refusal for good is reported and not tried for ever`() async throws {
        let (broker, producer, topic) = try start(partitions: 1)
        _ = try await producer.send(numbered(0..<1, topic: topic, partitions: 1), timeout: .seconds(20))
        try broker.failProduce(times: 1, with: .topicAuthorizationFailed)
        let result = try? await producer.send(numbered(1..<2, topic: topic, partitions: 1), timeout: .seconds(20))
        // Either a report or, should librdkafka give the client up for the gap in its numbers, a fatal error.
        if let result { #expect(result.map { $0.error?.code } == [.authorization]) }
        // librdkafka refuses the topic by itself until it has looked at it afresh.
        try await eventually(within: .seconds(30), "goes through again") {
            let reports = try await producer.send(numbered(2..<3, topic: topic, partitions: 1), timeout: .seconds(20))
            return reports.allSatisfy { $0.error == nil }
        }
        await producer.close(deadline: .seconds(5))
        broker.stop()
    }
}
