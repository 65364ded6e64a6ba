import Logging

/// Reads topics as a member of a group and hands batches, partition by partition, to a handler.
///
/// One thread polls; each assigned partition has a task that calls the handler with one batch at a time, in the order
/// of the offsets. Handlers of different partitions run at the same time. When a handler returns, the batch's offset is
/// stored and committed in the background: delivery is **at least once**, and a handler must bear to see a record again.
///
/// - A handler that throws is called again with the same batch after a growing pause, for ever; it alone decides what
///   to set aside.
/// - A slow handler stops the fetching of its partition, nothing else.
/// - A partition that moves to another member waits for its running handler, at most `revokeTimeout`; then the
///   handler's task is cancelled, and what it still does is not taken note of.
/// - When another cluster (by its identity) takes the place of the one that was read, partitions are read from their
///   beginning, unless `startAt` is `latest`.
/// - The thread rebuilds the client after a fatal error and joins again.
package final class KafkaConsumer: Sendable {
    private let worker: ConsumerWorker

    /// Creates a consumer; nothing happens until `run`.
    ///
    /// - Throws: `KafkaError` (`configuration`) for settings out of range or unknown to librdkafka.
    package init(
        _ configuration: KafkaConsumerConfiguration, logger: Logger,
        handler: @escaping @Sendable (KafkaBatch) async throws -> Void
    ) throws {
        worker = try ConsumerWorker(configuration: configuration, logger: logger, handler: handler)
    }

    /// Consumes until `shutdown`, or until the calling task is cancelled (then as `shutdown` with 10 s).
    ///
    /// Brokers that are down, topics that do not exist yet and errors of the group are waited out, not thrown.
    ///
    /// - Throws: `KafkaError` (`closed`) if it has been run before.
    package func run() async throws {
        try await worker.run()
    }

    /// Leaves the group: running handlers finish, their offsets are committed, the client is freed.
    ///
    /// Returns at the deadline (a second later at most) even if a handler or librdkafka hangs: the thread is then left
    /// behind, which is harmless to the data, and the process should end. `run` returns at the same time.
    package func shutdown(deadline: Duration) async {
        await worker.shutdown(deadline: deadline)
    }

    /// Figures since the consumer was made.
    package var statistics: KafkaClientStatistics { worker.currentStatistics() }

    /// The partitions that this member has at present, in order of topic and partition.
    package var assignment: [(topic: String, partition: Int32)] {
        worker.currentStatistics().partitions.map { (topic: $0.topic, partition: $0.partition) }
    }
}
