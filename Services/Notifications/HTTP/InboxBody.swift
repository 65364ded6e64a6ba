import Foundation
import Hummingbird
import Models
import ServiceKit

/// A message as JSON.
struct DeliveryBody: ResponseEncodable {
    /// The number within the inbox; also the id of the live stream's events.
    let id: Int64
    let template: String
    let title: String
    let titleEn: String
    let body: String
    let bodyEn: String
    let incidentID: IncidentID
    let incidentNumber: String
    let gridCode: GridCode
    let function: GridFunction
    let urgency: IncidentUrgency
    let link: String
    let occurredAt: Date
    let deliveredAt: Date
    let readAt: Date?

    init(_ delivery: Delivery) {
        let text = delivery.template.body(delivery.slots)
        id = delivery.sequence
        template = delivery.template.rawValue
        title = delivery.template.title.chinese
        titleEn = delivery.template.title.english
        body = text.chinese
        bodyEn = text.english
        incidentID = delivery.slots.incidentID
        incidentNumber = delivery.slots.incidentNumber
        gridCode = delivery.slots.gridCode
        function = delivery.slots.function
        urgency = delivery.slots.urgency
        link = delivery.slots.link
        occurredAt = delivery.occurredAt
        deliveredAt = delivery.deliveredAt
        readAt = delivery.readAt
    }
}

/// A part of an inbox as JSON: a page with the number of unread messages of the whole inbox.
struct InboxBody: PagedAnswer {
    let items: [DeliveryBody]
    let next: String?
    let unread: Int
}

/// An area without a grid worker for whom something came, as JSON.
struct FindingBody: ResponseEncodable {
    let code = "grid-worker-missing"
    let message: String
    let messageEn: String
    let areaCode: GridCode
    let waiting: Int
    let undelivered: Int
    let since: Date

    init(_ area: UnstaffedArea) {
        message = "责任区 \(area.areaCode) 没有网格员，消息无人接收，请补充网格员"
        messageEn = "area \(area.areaCode) has no grid worker, so its messages reach nobody; appoint one"
        areaCode = area.areaCode
        waiting = area.waiting
        undelivered = area.undelivered
        since = area.since
    }

    private enum CodingKeys: String, CodingKey { case code, message, messageEn, areaCode, waiting, undelivered, since }
}
