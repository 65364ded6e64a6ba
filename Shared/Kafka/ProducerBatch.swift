/// A batch on its way through a producer; touched by the producer's thread alone once it has been handed over.
final class ProducerBatch {
    typealias Completion = @Sendable (Result<[KafkaDeliveryReport], KafkaError>) -> Void

    /// The records, in the order in which they go out.
    let records: [KafkaOutgoingRecord]

    /// When the caller's time is over.
    let deadline: ContinuousClock.Instant

    /// What has been reported.
    var accounting: BatchAccounting

    /// Index of the first record that librdkafka does not have yet.
    var nextIndex = 0

    private let completion: Completion

    /// Creates a batch that calls `completion` exactly once, on the producer's thread.
    init(records: [KafkaOutgoingRecord], deadline: ContinuousClock.Instant, completion: @escaping Completion) {
        self.records = records
        self.deadline = deadline
        self.completion = completion
        accounting = BatchAccounting(records: records)
    }

    /// Whether librdkafka has all records.
    var isAdmitted: Bool { nextIndex == records.count }

    /// Answers the caller with the reports.
    func finish() {
        completion(.success(accounting.reports))
    }

    /// Answers the caller with an error.
    func fail(_ error: KafkaError) {
        completion(.failure(error))
    }
}
