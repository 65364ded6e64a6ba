import Foundation
import HTTPTypes
import Hummingbird
import Models
import ServiceKit

/// The routes of the county's rulebook.
struct RulebookRoutes {
    let keep: KeepRulebooks
    let trial: TryRulebook
    let inForce: any RulebooksInForce
    let now: @Sendable () -> Date

    func add(to routes: SuiteRoutes) {
        addReading(to: routes)
        addWriting(to: routes)
    }

    private func addReading(to routes: SuiteRoutes) {
        routes.list("/v1/rulebooks", .allowed(to: .rulebookReading, scope: .division)) { _, _, page in
            let versions = try await keep.list(
                before: page.numberAfter().map { Int(clamping: $0) }, limit: page.fetchLimit)
            return try Page(
                fetched: versions.map(RulebookSummary.init), for: page, keys: { ["\($0.number)"] })
        }
        routes.get("/v1/rulebooks/current", .allowed(to: .rulebookReading, scope: .division)) {
            request, context -> Response in
            let number = try await inForce.current(at: now()).number
            return try await keep.one(number).response(to: request, context)
        }
        routes.get("/v1/rulebooks/:number", .allowed(to: .rulebookReading, scope: .division)) {
            request, context -> Response in
            try await keep.one(context.rulebookNumber()).response(to: request, context)
        }
    }

    private func addWriting(to routes: SuiteRoutes) {
        let access = RouteAccess.allowed(to: [.countyAdmin], scope: .division)
        routes.post("/v1/rulebooks", access, demanding: .idempotencyKey) { request, context -> Response in
            let (draft, key) = try await request.idempotentJSON(RulebookDraft.self, context)
            // The declaration demands it.
            guard let key else { throw Problem.idempotencyKeyRequired }
            let version = try await keep.create(draft, key: key, scope: context.scope)
            var response = try version.response(to: request, context)
            response.status = .created
            response.headers[.location] = "/v1/rulebooks/\(version.number)"
            return response
        }
        routes.put("/v1/rulebooks/:number", access, demanding: .ifMatch) { request, context -> Response in
            let revision = try request.expectedVersion()
            let content = try await request.json(Rulebook.self, context)
            let version = try await keep.replace(
                context.rulebookNumber(), content, ifRevision: revision, scope: context.scope)
            return try version.response(to: request, context)
        }
        routes.post("/v1/rulebooks/:number/check", access, demanding: .ifMatch) { request, context -> Response in
            let revision = try request.expectedVersion()
            let version = try await keep.check(context.rulebookNumber(), ifRevision: revision, scope: context.scope)
            return try version.response(to: request, context)
        }
        routes.post("/v1/rulebooks/:number/publish", access, demanding: .ifMatch) { request, context -> Response in
            let revision = try request.expectedVersion()
            let order = try await request.json(PublishOrder.self, context)
            let version = try await keep.publish(
                context.rulebookNumber(), from: order.from, ifRevision: revision, scope: context.scope)
            return try version.response(to: request, context)
        }
        routes.post("/v1/rulebooks/:number/trial", access) { request, context -> RulebookTrialBody in
            let order = try await request.json(TrialOrder.self, context)
            return RulebookTrialBody(try await trial(context.rulebookNumber(), days: order.days))
        }
    }
}

/// What publishing needs.
private struct PublishOrder: Decodable {
    /// From when on it counts; as soon as possible when left out.
    let from: Date?
}

/// What a trial needs.
private struct TrialOrder: Decodable {
    /// How many days back.
    let days: Int?
}

extension SuiteRequestContext {
    /// The number in the path.
    ///
    /// - Throws: `RulebookRefusal.unknown` when it is none, since no such version can exist.
    fileprivate func rulebookNumber() throws -> Int {
        let text = try pathText("number")
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else {
            throw RulebookRefusal.unknown
        }
        return number
    }
}

extension RulebookVersion {
    /// The answer that shows the version, with its revision as `ETag`.
    fileprivate func response(to request: Request, _ context: SuiteRequestContext) throws -> Response {
        try RulebookBody(self).response(from: request, context: context).tagged(version: revision)
    }
}
