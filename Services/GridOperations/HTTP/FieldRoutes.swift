import HTTPTypes
import Hummingbird
import Models
import ServiceKit

/// The routes of responsibility fields.
struct FieldRoutes {
    let fields: KeepFields

    func add(to routes: SuiteRoutes) {
        routes.post(
            "/v1/responsibility-fields", .allowed(to: .staffing, scope: .division), demanding: .idempotencyKey
        ) { request, context -> Response in
            let (draft, key) = try await request.idempotentJSON(ResponsibilityFieldDraft.self, context)
            // The declaration demands it.
            guard let key else { throw Problem.idempotencyKeyRequired }
            let field = try await fields.add(draft, key: key, scope: context.scope)
            return try FieldBody(field).created(at: "/v1/responsibility-fields/\(field.id)", request, context)
                .tagged(version: field.version)
        }
        routes.list("/v1/responsibility-fields", .allowed(to: .fieldReading, scope: .division)) {
            request, context, page in
            let found = try await fields.list(
                gridPrefix: request.codePrefix("grid", max: 17), on: request.query("on") { CalendarDay($0) },
                scope: context.scope, after: page.identifierAfter(as: ResponsibilityFieldID.self),
                limit: page.fetchLimit)
            return try Page(fetched: found.map(FieldBody.init), for: page, keys: { [$0.id.description] })
        }
        routes.get("/v1/responsibility-fields/:id", .allowed(to: .fieldReading, scope: .division)) {
            request, context -> Response in
            let field = try await fields.find(
                context.identifier("id"), on: request.query("on") { CalendarDay($0) }, scope: context.scope)
            return try FieldBody(field).response(from: request, context: context).tagged(version: field.version)
        }
        routes.post(
            "/v1/responsibility-fields/:id/handover", .allowed(to: .staffing, scope: .division), demanding: .ifMatch
        ) { request, context -> Response in
            let id = try context.identifier("id", as: ResponsibilityFieldID.self)
            let version = try request.expectedVersion()
            let draft = try await request.json(FieldHandoverDraft.self, context)
            let field = try await fields.handOver(id, draft, ifVersion: version, scope: context.scope)
            return try FieldBody(field).response(from: request, context: context).tagged(version: field.version)
        }
    }
}

/// A responsibility field in an answer; the name of its owner is read with the staff of the grid.
struct FieldBody: ResponseEncodable, Sendable {
    let id: ResponsibilityFieldID
    let gridCode: GridCode
    let name: String
    let ownerID: PersonID
    let since: CalendarDay

    init(_ field: ResponsibilityField) {
        id = field.id
        gridCode = field.gridCode
        name = field.name
        ownerID = field.owner
        since = field.since
    }
}
