import Foundation
import Hummingbird
import Models
import Postgres

/// What an auditor asks of a service's audit trail: search, and its verification part by part.
struct AuditTrailRoutes: Sendable {
    let trail: AuditTrail
    let pool: PostgresPool
    let keeping: AuditTrailKeeping

    /// Two persons look into the trail, and neither of them runs the system: the one in charge of personal information and
    /// the auditor.
    private static let access = RouteAccess.allowed(to: [.privacyOfficer, .auditAdmin], scope: .service)
    /// What is done to the trail as a whole is the auditor's alone.
    private static let keeper = RouteAccess.allowed(to: [.auditAdmin], scope: .service)

    private struct CutOrder: Decodable, Sendable {
        var before: String?
    }

    /// What was cut off; empty where there was nothing to cut.
    private struct CutAnswer: Encodable, Sendable {
        let cut: AuditCut?
    }

    func add(to routes: SuiteRoutes) {
        let verifier = AuditVerifier(service: trail.service, executor: pool)
        routes.list("/v1/audit-trail", Self.access) { request, _, page in try await search(request, page) }
        routes.get("/v1/audit-trail/verification", Self.access) { request, _ in
            let after =
                try request.query("after") { Int64($0).flatMap { (0..<Int64.max).contains($0) ? $0 : nil } } ?? 0
            return JSONAnswer(try await verifier.verify(after: after))
        }
        routes.get("/v1/audit-trail/seals/:number", Self.access) { _, context in
            guard let number = Int64(try context.pathText("number")), let head = try await verifier.head(number) else {
                throw Problem.notFound("没有这个编号的封条", "there is no seal of this number")
            }
            return JSONAnswer(head)
        }
        routes.post("/v1/audit-trail/cut", Self.keeper) { request, context in
            let order = try await request.json(CutOrder.self, context)
            var reader = RowReader()
            let month = reader.value(order.before, "before", form: ("如 2022-11 的年月", "a month, 2022-11")) {
                CalendarDay($0 + "-01")
            }
            guard reader.isSound, let month else { throw Problem.invalid(reader.faults.map(Problem.Fault.init)) }
            return JSONAnswer(CutAnswer(cut: try await keeping.cut(before: month, with: pool)))
        }
        routes.post("/v1/audit-trail/rebase", Self.keeper) { _, _ in
            try await keeping.rebase()
            return Response(status: .noContent)
        }
    }

    private func search(_ request: Request, _ page: PageRequest) async throws -> Page<FoundAuditEntry> {
        let query = AuditQuery(
            actor: try request.query("actor"), object: try request.query("object"),
            from: try request.query("from") { RFC3339.parse($0) }, to: try request.query("to") { RFC3339.parse($0) })
        let found = try await AuditSearch(executor: pool).find(
            query, before: page.numberAfter(), limit: page.fetchLimit)
        let answer = try Page(fetched: found, for: page, keys: { [String($0.position)] })
        // Whoever looks into the trail leaves a trace in it, before anything is shown.
        try await trail.record(query.entry(found: answer.items.count), with: pool)
        return answer
    }
}
