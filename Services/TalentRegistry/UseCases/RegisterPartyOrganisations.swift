import Foundation
import Models

/// Registers Party organisations in bulk, or changes those that are registered.
package struct RegisterPartyOrganisations: Sendable {
    private let store: any PartyOrganisationStore
    private let now: @Sendable () -> Date

    /// Makes the use case over a store and a clock.
    package init(store: any PartyOrganisationStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Decides on each row by itself; sound rows within the scope are kept whatever becomes of the others.
    package func callAsFunction(
        _ drafts: [Numbered<PartyOrganisationDraft>], scope: ScopeFilter
    ) async throws -> [Numbered<RowOutcome>] {
        let rows = CheckedRows(
            drafts, keyField: "code", key: \PartyOrganisation.code,
            within: .division("divisionCode", in: scope) { $0.divisionCode.digits }
        ) {
            (draft: PartyOrganisationDraft) throws(RowFaults) in try draft.checked()
        }
        guard !rows.sound.isEmpty else { return rows.outcomes(deciding: []) }
        let decided = try await store.register(rows.sound.map(\.content), at: now()) { directory in
            var directory = directory
            return directory.register(rows.sound, scope: scope)
        }
        return rows.outcomes(deciding: decided)
    }
}
