/// Lists units with their contacts masked.
package struct ReadUnits: Sendable {
    private let store: any UnitStore

    /// Makes the use case over a store.
    package init(store: any UnitStore) { self.store = store }

    /// Lists units in the order of their codes.
    ///
    /// - Parameters:
    ///   - code: the last unit of the page before.
    ///   - limit: how many at most.
    package func callAsFunction(after code: String?, limit: Int) async throws -> [UnitView] {
        try await store.units(after: code, limit: limit)
    }
}
