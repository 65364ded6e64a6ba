import Foundation
import Models

/// Where messages that are to leave the suite are ordered, within the transaction of what they tell of.
package protocol SendingQueue: Sendable {
    /// Orders messages: each event, person and channel once, whoever orders it again.
    ///
    /// What quiet hours hold back is ordered for after them; what has a digest rule joins the message of its window.
    func order(_ sendings: [PlannedSending], at moment: Date) async throws
}

/// What a worker asks for.
package struct SendingClaim: Sendable {
    /// The channel.
    package var channel: ChannelCode
    /// What its provider allows.
    package var limits: ChannelLimits
    /// Which lanes, the most pressing first.
    package var lanes: [SendingLane]
    /// How many at most.
    package var limit: Int
    /// For how many seconds they are the worker's; longer than the channel ever takes.
    package var lease: TimeInterval

    /// Gathers a claim.
    package init(
        channel: ChannelCode, limits: ChannelLimits, lanes: [SendingLane], limit: Int, lease: TimeInterval = 180
    ) {
        self.channel = channel
        self.limits = limits
        self.lanes = lanes
        self.limit = limit
        self.lease = lease
    }
}

/// A message that is a worker's to send: its attempt is written down already.
package struct ClaimedSending: Sendable, Equatable {
    /// The row.
    package var id: Int64
    /// Which attempt it is, from 1; an answer counts for it alone.
    package var attempt: Int
    /// How often it was tried with this one, from 1; attempts before a person had it sent again do not count.
    package var tries: Int
    /// How pressing it is.
    package var lane: SendingLane
    /// What the channel gets.
    package var message: ChannelMessage
    /// To whom.
    package var person: PersonID

    /// Gathers what was claimed.
    package init(id: Int64, attempt: Int, tries: Int, lane: SendingLane, message: ChannelMessage, person: PersonID) {
        self.id = id
        self.attempt = attempt
        self.tries = tries
        self.lane = lane
        self.message = message
        self.person = person
    }
}

/// What came of looking for work.
package struct ClaimedSendings: Sendable {
    /// What is to be sent now.
    package var sendings: [ClaimedSending]
    /// How many rows were looked at: others were skipped or held back.
    package var looked: Int

    /// Gathers the outcome.
    package init(sendings: [ClaimedSending], looked: Int) {
        self.sendings = sendings
        self.looked = looked
    }
}

/// What an attempt came to.
package struct SettledAttempt: Sendable, Equatable {
    /// The row.
    package var id: Int64
    /// The attempt.
    package var attempt: Int
    /// What follows.
    package var next: AttemptOutcome

    /// Gathers it.
    package init(id: Int64, attempt: Int, next: AttemptOutcome) {
        self.id = id
        self.attempt = attempt
        self.next = next
    }
}

/// The table of messages that leave the suite, as the engine needs it.
package protocol SendingStore: Sendable {
    /// Takes messages for sending: decides by the rules of respect and the provider's limits, and writes the attempts
    /// down before anybody is asked. Replicas never take the same row.
    func claim(_ claim: SendingClaim, at moment: Date) async throws -> ClaimedSendings

    /// Writes down what came of attempts; one whose lease ran out and was given to another changes nothing.
    ///
    /// - Returns: how many counted.
    func settle(_ attempts: [SettledAttempt], at moment: Date) async throws -> Int

    /// Hands emergencies of a channel that is out of order to their next channel.
    ///
    /// - Returns: how many.
    func divert(_ channel: ChannelCode, at moment: Date) async throws -> Int

    /// Ends attempts whose lease ran out: they are not known to have been sent, and go out again with the same key only
    /// where the provider knows the key.
    ///
    /// - Returns: how many.
    func sweep(at moment: Date) async throws -> Int

    /// Hands what is due on channels that nobody has set up to the next channels.
    ///
    /// - Returns: how many.
    func skipUnserved(except served: [ChannelCode], at moment: Date) async throws -> Int

    /// How many messages wait and are due, and how many seconds the oldest has waited, by channel and lane.
    func backlog(at moment: Date) async throws -> [SendingBacklog]
}

/// What waits on a channel.
package struct SendingBacklog: Sendable, Equatable {
    /// The channel's name.
    package var channel: String
    /// The lane.
    package var lane: Int
    /// How many are due, counted up to ten thousand.
    package var due: Int
    /// How long the oldest has been, in seconds.
    package var oldest: Double

    /// Gathers it.
    package init(channel: String, lane: Int, due: Int, oldest: Double) {
        self.channel = channel
        self.lane = lane
        self.due = due
        self.oldest = oldest
    }
}
