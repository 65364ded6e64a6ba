import Models

/// Lists units with their contacts masked.
package struct ReadUnits: Sendable {
    private let store: any UnitStore

    /// Makes the use case over a store.
    package init(store: any UnitStore) { self.store = store }

    /// Lists units in the order of their codes.
    ///
    /// - Parameters:
    ///   - scope: what the caller may see.
    ///   - code: the last unit of the page before.
    ///   - limit: how many at most.
    package func callAsFunction(
        scope: ScopeFilter, after code: String?, limit: Int
    ) async throws -> [UnitView] {
        try await store.units(scope: scope, after: code, limit: limit)
    }
}
