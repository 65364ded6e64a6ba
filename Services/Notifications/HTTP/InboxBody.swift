import Foundation
import Hummingbird
import Models
import ServiceKit

/// A message as JSON.
struct DeliveryBody: ResponseEncodable {
    /// The number within the inbox; also the id of the live stream's events.
    let id: Int64
    let event: String
    let template: String
    let templateVersion: Int
    let title: String
    let titleEn: String
    let body: String
    let bodyEn: String
    let subject: String
    let subjectID: UUID
    /// What incidents have.
    let incidentID: UUID?
    let incidentNumber: String?
    let gridCode: String?
    let function: String?
    let urgency: IncidentUrgency
    let link: String?
    let occurredAt: Date
    let deliveredAt: Date
    let readAt: Date?
    let archivedAt: Date?
    let snoozedUntil: Date?

    init(_ delivery: Delivery) {
        let words = delivery.readable
        id = delivery.sequence
        event = delivery.event
        template = delivery.template
        templateVersion = delivery.templateVersion
        title = words.title.chinese
        titleEn = words.title.english
        body = words.body.chinese
        bodyEn = words.body.english
        subject = delivery.subject.rawValue
        subjectID = delivery.subjectID
        incidentID = delivery.subject == .incident ? delivery.subjectID : nil
        incidentNumber = delivery.slots[.number]
        gridCode = delivery.slots[.grid]
        function = delivery.slots[.function]
        urgency = delivery.urgency
        link = delivery.slots[.link]
        occurredAt = delivery.occurredAt
        deliveredAt = delivery.deliveredAt
        readAt = delivery.readAt
        archivedAt = delivery.archivedAt
        snoozedUntil = delivery.snoozedUntil
    }
}

extension Delivery {
    /// The words with their slots filled.
    ///
    /// Approved words can be read; if a later release could not, the reader would see them as they were written.
    var readable: TemplateWords { (try? words.filled(slots)) ?? words }
}

/// A part of an inbox as JSON: a page with the number of unread messages of the whole inbox.
struct InboxBody: PagedAnswer {
    let items: [DeliveryBody]
    let next: String?
    let unread: Int
}

/// How many messages an inbox has, as JSON.
struct InboxCountsBody: ResponseEncodable {
    let inbox: Int
    let unread: Int
    let archived: Int
    let snoozed: Int

    init(_ counts: InboxCounts) {
        inbox = counts.inbox
        unread = counts.unread
        archived = counts.archived
        snoozed = counts.snoozed
    }
}
