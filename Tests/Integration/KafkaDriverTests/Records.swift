import Kafka
import Support
import Synchronization

/// Collects what consumers hand out, for tests to look at.
final class RecordLog: Sendable {
    private let state = Mutex<[KafkaIncomingRecord]>([])

    /// Adds the records of a batch.
    func add(_ batch: KafkaBatch) {
        state.withLock { $0 += batch.records }
    }

    /// How many records have come.
    var count: Int { state.withLock { $0.count } }

    /// How many different records have come, told apart by their value.
    var distinctCount: Int { state.withLock { Set($0.map(\.value)).count } }

    /// All records in the order in which they came.
    var records: [KafkaIncomingRecord] { state.withLock { $0 } }

    /// The values of each partition as text, in the order in which they came.
    var textByPartition: [Int32: [String]] {
        Dictionary(grouping: records, by: \.partition).mapValues { records in
            records.map { String(decoding: $0.value ?? [], as: UTF8.self) }
        }
    }
}

/// A consumer that runs beside the test and is shut down at its end.
struct RunningConsumer {
    let consumer: KafkaConsumer
    private let run: Task<Void, any Error>

    init(
        _ configuration: KafkaConsumerConfiguration, handler: @escaping @Sendable (KafkaBatch) async throws -> Void
    ) throws {
        let consumer = try KafkaConsumer(configuration, logger: TestBroker.logger, handler: handler)
        self.consumer = consumer
        run = Task { try await consumer.run() }
    }

    /// Leaves the group and waits for the end of `run`.
    func stop(deadline: Duration = .seconds(10)) async throws {
        await consumer.shutdown(deadline: deadline)
        try await run.value
    }

    /// Waits until the consumer has partitions; the emulation takes 3 s for a first join.
    func joined(partitions: Int) async throws {
        try await eventually(within: .seconds(30), "joined the group") { consumer.assignment.count == partitions }
    }
}

/// Records whose values are their numbers, spread over partitions in turn.
func numbered(_ numbers: Range<Int>, topic: String, partitions: Int, padding: Int = 0) -> [KafkaOutgoingRecord] {
    let rest = padding > 0 ? " " + String(repeating: "x", count: padding) : ""
    return numbers.map {
        KafkaOutgoingRecord(
            topic: topic, partition: Int32($0 % partitions), key: Array("k\($0)".utf8),
            value: Array("\($0)\(rest)".utf8))
    }
}

/// Reads a topic from its beginning until `count` records have come, and then a little longer in case more do.
///
/// With `skipsRepeats` only records of different values count.
func readAll(
    topic: String, count: Int, skipsRepeats: Bool = false, from broker: EmulatedBroker
) async throws -> RecordLog {
    let log = RecordLog()
    let reader = try RunningConsumer(
        KafkaConsumerConfiguration(
            client: TestBroker.configuration(of: broker), group: TestBroker.uniqueName("reader"), topics: [topic])
    ) { log.add($0) }
    do {
        try await eventually(within: .seconds(60), "\(count) records read") {
            log.count >= count && (!skipsRepeats || log.distinctCount >= count)
        }
    } catch {
        try await reader.stop()
        throw error
    }
    // What was fetched beyond the expected is handed out within this time; an honest surplus shows here.
    let surplus = ContinuousClock.now + .milliseconds(200)
    try await eventually(within: .seconds(5), "surplus would have come") { ContinuousClock.now > surplus }
    try await reader.stop()
    return log
}
