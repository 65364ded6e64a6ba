import Kafka
import Support
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(3)))
struct ConsumerTests {
    private struct Refusal: Error {}

    private func configuration(
        _ topics: [String], group: String = TestBroker.uniqueName("group")
    ) throws -> KafkaConsumerConfiguration {
        KafkaConsumerConfiguration(client: try TestBroker.configuration(), group: group, topics: topics)
    }

    private func producer() throws -> KafkaProducer {
        try KafkaProducer(TestBroker.configuration(), logger: TestBroker.logger)
    }

    @Test func `keys, values and headers come back byte by byte, null and empty apart`() async throws {
        let topic = try TestBroker.topic("bytes", partitions: 1)
        let producer = try producer()
        let headers = [
            KafkaHeader(name: "ce_id", value: Array("一".utf8)), KafkaHeader(name: "empty", value: []),
            KafkaHeader(name: "ce_id", value: [0, 255, 10]),
        ]
        let sent: [(key: [UInt8]?, value: [UInt8]?)] = [
            (nil, nil), ([], []), ([1], nil), (nil, [0, 1, 0]), (Array("键".utf8), Array("值".utf8)),
        ]
        _ = try await producer.send(
            sent.map {
                KafkaOutgoingRecord(topic: topic, partition: 0, key: $0.key, value: $0.value, headers: headers)
            }, timeout: .seconds(20))
        await producer.close(deadline: .seconds(5))
        let records = try await readAll(topic: topic, count: sent.count, from: TestBroker.broker()).records
        #expect(records.map(\.key) == sent.map(\.key))
        #expect(records.map(\.value) == sent.map(\.value))
        #expect(records.allSatisfy { $0.headers == headers && $0.timestampMilliseconds > 1_600_000_000_000 })
        #expect(records.map(\.offset) == [0, 1, 2, 3, 4])
        #expect(records.first?.header("ce_id") == [0, 255, 10])
        #expect(records.first?.header("none") == nil)
    }

    @Test func `a consumer that comes back starts where its group has committed`() async throws {
        let topic = try TestBroker.topic("resume", partitions: 3)
        let producer = try producer()
        let group = TestBroker.uniqueName("group")
        _ = try await producer.send(numbered(0..<300, topic: topic, partitions: 3), timeout: .seconds(20))
        let first = RecordLog()
        let before = try RunningConsumer(configuration([topic], group: group)) { first.add($0) }
        try await eventually(within: .seconds(30), "first records") { first.count == 300 }
        try await before.stop()

        _ = try await producer.send(numbered(300..<600, topic: topic, partitions: 3), timeout: .seconds(20))
        let second = RecordLog()
        let after = try RunningConsumer(configuration([topic], group: group)) { second.add($0) }
        try await eventually(within: .seconds(30), "later records") { second.count >= 300 }
        try await after.stop()
        await producer.close(deadline: .seconds(5))
        #expect(second.textByPartition.values.joined().compactMap { Int($0) }.sorted() == Array(300..<600))
    }

    @Test func `a batch whose handler throws comes again while other partitions go on`() async throws {
        let topic = try TestBroker.topic("again", partitions: 2)
        let producer = try producer()
        _ = try await producer.send(numbered(0..<200, topic: topic, partitions: 2), timeout: .seconds(20))
        let log = RecordLog()
        let refusals = Mutex(0)
        let isOpen = Mutex(false)
        var settings = try configuration([topic])
        settings.retryDelayMin = .milliseconds(5)
        settings.retryDelayMax = .milliseconds(20)
        settings.batchRecordsMax = 10
        let consumer = try RunningConsumer(settings) { batch in
            if batch.partition == 0, !isOpen.withLock({ $0 }) {
                refusals.withLock { $0 += 1 }
                throw Refusal()
            }
            #expect(batch.records.count <= 10)
            log.add(batch)
        }
        try await eventually(within: .seconds(30), "other partition done, this one tried") {
            log.count == 100 && refusals.withLock { $0 } >= 3
        }
        #expect(log.textByPartition[0] == nil)
        isOpen.withLock { $0 = true }
        try await eventually(within: .seconds(30), "all done") { log.count == 200 }
        #expect(log.textByPartition[0] == stride(from: 0, to: 200, by: 2).map(String.init))
        #expect(consumer.consumer.statistics.failures >= 3)
        try await consumer.stop()
        await producer.close(deadline: .seconds(5))
    }

    @Test func `a slow handler bounds what waits in memory and loses nothing`() async throws {
        let topic = try TestBroker.topic("slow", partitions: 1)
        let producer = try producer()
        let log = RecordLog()
        let gate = Gate()
        var settings = try configuration([topic])
        settings.bufferedRecordsMax = 500
        settings.batchRecordsMax = 100
        let consumer = try RunningConsumer(settings) { batch in
            await gate.wait()
            log.add(batch)
        }
        try await consumer.joined(partitions: 1)
        for start in stride(from: 0, to: 20_000, by: 2_000) {
            _ = try await producer.send(
                numbered(start..<start + 2_000, topic: topic, partitions: 1, padding: 100), timeout: .seconds(20))
        }
        try await eventually(within: .seconds(20), "fetching paused") {
            consumer.consumer.statistics.partitions.first?.isPaused == true
        }
        // Long enough for librdkafka to hand out all it has if the pause did not hold.
        let patience = ContinuousClock.now + .seconds(1)
        try await eventually(within: .seconds(5), "the pause had time to fail") { ContinuousClock.now > patience }
        let waiting = consumer.consumer.statistics.partitions.first?.bufferedRecords ?? 0
        #expect((400...1_500).contains(waiting))
        #expect(consumer.consumer.statistics.longestHandlerMilliseconds >= 900)
        gate.open()
        try await eventually(within: .seconds(60), "all handled") { log.count >= 20_000 }
        let numbers = log.textByPartition[0]?.compactMap { $0.split(separator: " ").first.flatMap { Int($0) } }
        let isComplete = numbers == Array(0..<20_000)
        #expect(isComplete)
        try await consumer.stop()
        await producer.close(deadline: .seconds(5))
    }

    @Test func `a running handler finishes before its partition moves to a second consumer`() async throws {
        let topic = try TestBroker.topic("moves", partitions: 4)
        let producer = try producer()
        let group = TestBroker.uniqueName("group")
        let ledger = Ledger()
        var settings = try configuration([topic], group: group)
        settings.batchRecordsMax = 5
        let first = try RunningConsumer(settings) { try await ledger.handle($0, by: "first") }
        try await first.joined(partitions: 4)
        let sending = Task {
            for start in stride(from: 0, to: 4_000, by: 100) {
                _ = try await producer.send(
                    numbered(start..<start + 100, topic: topic, partitions: 4), timeout: .seconds(20))
            }
        }
        try await eventually(within: .seconds(20), "first at work") { ledger.count > 50 }
        let second = try RunningConsumer(settings) { try await ledger.handle($0, by: "second") }
        try await second.joined(partitions: 2)
        try await eventually(within: .seconds(30), "shared") { first.consumer.assignment.count == 2 }
        try await sending.value
        try await eventually(within: .seconds(60), "all handled") { ledger.distinct == 4_000 }
        try await second.stop()
        try await first.stop()
        await producer.close(deadline: .seconds(5))
        #expect(ledger.overlaps == 0)
        // Repetitions there may be, since the emulation refuses commits while a group changes; brokers take them.
        #expect(ledger.isOrdered)
        #expect(ledger.handlers == ["first", "second"])
    }

    @Test func `a partition does not move while its handler runs`() async throws {
        let topic = try TestBroker.topic("holds", partitions: 2)
        let producer = try producer()
        let settings = try configuration([topic])
        let gate = Gate()
        let first = try RunningConsumer(settings) { batch in
            if batch.partition == 0 { await gate.wait() }
        }
        try await first.joined(partitions: 2)
        _ = try await producer.send(numbered(0..<10, topic: topic, partitions: 2), timeout: .seconds(20))
        try await eventually(within: .seconds(10), "handler runs") { gate.arrivals == 1 }
        let second = try RunningConsumer(settings) { _ in }
        try await eventually(within: .seconds(20), "first was asked to let go") {
            first.consumer.statistics.rebalances == 2
        }
        // Time in which it would let go if it did not wait; the emulation hands out again only after 9 s.
        let patience = ContinuousClock.now + .seconds(2)
        try await eventually(within: .seconds(10), "partitions could have moved") {
            #expect(first.consumer.assignment.count == 2)
            #expect(second.consumer.assignment.isEmpty)
            return ContinuousClock.now > patience
        }
        gate.open()
        try await second.joined(partitions: 1)
        try await second.stop()
        try await first.stop()
        await producer.close(deadline: .seconds(5))
    }

    @Test func `shutdown keeps its deadline when a handler hangs, and its batch comes again`() async throws {
        let topic = try TestBroker.topic("hang", partitions: 1)
        let producer = try producer()
        let group = TestBroker.uniqueName("group")
        _ = try await producer.send(numbered(0..<10, topic: topic, partitions: 1), timeout: .seconds(20))
        let gate = Gate()
        let hanging = try RunningConsumer(configuration([topic], group: group)) { _ in await gate.wait() }
        try await eventually(within: .seconds(30), "handler runs") { gate.arrivals == 1 }
        let start = ContinuousClock.now
        try await hanging.stop(deadline: .seconds(1))
        #expect(ContinuousClock.now - start < .seconds(4))
        gate.open()

        let log = RecordLog()
        let next = try RunningConsumer(configuration([topic], group: group)) { log.add($0) }
        try await eventually(within: .seconds(40), "records again") { log.count == 10 }
        try await next.stop()
        await producer.close(deadline: .seconds(5))
    }

    @Test func `a consumer runs once and ends at once when it was shut down before`() async throws {
        let consumer = try KafkaConsumer(configuration(["t"]), logger: TestBroker.logger) { _ in }
        await consumer.shutdown(deadline: .seconds(1))
        try await consumer.run()
        let error = await #expect(throws: KafkaError.self) { try await consumer.run() }
        #expect(error?.code == .closed)
    }

    @Test func `cancelling the task that runs a consumer shuts it down`() async throws {
        let topic = try TestBroker.topic("cancel", partitions: 1)
        let consumer = try KafkaConsumer(configuration([topic]), logger: TestBroker.logger) { _ in }
        let run = Task { try await consumer.run() }
        try await eventually(within: .seconds(30), "joined") { consumer.assignment.count == 1 }
        run.cancel()
        try await run.value
        #expect(consumer.assignment.isEmpty)
    }
}
