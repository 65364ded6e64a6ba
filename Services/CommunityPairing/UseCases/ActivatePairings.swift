import Foundation
import Models

/// Brings pairings into force in bulk, or changes the terms of those that are.
package struct ActivatePairings: Sendable {
    private let store: any PairingStore
    private let now: @Sendable () -> Date

    /// Makes the use case over a store and a clock.
    package init(store: any PairingStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Decides on each row by itself; sound rows within the scope are kept whatever becomes of the others.
    package func callAsFunction(
        _ drafts: [Numbered<PairingDraft>], scope: ScopeFilter
    ) async throws -> [Numbered<RowOutcome>] {
        let rows = CheckedRows(
            drafts, keyField: "unitCode", key: \PairingTerms.key,
            within: .division("targetCode", in: scope) { $0.targetCode.digits }
        ) {
            (draft: PairingDraft) throws(RowFaults) in try draft.checked()
        }
        guard !rows.sound.isEmpty else { return rows.outcomes(deciding: []) }
        let decided = try await store.activate(rows.sound.map(\.content), at: now()) { $0.activate(rows.sound) }
        return rows.outcomes(deciding: decided)
    }
}
