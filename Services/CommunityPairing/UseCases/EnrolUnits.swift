import Foundation
import Models

/// Enrols units in bulk, or changes those that are enrolled.
package struct EnrolUnits: Sendable {
    private let store: any UnitStore
    private let now: @Sendable () -> Date

    /// Makes the use case over a store and a clock.
    package init(store: any UnitStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Decides on each row by itself; sound rows within the scope are kept whatever becomes of the others.
    package func callAsFunction(
        _ drafts: [Numbered<UnitDraft>], scope: ScopeFilter
    ) async throws -> [Numbered<RowOutcome>] {
        let rows = CheckedRows(
            drafts, keyField: "code", key: \UnitEnrolment.unit.code,
            within: .unit("code", in: scope) { $0.unit.code.text }
        ) {
            (draft: UnitDraft) throws(RowFaults) in try draft.checked()
        }
        guard !rows.sound.isEmpty else { return rows.outcomes(deciding: []) }
        let decided = try await store.enrol(rows.sound.map(\.content), at: now()) { $0.enrol(rows.sound) }
        return rows.outcomes(deciding: decided)
    }
}
