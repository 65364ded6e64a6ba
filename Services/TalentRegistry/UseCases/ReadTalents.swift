import Models

/// Lists the talent ledger, masked.
package struct ReadTalents: Sendable {
    private let store: any TalentStore

    /// Makes the use case over a store.
    package init(store: any TalentStore) { self.store = store }

    /// Lists the entries of a division and of those within it.
    ///
    /// - Parameters:
    ///   - prefix: the beginning of division codes; empty for all.
    ///   - scope: what the caller may see.
    ///   - position: where the last page ended.
    ///   - limit: how many at most.
    package func callAsFunction(
        within prefix: String, scope: ScopeFilter, after position: TalentPosition?, limit: Int
    ) async throws -> [TalentView] {
        try await store.talents(within: prefix, scope: scope, after: position, limit: limit)
    }
}
