import Models

/// Lists Party organisations with their latest member counts.
package struct ReadPartyOrganisations: Sendable {
    private let store: any PartyOrganisationStore

    /// Makes the use case over a store.
    package init(store: any PartyOrganisationStore) { self.store = store }

    /// Lists the organisations of a division and of those within it.
    ///
    /// - Parameters:
    ///   - prefix: the beginning of division codes; empty for all.
    ///   - scope: what the caller may see.
    ///   - position: where the last page ended.
    ///   - limit: how many at most.
    package func callAsFunction(
        within prefix: String, scope: ScopeFilter, after position: PartyOrganisationPosition?, limit: Int
    ) async throws -> [PartyOrganisationView] {
        try await store.organisations(within: prefix, scope: scope, after: position, limit: limit)
    }
}
