import Foundation
import Models

/// A message in somebody's inbox.
package struct Delivery: Sendable, Equatable {
    /// The number within the inbox, from 1, growing.
    package var sequence: Int64
    /// The words.
    package var template: MessageTemplate
    /// What the words are about.
    package var slots: MessageSlots
    /// When the fact came about.
    package var occurredAt: Date
    /// When it was put into the inbox.
    package var deliveredAt: Date
    /// When it was first marked as read.
    package var readAt: Date?

    /// Gathers what is known of a message.
    package init(
        sequence: Int64, template: MessageTemplate, slots: MessageSlots, occurredAt: Date, deliveredAt: Date,
        readAt: Date? = nil
    ) {
        self.sequence = sequence
        self.template = template
        self.slots = slots
        self.occurredAt = occurredAt
        self.deliveredAt = deliveredAt
        self.readAt = readAt
    }
}

/// An area in which messages find nobody: the post of its grid worker is not held.
package struct UnstaffedArea: Sendable, Equatable {
    /// The area.
    package var areaCode: GridCode
    /// Messages that still wait for somebody.
    package var waiting: Int
    /// Messages that nobody got in time.
    package var undelivered: Int
    /// When the oldest of them came about.
    package var since: Date

    /// Gathers the finding.
    package init(areaCode: GridCode, waiting: Int, undelivered: Int, since: Date) {
        self.areaCode = areaCode
        self.waiting = waiting
        self.undelivered = undelivered
        self.since = since
    }
}
