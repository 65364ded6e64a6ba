import HTTPTypes
import Hummingbird
import Models
import ServiceKit

/// The routes of reports of one matter.
struct JoinRoutes {
    let join: JoinIncidents

    private struct JoinDraft: Decodable, Sendable {
        var actor: String?
        var primary: String?
    }

    /// An incident that may be the same.
    private struct Proposal: Encodable, Sendable {
        let incident: IncidentBody
        let metres: Int
        let text: Double
        let score: Double
    }

    private struct Proposals: Encodable, Sendable {
        let items: [Proposal]
    }

    private static let access = RouteAccess.allowed(
        to: IncidentAction.join.roles, scope: IncidentAction.join.scope)

    func add(to routes: SuiteRoutes) {
        routes.get("/v1/incidents/:id/similar", Self.access) { _, context in
            let similar = try await join.similar(to: context.identifier("id"), scope: context.scope)
            return JSONAnswer(
                Proposals(
                    items: similar.map { item in
                        Proposal(
                            incident: IncidentBody(item.incident, to: context.scope),
                            metres: Int(item.metres.rounded()),
                            text: Self.hundredths(item.text), score: Self.hundredths(item.score))
                    }))
        }
        routes.post("/v1/incidents/:id/join", Self.access, demanding: .ifMatch) { request, context -> Response in
            let id: IncidentID = try context.identifier("id")
            let version = try request.expectedVersion()
            let draft = try await request.json(JoinDraft.self, context)
            var reader = RowReader()
            let primary = reader.value(draft.primary, "primary", form: ("UUID", "a UUID")) { IncidentID($0) }
            let actor = reader.value(
                try context.actor(stated: draft.actor), "actor", form: ("UUID", "a UUID")
            ) { PersonID($0) }
            guard reader.isSound, let primary, let actor else { throw reader.rejection.problem }
            return try await join.join(id, to: primary, by: actor, ifVersion: version, scope: context.scope)
                .response(to: request, context)
        }
        routes.post("/v1/incidents/:id/split", Self.access, demanding: .ifMatch) { request, context -> Response in
            let id: IncidentID = try context.identifier("id")
            let version = try request.expectedVersion()
            let draft = try await request.json(JoinDraft.self, context)
            var reader = RowReader()
            let actor = reader.value(
                try context.actor(stated: draft.actor), "actor", form: ("UUID", "a UUID")
            ) { PersonID($0) }
            guard reader.isSound, let actor else { throw reader.rejection.problem }
            return try await join.split(id, by: actor, ifVersion: version, scope: context.scope)
                .response(to: request, context)
        }
    }

    private static func hundredths(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
