import Hummingbird
import Models

/// What the officer for personal information asks: who has seen which records in full, and why.
struct UnmaskingRoutes: Sendable {
    let ledger: UnmaskLedger

    func add(to routes: SuiteRoutes) {
        routes.list("/v1/unmaskings", .allowed(to: [.privacyOfficer], scope: .service)) { request, _, page in
            let before = try page.after?.first.map { key in
                guard let id = Int64(key) else {
                    throw Problem.malformed(BilingualText("查询参数 cursor 无效", "the query item cursor is not valid"))
                }
                return id
            }
            let rows = try await ledger.list(of: try request.query("subject"), before: before, limit: page.fetchLimit)
            return try Page(fetched: rows, for: page) { [String($0.id)] }
        }
    }
}
