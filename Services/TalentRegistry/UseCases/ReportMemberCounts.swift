import Foundation
import Models

/// Takes member counts of organisations in bulk, new ones and corrections.
package struct ReportMemberCounts: Sendable {
    private let store: any PartyOrganisationStore
    private let now: @Sendable () -> Date

    /// Makes the use case over a store and a clock.
    package init(store: any PartyOrganisationStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Decides on each row by itself; sound rows within the scope are kept whatever becomes of the others.
    package func callAsFunction(
        _ drafts: [Numbered<MemberCountDraft>], scope: ScopeFilter
    ) async throws -> [Numbered<RowOutcome>] {
        let time = now()
        let today = try CountyCalendar.day(of: time)
        let rows = CheckedRows(
            drafts, keyField: "organisationCode", key: \MemberCount.key,
            within: .decidedByStore("organisationCode")
        ) {
            (draft: MemberCountDraft) throws(RowFaults) in try draft.checked(today: today)
        }
        guard !rows.sound.isEmpty else { return rows.outcomes(deciding: []) }
        let decided = try await store.report(rows.sound.map(\.content), scope: scope, at: time) {
            $0.report(rows.sound)
        }
        return rows.outcomes(deciding: decided)
    }
}
