import Foundation
import Models

/// An event on its way into the outbox.
package struct OutgoingEvent: Sendable, Equatable {
    /// The event's id, the same at every re-send.
    package let id: UUID
    /// The topic that carries it.
    package let topic: Topic
    /// The lane of its key.
    package let lane: Int
    /// The aggregate's id.
    package let key: String
    /// The CloudEvents type.
    package let type: String
    /// When the fact came about.
    package let occurredAt: Date
    /// The division that it belongs to.
    package let divisionCode: String?
    /// The trace in which it came about.
    package let traceparent: String?
    /// The JSON data.
    package let data: [UInt8]

    /// Encodes a payload.
    ///
    /// - Parameters:
    ///   - payload: the fact.
    ///   - occurredAt: when it came about.
    ///   - traceparent: the trace; that of the present task by default.
    ///   - id: the event's id; a new one by default.
    /// - Throws: an encoding error, when the payload cannot be written as JSON, or `OversizedEvent`.
    package init<Payload: EventPayload>(
        _ payload: Payload, occurredAt: Date, traceparent: String? = TraceContext.traceparent,
        id: UUID = .version7()
    ) throws {
        self.id = id
        topic = Payload.topic
        key = payload.aggregateID
        lane = topic.lane(ofKey: key)
        type = Payload.type
        self.occurredAt = occurredAt
        divisionCode = payload.divisionCode?.digits
        self.traceparent = traceparent
        data = try EventCoding.encode(payload)
        guard data.count <= Self.dataSizeMax else { throw OversizedEvent(type: type, size: data.count) }
    }

    /// The greatest size of an event's data in bytes, well below a broker's default of 1 MB for a batch: a row that no
    /// broker takes would hold the relay up for ever, so it is refused where it is written.
    package static let dataSizeMax = 256 * 1024
}

/// An event too large for the brokers.
package struct OversizedEvent: Error, CustomStringConvertible {
    /// The CloudEvents type.
    package let type: String
    /// The size of the data in bytes.
    package let size: Int

    package var description: String {
        "event \(type) has \(size) bytes of data, more than the \(OutgoingEvent.dataSizeMax) that are sent"
    }
}
