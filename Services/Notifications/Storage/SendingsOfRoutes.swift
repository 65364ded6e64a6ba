import Foundation
import Models
import Postgres

/// What the routes send outside the inbox: read from the outcomes of a settlement, ordered in its transaction.
///
/// A route's ways besides the inbox are one sending: the first is tried, and the next where that cannot be.
struct SendingsOfRoutes {
    private let result: PostgresResult

    /// - Parameter result: the rows of `DeliveryStatements.deliver` or `deliverWaiting`.
    init(_ result: PostgresResult) { self.result = result }

    /// Orders them; the same event, person and way is ordered once, however often the event comes.
    func order(in transaction: PostgresTransaction, at moment: Date) async throws {
        let planned = try result.rows.compactMap(Self.planned)
        guard !planned.isEmpty else { return }
        try await PostgresSendingQueue(executor: transaction).order(planned, at: moment)
    }

    /// Nil for what stays in the inbox.
    private static func planned(_ row: PostgresRow) throws -> PlannedSending? {
        guard try row.decodeIfPresent("title_zh", as: String.self) != nil else { return nil }
        let ways: [String] = try row.decode("ways")
        let words = try row.templateWords().filled(row.messageSlots("slots"))
        let urgency: String = try row.decode("urgency")
        return PlannedSending(
            eventID: try row.decode("event_id"), person: PersonID(rawValue: try row.decode("person_id")),
            channels: ways.compactMap(ChannelCode.init), kind: try row.decode("event"),
            lane: urgency == IncidentUrgency.emergency.rawValue ? .emergency : .transactional,
            divisionCode: try row.decode("grid_code"), template: try row.decode("template"),
            title: words.title.chinese, body: words.body.chinese,
            slots: ["title": words.title.chinese, "content": words.body.chinese])
    }
}
