import Foundation
import HTTPTypes
import Hummingbird
import Models
import ServiceKit

/// The routes by which a county says who is told of what.
struct NotifyRoutes {
    let keep: KeepRoutes
    let now: @Sendable () -> Date

    private static let reading = RouteAccess.allowed(to: [.countyAdmin, .townOfficer], scope: .division)

    func add(to routes: SuiteRoutes) {
        routes.get("/v1/routes", Self.reading) { request, context -> Response in
            let division = try request.query("division") { DivisionCode($0)?.digits } ?? ""
            let version = try request.query("version") { text in Int32(text).flatMap { $0 > 0 ? Int($0) : nil } }
            // The suite's own are read by all; those of a division by who is there, or above or below it.
            guard division.isEmpty || context.scope.contains(code: division) || context.scope.isBelow(division) else {
                throw Problem.notFound()
            }
            guard let set = try await keep.one(division, version: version) else {
                throw Problem.notFound("没有这个版本", "there is no such version")
            }
            return try await answer(set, request, context)
        }
        routes.put(
            "/v1/routes", .allowed(to: [.countyAdmin], scope: .division), demanding: .ifMatch
        ) { request, context -> Response in
            let version = try request.expectedVersion()
            guard let division = try request.query("division", { DivisionCode($0) }) else {
                throw Problem.malformed(field: "division", "请给出区划代码", "say which division")
            }
            let draft = try await request.json(RouteSetDraft.self, context).checked()
            let set = try await keep.replace(division, draft, ifVersion: version, scope: context.scope)
            return try await answer(set, request, context)
        }
        routes.post("/v1/routes/dry-run", Self.reading) { request, context -> DryRunBody in
            let news = try await request.json(DryRunOrder.self, context).news(at: now())
            return DryRunBody(try await keep.tryOut(news, scope: context.scope))
        }
    }

    private func answer(_ set: RouteSet, _ request: Request, _ context: SuiteRequestContext) async throws -> Response {
        let counting = try await keep.counting(in: set.division)
        return try RouteSetBody(set, counting: counting).response(from: request, context: context)
            .tagged(version: set.version)
    }
}

extension ScopeFilter {
    /// Whether a part of it lies in a division, so that the division's rules count there.
    fileprivate func isBelow(_ division: String) -> Bool { prefixes.contains { $0.hasPrefix(division) } }
}
