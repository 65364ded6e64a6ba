import Foundation
import Models

/// Where divisions are kept.
package protocol DivisionStore: Sendable {
    /// Writes what is new or different in rows, with its events; decides with `DivisionIntake` over locked rows.
    ///
    /// - Parameters:
    ///   - rows: checked rows.
    ///   - county: the installation's own county, known without a row.
    ///   - moment: when it happens.
    /// - Returns: the outcome of every row.
    func register(
        _ rows: [Numbered<Division>], county: DivisionCode?, at moment: Date
    ) async throws -> [Numbered<RowOutcome>]

    /// Divisions of a scope whose code begins with a prefix, in the order of their codes.
    func list(prefix: String, scope: ScopeFilter, after: String?, limit: Int) async throws -> [Division]
}

/// Registers divisions, many at a time.
package struct RegisterDivisions: Sendable {
    private let store: any DivisionStore
    private let county: DivisionCode?
    private let now: @Sendable () -> Date

    /// Writes to a store, for the installation's own county, with a clock for the events.
    package init(store: any DivisionStore, county: DivisionCode?, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.county = county
        self.now = now
    }

    /// Checks rows, keeps the sound ones within a scope, and says what became of each.
    package func callAsFunction(
        _ rows: [Numbered<DivisionDraft>], scope: ScopeFilter
    ) async throws -> [Numbered<RowOutcome>] {
        let checked = CheckedRows(
            rows, keyField: "code", key: \Division.code,
            within: .division("code", in: scope) { $0.code.digits }
        ) {
            (draft: DivisionDraft) throws(RowFaults) in try draft.checked()
        }
        guard !checked.sound.isEmpty else { return checked.outcomes(deciding: []) }
        return checked.outcomes(deciding: try await store.register(checked.sound, county: county, at: now()))
    }
}
