import Foundation

/// A parked event as an operator sees it: where it stands and why, never what it says.
package struct ParkedEvent: Codable, Sendable, Equatable {
    /// The parking's own number, to retry or skip by.
    package var id: Int64
    /// The reader that could not apply it.
    package var consumer: String
    /// The topic's name without prefix.
    package var topic: String
    /// Who numbered it; nil for a record that is no event.
    package var source: String?
    /// Its lane.
    package var lane: Int?
    /// Its number in the lane.
    package var number: Int64?
    /// The aggregate's id.
    package var key: String?
    /// The event's id.
    package var eventID: UUID?
    /// The CloudEvents type.
    package var type: String?
    /// A stable code of the reason; `waits-behind` when it only waits behind another of its key.
    package var code: String
    /// The reason, in words.
    package var reason: String
    /// How often it was tried again.
    package var attempts: Int
    /// When it was parked.
    package var parkedAt: Date
}

/// What became of trying a parked event again.
package struct RetryOutcome: Codable, Sendable, Equatable {
    /// How many events were applied: the one and those that waited behind it.
    package var applied: Int
    /// The parking that stopped the line, if one did.
    package var stoppedAt: Int64?
    /// Why it stopped.
    package var reason: String?

    /// Gathers what became of it.
    package init(applied: Int, stoppedAt: Int64? = nil, reason: String? = nil) {
        self.applied = applied
        self.stoppedAt = stoppedAt
        self.reason = reason
    }
}

/// Why a parked event cannot be tried or skipped.
package enum ParkingRefusal: Error, Equatable, Sendable {
    /// There is none of that number, or it is settled already.
    case unknown(Int64)
    /// Another event of the same key stands before it.
    case notFirst(Int64, first: Int64)
    /// The record is no event, so that it can only be skipped.
    case unreadable(Int64)
    /// A reason is needed to skip.
    case reasonMissing
    /// The reason holds an identity or phone number, which is never kept beside an event.
    case reasonPersonal
}
