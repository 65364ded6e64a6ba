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

    func add(to router: SuiteRouter) {
        addReports(to: router)
        addReading(to: router)
        for action in IncidentAction.allCases { add(action, to: router) }
    }

    private func addReports(to router: SuiteRouter) {
        router.post("/v1/incidents") { request, context -> Response in
            let (draft, key) = try await request.idempotentJSON(IncidentDraft.self, context)
            guard let key else { throw Problem.idempotencyKeyRequired }
            let incident = try await report(draft, key: key)
            var response = try incident.response(to: request, context)
            response.status = .created
            response.headers[.location] = "/v1/incidents/\(incident.id)"
            return response
        }
        router.post("/v1/incidents/bulk") { request, context in
            try await BulkRoute.answer(request, context, of: IncidentDraft.self, run: importIncidents.callAsFunction)
        }
    }

    private func addReading(to router: SuiteRouter) {
        router.get("/v1/incidents") { request, _ in
            let page = try PageRequest(request)
            let filter = IncidentFilter(
                gridPrefix: try request.codePrefix("grid", max: 17),
                state: try request.query("state") { IncidentState(rawValue: $0) })
            let before = try page.identifierAfter(as: IncidentID.self)
            let incidents = try await read.list(filter, before: before, limit: page.fetchLimit)
            return try Page(fetched: incidents.map { IncidentBody($0) }, for: page, keys: { [$0.id.description] })
        }
        router.get("/v1/incidents/:id") { request, context -> Response in
            guard let (incident, steps) = try await read.one(context.identifier("id")) else { throw IncidentNotFound() }
            return try incident.response(to: request, context, steps: steps)
        }
    }

    private func add(_ action: IncidentAction, to router: SuiteRouter) {
        router.post("/v1/incidents/:id/\(action.rawValue)") { request, context -> Response in
            let id = try context.identifier("id", as: IncidentID.self)
            let version = try request.headers[.ifMatch].flatMap(VersionTag.read)
            let draft = try await request.json(IncidentCommandDraft.self, context)
            let incident = try await handle(action, on: id, draft, ifVersion: version)
            return try incident.response(to: request, context)
        }
    }
}

/// The version of an incident as an entity tag, `"3"`.
enum VersionTag {
    static func write(_ version: Int) -> String { "\"\(version)\"" }

    /// Reads `If-Match`; nil for `*`, which any version matches.
    ///
    /// - Throws: the 412 problem for a tag that no version has.
    static func read(_ header: String) throws -> Int? {
        if header == "*" { return nil }
        guard header.utf8.count > 2, header.hasPrefix("\""), header.hasSuffix("\""),
            let version = Int(header.dropFirst().dropLast())
        else { throw Problem.preconditionFailed }
        return version
    }
}

extension Incident {
    /// The answer that shows the incident, with its version as `ETag`.
    fileprivate func response(
        to request: Request, _ context: SuiteRequestContext, steps: [IncidentStep]? = nil
    ) throws -> Response {
        var response = try IncidentBody(self, steps: steps).response(from: request, context: context)
        response.headers[.eTag] = VersionTag.write(version)
        return response
    }
}
