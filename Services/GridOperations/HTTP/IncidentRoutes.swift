import HTTPTypes
import Hummingbird
import Models
import ServiceKit

/// The routes of incidents.
struct IncidentRoutes {
    let report: ReportIncident
    let importIncidents: ImportIncidents
    let handle: HandleIncident
    let read: ReadIncidents
    let unmask: UnmaskIncidentContact
    let list: ListIncidents

    func add(to routes: SuiteRoutes) {
        addReports(to: routes)
        addReading(to: routes)
        for action in IncidentAction.orders { add(action, to: routes) }
    }

    private func addReports(to routes: SuiteRoutes) {
        routes.post(
            "/v1/incidents", .allowed(to: .reporting, scope: .divisionOrOwn), demanding: .idempotencyKey
        ) { request, context -> Response in
            let (draft, key) = try await request.idempotentJSON(IncidentDraft.self, context)
            // The declaration demands it.
            guard let key else { throw Problem.idempotencyKeyRequired }
            let incident = try await report(draft, key: key, scope: context.scope)
            var response = try incident.response(to: request, context)
            response.status = .created
            response.headers[.location] = "/v1/incidents/\(incident.id)"
            return response
        }
        routes.post("/v1/incidents/bulk", .allowed(to: .importing, scope: .division)) { request, context in
            try await BulkRoute.answer(
                request, context, of: IncidentDraft.self, run: importIncidents.callAsFunction(_:scope:))
        }
    }

    private func addReading(to routes: SuiteRoutes) {
        routes.list("/v1/incidents", .allowed(to: .incidentReading, scope: .divisionUnitOrOwn)) {
            request, context, page in
            let query = try request.incidentQuery(context)
            let place = try page.after?.first.map { key in
                guard let place = ListPlace(key: key), place.isPlace(of: query) else { throw PageRequest.invalidCursor }
                return place
            }
            let listed = try await list(query, scope: context.scope, after: place, limit: page.fetchLimit)
            return try Page(
                fetched: listed.map { ListedIncidentBody($0, to: context.scope) }, for: page, keys: { [$0.key] })
        }
        routes.get("/v1/incidents/:id", .allowed(to: .incidentReading, scope: .divisionUnitOrOwn)) {
            request, context -> Response in
            guard let record = try await read.one(context.identifier("id"), scope: context.scope) else {
                throw IncidentNotFound()
            }
            return try record.incident.response(to: request, context, of: record)
        }
        routes.post("/v1/incidents/:id/contact/unmask", .allowed(to: .contactReading, scope: .division)) {
            request, context in
            let id: IncidentID = try context.identifier("id")
            // Whoever is no desk sees it of what is still to be done alone.
            let isDesk = context.caller?.grants.contains {
                $0.role == .communityDesk || $0.role == .communitySecretary
            }
            return try await UnmaskRoute.answer(request, context, allowing: [.incidentHandling, .subjectRequest]) {
                order, scope in
                try await unmask(id, order, scope: scope, openOnly: isDesk != true).map(ContactBody.init)
            }
        }
    }

    private func add(_ action: IncidentAction, to routes: SuiteRoutes) {
        let access = RouteAccess.allowed(to: action.roles, scope: action.scope)
        routes.post("/v1/incidents/:id/\(action.rawValue)", access, demanding: .ifMatch) {
            request, context -> Response in
            let id = try context.identifier("id", as: IncidentID.self)
            let version = try request.expectedVersion()
            var draft = try await request.json(IncidentCommandDraft.self, context)
            draft.actor = try context.actor(stated: draft.actor)
            let incident = try await handle(
                action, on: id, draft, ifVersion: version, scope: context.scope)
            return try incident.response(to: request, context)
        }
    }
}

extension SuiteRequestContext {
    /// Who acts: the caller himself, where the identity provider names people as the suite does.
    ///
    /// - Throws: a 422 problem when the request says somebody else, since whoever handled an incident may not verify it.
    func actor(stated: String?) throws -> String? {
        guard let own = caller.flatMap({ PersonID($0.subject) }) else { return stated }
        guard stated.flatMap({ PersonID($0) }) ?? own == own else {
            throw Problem.invalid(
                field: "/actor", code: "not-the-caller", "应为登录者本人", "it must be the person who is signed in")
        }
        return own.description
    }
}

extension Incident {
    /// The answer that shows the incident, with its version as `ETag`.
    func response(
        to request: Request, _ context: SuiteRequestContext, of record: IncidentRecord? = nil
    ) throws -> Response {
        try IncidentBody(self, of: record, to: context.scope).response(from: request, context: context).tagged(
            version: version)
    }
}
