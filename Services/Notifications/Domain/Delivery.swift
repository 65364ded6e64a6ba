import Foundation
import Models

/// A message in somebody's inbox.
package struct Delivery: Sendable, Equatable {
    /// The number within the inbox, from 1, growing.
    package var sequence: Int64
    /// Of which event it tells.
    package var event: String
    /// What the event is about.
    package var subject: NewsEvent.Subject
    /// Which one.
    package var subjectID: UUID
    /// The template's code.
    package var template: String
    /// The version of the template.
    package var templateVersion: Int
    /// The words before their slots are filled.
    package var words: TemplateWords
    /// What the words are about.
    package var slots: MessageSlots
    /// How pressing it is.
    package var urgency: IncidentUrgency
    /// When the fact came about.
    package var occurredAt: Date
    /// When it was put into the inbox.
    package var deliveredAt: Date
    /// When it was first marked as read.
    package var readAt: Date?
    /// When its owner put it away.
    package var archivedAt: Date?
    /// Until when its owner does not want to see it.
    package var snoozedUntil: Date?

    /// Gathers what is known of a message.
    package init(
        sequence: Int64, event: String, subject: NewsEvent.Subject, subjectID: UUID, template: String,
        templateVersion: Int, words: TemplateWords, slots: MessageSlots, urgency: IncidentUrgency, occurredAt: Date,
        deliveredAt: Date, readAt: Date? = nil, archivedAt: Date? = nil, snoozedUntil: Date? = nil
    ) {
        self.sequence = sequence
        self.event = event
        self.subject = subject
        self.subjectID = subjectID
        self.template = template
        self.templateVersion = templateVersion
        self.words = words
        self.slots = slots
        self.urgency = urgency
        self.occurredAt = occurredAt
        self.deliveredAt = deliveredAt
        self.readAt = readAt
        self.archivedAt = archivedAt
        self.snoozedUntil = snoozedUntil
    }
}

/// The parts of an inbox.
package enum InboxBox: String, Sendable, CaseIterable {
    /// What is neither put away nor asleep.
    case inbox
    /// What was put away.
    case archive
    /// What sleeps until a moment.
    case snoozed
    /// All of it.
    case all
}

/// How many messages an inbox has.
package struct InboxCounts: Sendable, Equatable {
    /// Neither put away nor asleep.
    package var inbox: Int
    /// Not marked as read, of all.
    package var unread: Int
    /// Put away.
    package var archived: Int
    /// Asleep.
    package var snoozed: Int

    /// Gathers the counts.
    package init(inbox: Int, unread: Int, archived: Int, snoozed: Int) {
        self.inbox = inbox
        self.unread = unread
        self.archived = archived
        self.snoozed = snoozed
    }
}

/// A post for whom messages come and that nobody holds.
package struct UnstaffedArea: Sendable, Equatable {
    /// Where the messages come from: an area, or a community.
    package var code: String
    /// Who should get them.
    package var audience: String
    /// Messages that still wait for somebody.
    package var waiting: Int
    /// Messages that nobody got in time.
    package var undelivered: Int
    /// When the oldest of them came about.
    package var since: Date

    /// Gathers the finding.
    package init(code: String, audience: String, waiting: Int, undelivered: Int, since: Date) {
        self.code = code
        self.audience = audience
        self.waiting = waiting
        self.undelivered = undelivered
        self.since = since
    }
}
