import Foundation
import HTTPTypes
import Hummingbird
import Models
import ServiceKit

/// The routes of those whom a whistle calls; it is blown by an order on the incident.
struct WhistleRoutes {
    let answer: AnswerWhistle

    func add(to routes: SuiteRoutes) {
        routes.list("/v1/whistles", .allowed(to: .whistleReading, scope: .divisionOrUnit)) { request, context, page in
            let filter = WhistleFilter(
                organisation: try request.query("organisation") { (1...64).contains($0.utf8.count) ? $0 : nil },
                isOpen: try request.query("open") { Bool($0) } ?? false)
            let whistles = try await answer.store.list(
                filter, scope: context.scope, before: page.identifierAfter(as: WhistleID.self), limit: page.fetchLimit)
            return try Page(
                fetched: whistles.map { WhistleBody($0) }, for: page, keys: { [$0.id.description] })
        }
        routes.get("/v1/whistles/:id", .allowed(to: .whistleReading, scope: .divisionOrUnit)) { request, context in
            guard let whistle = try await answer.store.find(context.identifier("id"), scope: context.scope) else {
                throw WhistleNotFound()
            }
            return WhistleBody(whistle)
        }
        routes.post(
            "/v1/whistles/:id/answer", .allowed(to: .whistleAnswering, scope: .divisionOrUnit),
            demanding: .idempotencyKey
        ) { request, context in
            var (draft, key) = try await request.idempotentJSON(WhistleAnswerDraft.self, context)
            // The declaration demands it.
            guard let key else { throw Problem.idempotencyKeyRequired }
            draft.actor = try context.actor(stated: draft.actor)
            let whistle = try await answer(draft, to: context.identifier("id"), key: key, scope: context.scope)
            return WhistleBody(whistle)
        }
    }
}

/// A whistle in an answer.
struct WhistleBody: ResponseEncodable, Sendable {
    let id: WhistleID
    let incidentID: IncidentID
    let incidentNumber: String
    let gridCode: String
    let round: Int
    let kind: WhistleKind
    let reason: String
    let blownAt: Date
    let dueAt: Date
    let calls: [Call]

    /// What is expected of one unit.
    struct Call: Encodable, Sendable {
        let organisation: String
        let answeredAt: Date?
        let arrivedAt: Date?
        let result: String?
        let closedAt: Date?
    }

    /// Shows a whistle; a unit is given its own call alone.
    init(_ shown: ShownWhistle) {
        let whistle = shown.whistle
        id = whistle.id
        incidentID = whistle.incident
        incidentNumber = shown.incidentNumber
        gridCode = shown.gridCode.digits
        round = whistle.round
        kind = whistle.kind
        reason = whistle.reason
        blownAt = whistle.blownAt
        dueAt = whistle.dueAt
        calls = whistle.calls.map { call in
            Call(
                organisation: call.organisation, answeredAt: call.answeredAt, arrivedAt: call.arrivedAt,
                result: call.result, closedAt: call.closedAt)
        }
    }
}
