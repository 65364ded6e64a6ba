import Kafka
import Support
import Testing

@Suite(.timeLimit(.minutes(2)))
struct ProducerTests {
    private func producer(_ overrides: [String: String] = [:]) throws -> KafkaProducer {
        var configuration = try TestBroker.configuration()
        configuration.overrides.merge(overrides) { $1 }
        return try KafkaProducer(configuration, logger: TestBroker.logger)
    }

    @Test func `a batch is answered record by record in its own order`() async throws {
        let topic = try TestBroker.topic("answers", partitions: 4)
        let producer = try producer()
        let records = numbered(0..<1_000, topic: topic, partitions: 4)
        let reports = try await producer.send(records, timeout: .seconds(20))
        #expect(reports.map(\.partition) == records.map { $0.partition ?? -1 })
        #expect(reports.map(\.offset) == (0..<1_000).map { Int64($0 / 4) })
        #expect(reports.allSatisfy { $0.error == nil && $0.topic == topic })
        #expect(producer.statistics.records == 1_000)
        await producer.close(deadline: .seconds(5))
    }

    @Test func `a key without a partition goes where murmur2 says`() async throws {
        let topic = try TestBroker.topic("keys", partitions: 7)
        let producer = try producer()
        let keys = (0..<200).map { Array("key-\($0)".utf8) }
        let reports = try await producer.send(
            keys.map { KafkaOutgoingRecord(topic: topic, key: $0, value: [1]) }, timeout: .seconds(20))
        #expect(reports.map(\.partition) == keys.map { KafkaPartitioner.partition(key: $0, partitionCount: 7) })
        await producer.close(deadline: .seconds(5))
    }

    @Test func `a partition that does not exist fails its record alone, with headers too`() async throws {
        let topic = try TestBroker.topic("missing", partitions: 2)
        let producer = try producer()
        #expect(try await producer.partitionCount(topic: topic, timeout: .seconds(10)) == 2)
        let header = KafkaHeader(name: "h", value: [1, 2, 3])
        // Many times, since a header list that is freed twice need not crash the first time.
        for _ in 0..<50 {
            let reports = try await producer.send(
                [0, 9, 1].map { KafkaOutgoingRecord(topic: topic, partition: $0, value: [0], headers: [header]) },
                timeout: .seconds(20))
            #expect(reports.map { $0.error?.code } == [nil, .unknownPartition, nil])
        }
        #expect(producer.statistics.failures == 50)
        await producer.close(deadline: .seconds(5))
    }

    @Test func `a record that is too large fails alone`() async throws {
        let topic = try TestBroker.topic("large", partitions: 1)
        let producer = try producer()
        let reports = try await producer.send(
            [10, 2_000_000, 10].map {
                KafkaOutgoingRecord(topic: topic, partition: 0, value: Array(repeating: 7, count: $0))
            }, timeout: .seconds(20))
        #expect(reports.map { $0.error?.code } == [nil, .recordTooLarge, nil])
        #expect(reports.map(\.offset) == [0, nil, 1])
        await producer.close(deadline: .seconds(5))
    }

    @Test func `a batch larger than the queue waits inside instead of failing`() async throws {
        let topic = try TestBroker.topic("full", partitions: 2)
        let producer = try producer(["queue.buffering.max.messages": "50"])
        let reports = try await producer.send(numbered(0..<5_000, topic: topic, partitions: 2), timeout: .seconds(60))
        #expect(reports.count == 5_000 && reports.allSatisfy { $0.error == nil })
        #expect(reports.map(\.offset) == (0..<5_000).map { Int64($0 / 2) })
        await producer.close(deadline: .seconds(5))
    }

    @Test func `batches sent at the same time are all answered with their own reports`() async throws {
        let topic = try TestBroker.topic("concurrent", partitions: 8)
        let producer = try producer()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for sender in 0..<32 {
                group.addTask {
                    let partition = Int32(sender % 8)
                    let records = (0..<50).map { _ in
                        KafkaOutgoingRecord(topic: topic, partition: partition, value: [1])
                    }
                    let reports = try await producer.send(records, timeout: .seconds(30))
                    let offsets = reports.compactMap(\.offset)
                    return reports.allSatisfy { $0.partition == partition } && offsets == offsets.sorted()
                        && Set(offsets).count == 50
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
        #expect(producer.statistics.records == 1_600)
        #expect(producer.statistics.batches == 32)
        await producer.close(deadline: .seconds(5))
    }

    @Test func `an empty batch is answered at once and a closed producer refuses`() async throws {
        let producer = try producer()
        #expect(try await producer.send([], timeout: .zero).isEmpty)
        await producer.close(deadline: .seconds(5))
        await producer.close(deadline: .seconds(5))
        let error = await #expect(throws: KafkaError.self) {
            try await producer.send([KafkaOutgoingRecord(topic: "t", value: [1])], timeout: .seconds(1))
        }
        #expect(error?.code == .closed)
        let pingError = await #expect(throws: KafkaError.self) { try await producer.ping(timeout: .seconds(1)) }
        #expect(pingError?.code == .closed)
    }

    @Test func `closing waits for a batch under way`() async throws {
        let topic = try TestBroker.topic("closing", partitions: 1)
        let producer = try producer()
        async let reports = producer.send(numbered(0..<2_000, topic: topic, partitions: 1), timeout: .seconds(20))
        try await eventually(within: .seconds(10), "batch under way") {
            producer.statistics.sincePollMilliseconds < 500
        }
        let answered = try await reports
        await producer.close(deadline: .seconds(10))
        #expect(answered.allSatisfy { $0.error == nil })
    }
}
