import Kafka
import Models

/// A batch of records sorted into what they are.
struct PartitionBatch: Sendable {
    /// Events, in the order of their offsets.
    var events: [ReceivedEvent] = []
    /// Records that are no events.
    var unreadable: [UnreadableRecord] = []
    /// Heads of lanes that idle relays have told.
    var heads: [ReaderLane: Int64] = [:]

    /// Sorts the records of a batch.
    init(_ batch: KafkaBatch, topic: Topic) {
        for record in batch.records {
            if let heads = LaneHeadsRecord.read(record) {
                for (lane, head) in heads.heads {
                    let lane = ReaderLane(source: heads.source, topic: topic.name, lane: lane)
                    self.heads[lane] = max(head, self.heads[lane] ?? 0)
                }
                continue
            }
            do {
                events.append(ReceivedEvent(envelope: try CloudEventCodec.event(record), topic: topic))
            } catch {
                unreadable.append(UnreadableRecord(topic: topic.name, record: record, failure: error))
            }
        }
    }

    /// Every lane that the batch speaks of.
    var lanes: Set<ReaderLane> { Set(events.map(\.lane)) }
}
