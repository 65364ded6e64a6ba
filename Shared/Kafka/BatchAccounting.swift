/// Counts the reports of a batch: one number, not a waiting task per record.
package struct BatchAccounting {
    /// The reports in the order of the records; those still open hold neither offset nor error.
    package private(set) var reports: [KafkaDeliveryReport]

    /// Records whose report has not come yet.
    package private(set) var openCount: Int

    /// Records that were refused.
    package private(set) var failedCount = 0

    private var isReported: [Bool]

    /// Starts with nothing reported.
    package init(records: [KafkaOutgoingRecord]) {
        reports = records.map {
            KafkaDeliveryReport(topic: $0.topic, partition: $0.partition ?? -1, offset: nil, error: nil)
        }
        openCount = records.count
        isReported = Array(repeating: false, count: records.count)
    }

    /// Whether all records have their report.
    package var isComplete: Bool { openCount == 0 }

    /// Notes what became of a record; a second report for the same record, or one out of range, changes nothing.
    package mutating func report(index: Int, partition: Int32, offset: Int64?, error: KafkaError?) {
        guard reports.indices.contains(index), !isReported[index] else { return }
        isReported[index] = true
        openCount -= 1
        if error != nil { failedCount += 1 }
        reports[index] = KafkaDeliveryReport(
            topic: reports[index].topic, partition: partition, offset: offset, error: error)
    }
}
