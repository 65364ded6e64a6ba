import Foundation
import Models

/// What became of a message to one person on one channel, without the person and without the words.
package struct SendingEntry: Sendable, Equatable {
    /// The row, growing with the time of the order.
    package var id: Int64
    /// What it tells of.
    package var eventID: UUID
    /// The type of message.
    package var kind: String
    /// The channel.
    package var channel: String
    /// How pressing it is.
    package var lane: SendingLane
    /// The division or grid that it is about.
    package var divisionCode: String
    /// The template.
    package var template: String
    /// What became of it.
    package var state: SendingState
    /// Why.
    package var reason: String?
    /// The provider's last code.
    package var providerCode: String?
    /// The provider's id of it.
    package var receipt: String?
    /// How often it was tried.
    package var attempts: Int
    /// When it was ordered, or ordered again by a person.
    package var orderedAt: Date
    /// Not before this.
    package var notBefore: Date
    /// When its outcome was settled.
    package var settledAt: Date?

    /// Gathers an entry.
    package init(
        id: Int64, eventID: UUID, kind: String, channel: String, lane: SendingLane, divisionCode: String,
        template: String, state: SendingState, reason: String?, providerCode: String?, receipt: String?,
        attempts: Int, orderedAt: Date, notBefore: Date, settledAt: Date?
    ) {
        self.id = id
        self.eventID = eventID
        self.kind = kind
        self.channel = channel
        self.lane = lane
        self.divisionCode = divisionCode
        self.template = template
        self.state = state
        self.reason = reason
        self.providerCode = providerCode
        self.receipt = receipt
        self.attempts = attempts
        self.orderedAt = orderedAt
        self.notBefore = notBefore
        self.settledAt = settledAt
    }
}

/// Which outcomes are looked for; nil does not narrow.
package struct SendingFilter: Sendable {
    /// Only those of a state.
    package var state: SendingState?
    /// Only those of a channel.
    package var channel: ChannelCode?

    /// Makes a filter.
    package init(state: SendingState? = nil, channel: ChannelCode? = nil) {
        self.state = state
        self.channel = channel
    }
}

/// Why somebody has a message sent again.
package enum RetryCause: String, Sendable, CaseIterable, Codable {
    /// The provider works again.
    case providerRestored = "provider-restored"
    /// The person's address is right now.
    case contactCorrected = "contact-corrected"
    /// The channel's settings are right now.
    case settingsCorrected = "settings-corrected"
    /// It was asked, and the message has not arrived.
    case confirmedLost = "confirmed-lost"
}

/// What came of asking for a message to be sent again.
package enum ResendOutcome: Sendable, Equatable {
    /// It waits for its turn, now or already before.
    case queued
    /// There is no such message within the caller's scope.
    case absent
    /// It is in a state in which it is not sent again, or was tried meanwhile.
    case notNow
}

/// Where outcomes are read, and messages sent again by order of a person.
package protocol SendingLog: Sendable {
    /// The newest outcomes first.
    ///
    /// - Parameter id: only those before it; nil for the newest of all.
    func list(_ filter: SendingFilter, scope: ScopeFilter, before id: Int64?, limit: Int) async throws -> [SendingEntry]

    /// Sends a message again that failed, was skipped for want of something, or is unknown.
    ///
    /// - Parameter attempts: how often it had been tried when the caller looked.
    func retry(
        _ id: Int64, attempts: Int, cause: RetryCause, scope: ScopeFilter, at moment: Date
    ) async throws -> ResendOutcome
}

/// Reads outcomes, and has messages sent again.
package struct FollowSendings: Sendable {
    private let log: any SendingLog
    private let now: @Sendable () -> Date

    /// Reads from a log, with the time of a clock.
    package init(log: any SendingLog, now: @escaping @Sendable () -> Date) {
        self.log = log
        self.now = now
    }

    /// A part of the log, newest first.
    package func list(
        _ filter: SendingFilter, scope: ScopeFilter, before id: Int64?, limit: Int
    ) async throws -> [SendingEntry] {
        try await log.list(filter, scope: scope, before: id, limit: limit)
    }

    /// Has a message sent again.
    package func retry(
        _ id: Int64, attempts: Int, cause: RetryCause, scope: ScopeFilter
    ) async throws -> ResendOutcome {
        try await log.retry(id, attempts: attempts, cause: cause, scope: scope, at: now())
    }
}
