import Foundation

/// Whether a message may go to a person now.
package enum Respect {
    /// How many messages a person gets in a day of the county beside emergencies, over all channels.
    package static let messagesADay = 3

    /// What decides it.
    package struct Facts: Sendable, Equatable {
        /// How pressing it is.
        package var lane: SendingLane
        /// When it was ordered.
        package var orderedAt: Date
        /// Whether the person has an address on the channel, or the channel needs none.
        package var isReachable: Bool
        /// Whether the person wants nothing on the channel, ever.
        package var hasOptedOut: Bool
        /// Whether the person has muted the type on the channel.
        package var isMuted: Bool
        /// How many the person has had today.
        package var sentToday: Int
        /// Whether it takes one of the day's messages: it has not taken it by an earlier attempt.
        package var takesPlace: Bool

        /// Gathers the facts.
        package init(
            lane: SendingLane, orderedAt: Date, isReachable: Bool, hasOptedOut: Bool, isMuted: Bool, sentToday: Int,
            takesPlace: Bool
        ) {
            self.lane = lane
            self.orderedAt = orderedAt
            self.isReachable = isReachable
            self.hasOptedOut = hasOptedOut
            self.isMuted = isMuted
            self.sentToday = sentToday
            self.takesPlace = takesPlace
        }
    }

    /// What comes of it.
    package enum Verdict: Sendable, Equatable {
        case go
        case skip(SendingReason)
        case hold(until: Date)
    }

    /// Decides.
    ///
    /// Who opted out is left alone in an emergency too: there is the inbox, and the person said for ever. Muting a type
    /// does not silence emergencies.
    ///
    /// - Parameter jitter: `0..<1`, spreads what quiet hours hold back.
    package static func verdict(_ facts: Facts, at moment: Date, jitter: Double) -> Verdict {
        if facts.hasOptedOut { return .skip(.optedOut) }
        if facts.lane != .emergency, facts.isMuted { return .skip(.muted) }
        if !facts.isReachable { return .skip(.noContact) }
        if moment.timeIntervalSince(facts.orderedAt) > facts.lane.lifetime { return .skip(.expired) }
        if let end = QuietHours.end(for: facts.lane, at: moment, jitter: jitter) { return .hold(until: end) }
        if facts.lane != .emergency, facts.takesPlace, facts.sentToday >= messagesADay { return .skip(.dailyCap) }
        return .go
    }
}
