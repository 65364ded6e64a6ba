import Hummingbird
import Models
import ServiceKit

/// The list of what is missing so that somebody would hear.
struct FindingRoutes {
    let readFindings: ReadFindings

    func add(to routes: SuiteRoutes) {
        routes.list(
            "/v1/findings",
            .allowed(to: [.countyAdmin, .townOfficer, .communitySecretary, .communityDesk], scope: .division)
        ) { _, context, page in
            let found = try await find(page, scope: context.scope)
            return try Page(fetched: found, for: page, keys: { [$0.key] })
        }
    }

    /// What is missing in routes and templates, which is never much, then posts that nobody holds.
    private func find(_ page: PageRequest, scope: ScopeFilter) async throws -> [FindingBody] {
        let last = try page.codesAfter()?.first
        var found: [FindingBody] = []
        if last?.hasPrefix("!") ?? true {
            found = try await readFindings.ofRoutes(scope: scope).map(FindingBody.init)
                .filter { $0.key > last ?? "" }.sorted { $0.key < $1.key }
        }
        let room = page.fetchLimit - found.count
        guard room > 0 else { return Array(found.prefix(page.fetchLimit)) }
        return found
            + (try await readFindings.ofPosts(scope: scope, after: Self.place(last), limit: room)).map(FindingBody.init)
    }

    private static func place(_ key: String?) -> (code: String, audience: String)? {
        guard let key, !key.hasPrefix("!") else { return nil }
        let parts = key.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return (parts[0], parts.count == 2 ? parts[1] : "")
    }
}
