import Kafka

/// Where the relay sends records.
///
/// Kafka's producer is one; tests put one between that loses, repeats and shuffles.
///
/// `send` answers with one report for each record, in the records' order, or throws when the whole batch is in doubt.
/// Whatever was thrown, nothing of an older batch may reach the broker after the first record of a later one.
package protocol RecordSink: Sendable {
    /// Sends records and waits for the broker's acknowledgement of all.
    func send(_ records: [KafkaOutgoingRecord], timeout: Duration) async throws -> [KafkaDeliveryReport]
    /// The number of partitions of a topic.
    func partitionCount(topic: String, timeout: Duration) async throws -> Int
}

extension KafkaProducer: RecordSink {}
