import Models

/// Lists pairings.
package struct ReadPairings: Sendable {
    private let store: any PairingStore

    /// Makes the use case over a store.
    package init(store: any PairingStore) { self.store = store }

    /// Lists the pairings of targets within a division, of one unit or of all.
    ///
    /// - Parameters:
    ///   - prefix: the beginning of the targets' codes; empty for all.
    ///   - unit: the unit that helps; nil for all.
    ///   - scope: what the caller may see, by the target or by the unit.
    ///   - position: where the last page ended.
    ///   - limit: how many at most.
    package func callAsFunction(
        within prefix: String, of unit: UnifiedSocialCreditCode?, scope: ScopeFilter,
        after position: PairingPosition?, limit: Int
    ) async throws -> [Pairing] {
        try await store.pairings(within: prefix, of: unit, scope: scope, after: position, limit: limit)
    }
}
