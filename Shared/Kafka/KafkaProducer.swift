import Logging

/// Sends records: idempotent, acknowledged by all in-sync replicas, in order per partition.
///
/// One thread does all the work; callers await. Batches are sent in the order of the calls to `send`. Safe to use from
/// any task. `close` it before letting go of it: without, what has not been acknowledged is abandoned.
package final class KafkaProducer: Sendable {
    private let worker: ProducerWorker

    /// Creates a producer and starts its thread.
    ///
    /// No broker needs to be up; connections are made in the background.
    ///
    /// - Throws: `KafkaError` (`configuration`) for settings that librdkafka does not accept.
    package init(_ configuration: KafkaConfiguration, logger: Logger) throws {
        worker = try ProducerWorker(configuration: configuration, logger: logger)
    }

    deinit {
        worker.requestStop(deadline: .now)
    }

    /// Sends a batch and returns a report for each record, in the order of `records`.
    ///
    /// Records of a batch reach their partition in their order, and those of a later batch come after them. When the
    /// queue is full the batch waits (64 MB or 100 000 records are in memory at most). If this throws, nothing is known
    /// about the batch: any of its records may have been stored, but none will be stored after the first record of a
    /// batch that is sent later, except for requests that a broker had received before its connection was cut and
    /// executes late. Send the batch again; readers tell repetitions by their own numbers.
    ///
    /// Cancelling the calling task does not take a batch back; `timeout` bounds the wait.
    ///
    /// - Parameters:
    ///   - records: The records; an empty batch is answered at once.
    ///   - timeout: Time until all are acknowledged, counted from the call.
    /// - Returns: Reports; those with an `error` are records that the broker or the client refused for good.
    /// - Throws: `KafkaError`: `timeout`; `clientReset` when another batch ended in a timeout while this one was under
    ///   way; one with `isFatal` when librdkafka gave up (the client is rebuilt for the next call); `closed`.
    package func send(_ records: [KafkaOutgoingRecord], timeout: Duration) async throws -> [KafkaDeliveryReport] {
        guard !records.isEmpty else { return [] }
        return try await withCheckedThrowingContinuation { continuation in
            worker.submit(records, deadline: .now + timeout) { continuation.resume(with: $0) }
        }
    }

    /// Returns how many partitions a topic has, as a broker says now.
    ///
    /// Also warms up what `send` needs to know.
    ///
    /// - Throws: `KafkaError`: `unknownTopic`, `timeout`, `connection`, `authorization`, `closed`.
    package func partitionCount(topic: String, timeout: Duration) async throws -> Int {
        try await worker.metadata(topic: topic, timeout: timeout, operation: "partition count")
    }

    /// Waits until a broker answers.
    ///
    /// - Throws: `KafkaError` (`timeout`, `connection`, `authorization`, `closed`) if none does in time.
    package func ping(timeout: Duration) async throws {
        _ = try await worker.metadata(topic: nil, timeout: timeout, operation: "ping")
    }

    /// Figures since the producer was made.
    package var statistics: KafkaClientStatistics { worker.currentStatistics() }

    /// Waits for batches under way, then frees the client.
    ///
    /// Batches that are not done by the deadline fail (`closed`).
    ///
    /// Returns at the deadline (a little later at most) even if librdkafka hangs. May be called more than once.
    package func close(deadline: Duration) async {
        await worker.close(deadline: deadline)
    }
}
