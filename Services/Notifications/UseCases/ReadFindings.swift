import Models

/// Reads where messages find nobody.
package struct ReadFindings: Sendable {
    private let store: any InboxStore

    /// Reads from a store.
    package init(store: any InboxStore) { self.store = store }

    /// Areas without a grid worker for whom something came, by code.
    package func callAsFunction(
        scope: ScopeFilter, after area: String?, limit: Int
    ) async throws -> [UnstaffedArea] {
        try await store.unstaffedAreas(scope: scope, after: area, limit: limit)
    }
}
