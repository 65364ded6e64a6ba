import Foundation
import Models

/// Where incidents of old sheets are written.
package protocol IncidentImportStore: Sendable {
    /// Finds the grids of rows and writes what is new or corrected, with its events; decides with `HistoricalIntake` over
    /// locked rows. Rows outside the scope, by their point or by the incident that they would correct, are refused.
    ///
    /// - Returns: the outcome of every row.
    func add(
        _ rows: [Numbered<IncidentReport>], scope: ScopeFilter, at moment: Date
    ) async throws -> [Numbered<RowOutcome>]
}

/// Takes incidents of old sheets in, many at a time.
///
/// Nobody is told of them as news.
package struct ImportIncidents: Sendable {
    private let store: any IncidentImportStore
    private let now: @Sendable () -> Date

    /// Writes to a store, with a clock that refuses reports of the future.
    package init(store: any IncidentImportStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Checks rows, keeps the sound ones within a scope, and says what became of each.
    package func callAsFunction(
        _ rows: [Numbered<IncidentDraft>], scope: ScopeFilter
    ) async throws -> [Numbered<RowOutcome>] {
        let moment = now()
        let checked = CheckedRows(
            rows, keyField: "externalNumber", key: \IncidentReport.externalNumber,
            within: .decidedByStore("longitude")
        ) {
            (draft: IncidentDraft) throws(RowFaults) in try draft.historicalReport(now: moment)
        }
        guard !checked.sound.isEmpty else { return checked.outcomes(deciding: []) }
        return checked.outcomes(deciding: try await store.add(checked.sound, scope: scope, at: moment))
    }
}
