import Foundation
import Kafka
import Models

/// The heads of the lanes of one partition, sent by an idle relay so that the loss of a lane's last record shows too.
///
/// It is a control record: it has no lane and no number, and no reader acts on it but to look for gaps.
package struct LaneHeadsRecord: Codable, Equatable, Sendable {
    /// The CloudEvents type of the record.
    package static let type = "cn.tiaokuai.messaging.LaneHeads.v1"

    /// Who numbers these lanes.
    package var source: String
    /// The greatest number sent, by lane.
    package var heads: [Int: Int64]

    /// Gathers the heads.
    package init(source: String, heads: [Int: Int64]) {
        self.source = source
        self.heads = heads
    }

    /// Writes the record for one partition.
    package func record(wireTopic: String, partition: Int32, at time: Date) throws -> KafkaOutgoingRecord {
        func header(_ name: String, _ value: String) -> KafkaHeader {
            KafkaHeader(name: name, value: Array(value.utf8))
        }
        return KafkaOutgoingRecord(
            topic: wireTopic, partition: partition, key: nil, value: try EventCoding.encode(self),
            headers: [
                header("ce_specversion", "1.0"), header("content-type", "application/json"),
                header("ce_id", UUID.version7(at: time).uuidString.lowercased()), header("ce_source", source),
                header("ce_type", Self.type), header("ce_time", RFC3339.format(time)),
            ])
    }

    /// Reads the record when it is one; nil for anything else.
    package static func read(_ record: KafkaIncomingRecord) -> LaneHeadsRecord? {
        guard let type = record.header("ce_type"), type.elementsEqual(Self.type.utf8) else { return nil }
        // Heads that cannot be read say nothing; the relay sends them again soon, so there is nothing to report.
        guard let heads = try? EventCoding.decode(LaneHeadsRecord.self, from: record.value ?? []) else { return nil }
        // Lanes are 32 bits in the tables.
        return heads.heads.keys.allSatisfy { $0 >= 0 && $0 <= Int32.max } ? heads : nil
    }
}
