import Foundation
import Models

/// A way by which a message reaches a person or an address outside the suite.
///
/// A channel sends one message and says what became of it; it keeps no queue and tries nothing twice.
package protocol MessageChannel: Sendable {
    /// Which channel it is.
    var kind: ChannelCode { get }
    /// What its provider allows.
    var limits: ChannelLimits { get }
    /// Sends a message once, within the channel's own time-out; never throws.
    func send(_ message: ChannelMessage) async -> SendOutcome
}

/// A text ready to be sent.
package struct ChannelMessage: Sendable, Equatable {
    /// The same at each attempt: a channel that knows duplicate keys passes it on.
    package var key: UUID
    /// Where to: an e-mail address, a phone number, a user id of the provider, or an address of a webhook or robot.
    package var address: String
    /// The heading; empty where the channel has none.
    package var title: String
    /// The text.
    package var body: String
    /// The provider's own template, where it wants one (SMS).
    package var providerTemplate: String?
    /// What fills the slots of the provider's template.
    package var slots: [String: String]

    /// Makes a message.
    package init(
        key: UUID, address: String, title: String, body: String, providerTemplate: String? = nil,
        slots: [String: String] = [:]
    ) {
        self.key = key
        self.address = address
        self.title = title
        self.body = body
        self.providerTemplate = providerTemplate
        self.slots = slots
    }
}

/// What a provider allows, kept by us before it has to refuse.
package struct ChannelLimits: Sendable, Equatable {
    /// A number of messages within a span.
    package struct Rate: Sendable, Equatable {
        /// So many messages at most.
        package var messages: Int
        /// Within any span of this length.
        package var span: Duration

        /// Makes a rate.
        package init(messages: Int, span: Duration) {
            self.messages = messages
            self.span = span
        }
    }

    /// For each address.
    package var perAddress: [Rate]
    /// For the channel as a whole.
    package var overall: [Rate]
    /// The longest text, in the channel's own unit; nil where there is none.
    package var longestBody: Int?

    /// Makes limits; without any, nothing is limited.
    package init(perAddress: [Rate] = [], overall: [Rate] = [], longestBody: Int? = nil) {
        self.perAddress = perAddress
        self.overall = overall
        self.longestBody = longestBody
    }
}

/// What became of one attempt.
package enum SendOutcome: Sendable, Equatable {
    /// The provider took it; with the id that it gave, if any.
    case accepted(receipt: String?)
    /// It will never be taken as it is; the reason is a stable code without personal data.
    case refused(code: String)
    /// Not now: try again, not before `after` where the provider said so.
    case failed(code: String, after: Duration?)
    /// It may have been taken: the answer was lost after the request had been sent.
    case unknown(code: String)
}
