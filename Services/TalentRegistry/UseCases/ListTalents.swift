import Foundation
import Models

/// Enters people on the talent ledger in bulk, or changes their entries.
package struct ListTalents: Sendable {
    private let store: any TalentStore
    private let now: @Sendable () -> Date

    /// Makes the use case over a store and a clock.
    package init(store: any TalentStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Decides on each row by itself; sound rows within the scope are kept whatever becomes of the others.
    package func callAsFunction(
        _ drafts: [Numbered<TalentDraft>], scope: ScopeFilter
    ) async throws -> [Numbered<RowOutcome>] {
        let time = now()
        let today = try CountyCalendar.day(of: time)
        let rows = CheckedRows(
            drafts, keyField: "identityNumber", key: \TalentListing.identityNumber,
            within: .division("divisionCode", in: scope) { $0.talent.divisionCode.digits }
        ) {
            (draft: TalentDraft) throws(RowFaults) in try draft.checked(today: today)
        }
        guard !rows.sound.isEmpty else { return rows.outcomes(deciding: []) }
        let decided = try await store.list(rows.sound, at: time) { $0.list(rows.sound, scope: scope) }
        return rows.outcomes(deciding: decided)
    }
}
