import Foundation
import Models

/// An event with the CloudEvents 1.0 attributes that the suite uses, and its place in a lane.
package struct EventEnvelope: Sendable, Equatable {
    /// `id`: unique within the source, the same at every re-send.
    package var id: UUID
    /// `source`: `/tiaokuai/<county>/<service>`.
    package var source: String
    /// `type`: `cn.tiaokuai.<service>.<Event>.v<n>`.
    package var type: String
    /// `time`: when the fact came about.
    package var time: Date
    /// `subject` and `partitionkey`: the aggregate's id, which is the record's key too.
    package var key: String
    /// Extension `divisioncode`.
    package var divisionCode: String?
    /// Extension `traceparent`: the trace in which the fact came about (W3C Trace Context).
    package var traceparent: String?
    /// Extension `lane`.
    package var lane: Int
    /// Extension `sequence`: the number within source, topic and lane, from 1 without holes.
    package var number: Int64
    /// The JSON data.
    package var data: [UInt8]

    /// Gathers the attributes.
    package init(
        id: UUID, source: String, type: String, time: Date, key: String, divisionCode: String?, traceparent: String?,
        lane: Int, number: Int64, data: [UInt8]
    ) {
        self.id = id
        self.source = source
        self.type = type
        self.time = time
        self.key = key
        self.divisionCode = divisionCode
        self.traceparent = traceparent
        self.lane = lane
        self.number = number
        self.data = data
    }
}
