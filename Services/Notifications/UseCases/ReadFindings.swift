import Models

/// Reads what is missing so that somebody would hear.
package struct ReadFindings: Sendable {
    private let inboxes: any InboxStore
    private let routes: any RouteStore

    /// Reads from stores.
    package init(inboxes: any InboxStore, routes: any RouteStore) {
        self.inboxes = inboxes
        self.routes = routes
    }

    /// What is missing in routes and templates; nothing to who looks at a part of the county.
    package func ofRoutes(scope: ScopeFilter) async throws -> [RouteFinding] {
        guard scope.hasCounty else { return [] }
        return RouteFinding.all(in: try await routes.inForce(), templates: try await routes.templateSlots())
    }

    /// How many events nobody was told of since a day began, by reason.
    package func unaddressed(since day: CalendarDay) async throws -> [String: Int] {
        try await routes.unaddressed(since: day)
    }

    /// Posts for whom messages come and that nobody holds, by code.
    package func ofPosts(
        scope: ScopeFilter, after last: (code: String, audience: String)?, limit: Int
    ) async throws -> [UnstaffedArea] {
        try await inboxes.unstaffedAreas(scope: scope, after: last, limit: limit)
    }
}
