import Foundation
import Models

/// A message that is to be sent to one person.
package struct PlannedSending: Sendable, Equatable {
    /// What it tells of; nobody is told of the same twice on one channel.
    package var eventID: UUID
    /// To whom.
    package var person: PersonID
    /// The channel, and after it those to try when it cannot be sent there; the
    /// inbox is no such channel, it has every message in any case.
    package var channels: [ChannelCode]
    /// The type of message by which people mute, such as the name of an event.
    package var kind: String
    /// How pressing it is.
    package var lane: SendingLane
    /// The division or grid that it is about.
    package var divisionCode: String
    /// The template that it was made of.
    package var template: String
    /// The heading.
    package var title: String
    /// The whole text, without anything personal.
    package var body: String
    /// The provider's own template, where it demands one.
    package var providerTemplate: String?
    /// The values of that template.
    package var slots: [String: String]
    /// Where it goes on a channel that needs no address of a person: the URL of a webhook or robot, or its name.
    package var destination: String?
    /// What it may be joined with; nil for a message of its own.
    package var digest: DigestRule?

    /// Gathers what is to be sent.
    package init(
        eventID: UUID, person: PersonID, channels: [ChannelCode], kind: String, lane: SendingLane,
        divisionCode: String, template: String, title: String, body: String, providerTemplate: String? = nil,
        slots: [String: String] = [:], destination: String? = nil,
        digest: DigestRule? = nil
    ) {
        self.eventID = eventID
        self.person = person
        self.channels = channels
        self.kind = kind
        self.lane = lane
        self.divisionCode = divisionCode
        self.template = template
        self.title = title
        self.body = body
        self.providerTemplate = providerTemplate
        self.slots = slots
        self.destination = destination
        self.digest = digest
    }

    /// The message without the inbox among its channels; nil when nothing else is left.
    package var external: PlannedSending? {
        var copy = self
        copy.channels.removeAll { $0 == .inApp }
        return copy.channels.isEmpty ? nil : copy
    }
}
