import Foundation
import Kafka
import Models

/// Turns events into records on the partition of their lane, and sees that all are acknowledged.
struct RelaySender: Sendable {
    let sink: any RecordSink
    let naming: TopicNaming
    let settings: RelaySettings
    private var partitions: [String: Int] = [:]

    init(sink: any RecordSink, naming: TopicNaming, settings: RelaySettings) {
        self.sink = sink
        self.naming = naming
        self.settings = settings
    }

    /// Sends events, each with the name of its topic, and returns when the broker has acknowledged all.
    ///
    /// - Throws: the first error; then all must be sent again, in the same order.
    mutating func send(_ events: [(topic: String, envelope: EventEnvelope)]) async throws {
        guard !events.isEmpty else { return }
        var records: [KafkaOutgoingRecord] = []
        records.reserveCapacity(events.count)
        for event in events {
            let partition = Int32(event.envelope.lane % (try await partitionCount(event.topic)))
            records.append(
                CloudEventCodec.record(event.envelope, wireTopic: naming.wireName(event.topic), partition: partition))
        }
        try await deliver(records)
    }

    /// Sends the heads of all lanes, one record a partition.
    ///
    /// A topic that nothing was ever sent to has none to tell.
    mutating func sendHeads(_ heads: [TopicLane: Int64], source: String) async throws {
        var byPartition: [String: [Int: [Int: Int64]]] = [:]
        for (lane, head) in heads {
            let partition = lane.lane % (try await partitionCount(lane.topic))
            byPartition[lane.topic, default: [:]][partition, default: [:]][lane.lane] = head
        }
        let now = Date()
        var records: [KafkaOutgoingRecord] = []
        for (topic, partitions) in byPartition {
            for (partition, heads) in partitions {
                records.append(
                    try LaneHeadsRecord(source: source, heads: heads)
                        .record(wireTopic: naming.wireName(topic), partition: Int32(partition), at: now))
            }
        }
        try await deliver(records)
    }

    private func deliver(_ records: [KafkaOutgoingRecord]) async throws {
        guard !records.isEmpty else { return }
        let reports = try await sink.send(records, timeout: settings.sendTimeout)
        if let error = reports.lazy.compactMap(\.error).first { throw error }
    }

    private mutating func partitionCount(_ topic: String) async throws -> Int {
        if let known = partitions[topic] { return known }
        let count = try await sink.partitionCount(topic: naming.wireName(topic), timeout: .seconds(10))
        partitions[topic] = max(1, count)
        return max(1, count)
    }
}
