import Foundation

/// How pressing a message is to its sender: what waits for what.
package enum SendingLane: Int, Sendable, CaseIterable {
    /// Somebody may be in danger: at any hour, without a daily limit, before all others.
    case emergency = 0
    /// About something that the person has to do with.
    case transactional = 1
    /// To many at once.
    case campaign = 2

    /// The part of a provider's limit that a lane may use up, so that something is left for what is more pressing.
    package var share: Double {
        switch self {
        case .emergency: 1
        case .transactional: 0.9
        case .campaign: 0.7
        }
    }

    /// How often a message is attempted before a person is asked.
    package var attemptsMax: Int { self == .emergency ? 10 : 6 }

    /// How many seconds after it was ordered a message is of no use any more.
    package var lifetime: TimeInterval {
        switch self {
        case .emergency: 6 * 3600
        case .transactional: 2 * 86_400
        case .campaign: 3 * 86_400
        }
    }
}

/// What became of a message to one person on one channel.
package enum SendingState: String, Sendable, CaseIterable {
    /// It waits for its turn.
    case queued = "QUEUED"
    /// The provider is being asked.
    case sending = "SENDING"
    /// The provider took it.
    case sent = "SENT"
    /// It was not to be sent, see the reason.
    case skipped = "SKIPPED"
    /// It could not be sent, see the reason; a person should look.
    case failed = "FAILED"
    /// The provider's answer was lost: it may have arrived or not. Never repeated by itself.
    case unknown = "UNKNOWN"
}

/// Why a message was not sent, or is not known to be.
package enum SendingReason: String, Sendable, CaseIterable {
    /// The person has no address on this channel.
    case noContact = "no-contact"
    /// Nobody has set up the channel.
    case noChannel = "no-channel"
    /// The address cannot be decrypted any more.
    case unreadableContact = "unreadable-contact"
    /// The person wants nothing on this channel, ever.
    case optedOut = "opted-out"
    /// The person has muted this type of message on this channel.
    case muted
    /// The person has had today's messages.
    case dailyCap = "daily-cap"
    /// It was of no use any more when its turn came.
    case expired
    /// The provider refuses it; asking again would not help.
    case refused
    /// The provider failed each time.
    case attemptsSpent = "attempts-spent"
    /// The channel is out of order, and another one was taken.
    case channelDown = "channel-down"
    /// The provider was asked and no answer came.
    case lostAnswer = "lost-answer"
    /// The process ended, or lost the database, between asking and noting the answer.
    case lostSender = "lost-sender"
    /// The person was erased before it was sent.
    case erased

    /// Whether the next channel of the list is tried instead.
    ///
    /// Never against the will of the person.
    package var allowsFallback: Bool {
        switch self {
        case .noContact, .noChannel, .unreadableContact, .refused, .attemptsSpent, .channelDown: true
        case .optedOut, .muted, .dailyCap, .expired, .lostAnswer, .lostSender, .erased: false
        }
    }
}
