import Foundation
import Kafka
import Messaging
import Models

/// A repeatable source of randomness (Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

extension EventEnvelope {
    /// An envelope with every attribute set.
    static func sample(number: Int64 = 42, lane: Int = 7) -> EventEnvelope {
        EventEnvelope(
            id: UUID(uuid: (1, 0x8f, 0x3d, 0x2a, 0x7c, 0, 0x7a, 0xbc, 0x9d, 0xef, 1, 0x23, 0x45, 0x67, 0x89, 0xab)),
            source: "/tiaokuai/532923/grid-operations", type: IncidentReported.type,
            time: Date(timeIntervalSince1970: 1_619_855_400.25), key: "018f3d2a-7c00-7000-8000-000000000001",
            divisionCode: "532923100001", traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            lane: lane, number: number, data: Array(#"{"a":1}"#.utf8))
    }
}

extension ReceivedEvent {
    /// An event of which only the number matters.
    static func numbered(_ number: Int64) -> ReceivedEvent {
        ReceivedEvent(envelope: .sample(number: number), topic: .incident)
    }
}

extension KafkaOutgoingRecord {
    /// The record as a reader would get it.
    func received(offset: Int64 = 0) -> KafkaIncomingRecord {
        KafkaIncomingRecord(
            topic: topic, partition: partition ?? 0, offset: offset, key: key, value: value, headers: headers)
    }

    /// The text of a header, if it is there.
    func text(_ name: String) -> String? {
        headers.last { $0.name == name }.map { String(decoding: $0.value, as: UTF8.self) }
    }
}
