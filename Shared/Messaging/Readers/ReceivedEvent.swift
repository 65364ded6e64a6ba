import Foundation
import Models

/// An event as a reader gets it.
package struct ReceivedEvent: Sendable, Equatable {
    /// The event with its attributes.
    package let envelope: EventEnvelope
    /// The topic that it came on.
    package let topic: Topic

    /// Wraps an event.
    package init(envelope: EventEnvelope, topic: Topic) {
        self.envelope = envelope
        self.topic = topic
    }

    /// The CloudEvents type.
    package var type: String { envelope.type }
    /// The number within source, topic and lane.
    package var number: Int64 { envelope.number }

    /// Decodes the data as a payload.
    ///
    /// - Throws: a `DecodingError`, on which the reader parks the event.
    package func decode<Payload: EventPayload>(_ type: Payload.Type) throws -> Payload {
        try EventCoding.decode(type, from: envelope.data)
    }

    /// Decodes the data when the event is of this type; nil when it is of another.
    package func payload<Payload: EventPayload>(_ type: Payload.Type) throws -> Payload? {
        envelope.type == type.type ? try decode(type) : nil
    }

    var lane: ReaderLane { ReaderLane(source: envelope.source, topic: topic.name, lane: envelope.lane) }
    var parkingKey: ParkingKey { ParkingKey(source: envelope.source, topic: topic.name, key: envelope.key) }
}

/// A lane as a reader sees it: numbers run within source, topic and lane.
package struct ReaderLane: Hashable, Sendable, Comparable {
    /// Who numbers it.
    package let source: String
    /// The topic's name without prefix.
    package let topic: String
    /// The lane.
    package let lane: Int

    /// Names a lane.
    package init(source: String, topic: String, lane: Int) {
        self.source = source
        self.topic = topic
        self.lane = lane
    }

    package static func < (left: ReaderLane, right: ReaderLane) -> Bool {
        (left.source, left.topic, left.lane) < (right.source, right.topic, right.lane)
    }
}

/// The events of one aggregate: while one of them is parked, later ones wait behind it.
struct ParkingKey: Hashable, Sendable {
    let source: String
    let topic: String
    let key: String
}
