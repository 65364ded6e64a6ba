import Foundation
import Models

/// Where grids are kept.
package protocol GridStore: Sendable {
    /// Writes what is new or different in rows, with its events; decides with `GridIntake` over locked rows.
    ///
    /// - Returns: the outcome of every row.
    func register(_ rows: [Numbered<Grid>], at moment: Date) async throws -> [Numbered<RowOutcome>]

    /// Grids of a scope whose code begins with a prefix, of one level or of both, in the order of their codes.
    ///
    /// - Parameter day: a day of the county on which they were in force.
    func list(
        prefix: String, level: GridLevel?, on day: CalendarDay, scope: ScopeFilter, after: String?, limit: Int
    ) async throws -> [RecordedGrid]

    /// A grid of a scope by its code, also one that has ended.
    func find(_ code: GridCode, scope: ScopeFilter) async throws -> RecordedGrid?

    /// The smallest grid in force around a point; the first by code where grids meet.
    func locate(_ position: Position) async throws -> GridPlace
}

/// Registers grids with their boundaries, many at a time.
package struct RegisterGrids: Sendable {
    private let store: any GridStore
    private let now: @Sendable () -> Date

    /// Writes to a store, with a clock for the events.
    package init(store: any GridStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Checks rows, keeps the sound ones within a scope, and says what became of each.
    package func callAsFunction(
        _ rows: [Numbered<GridDraft>], scope: ScopeFilter
    ) async throws -> [Numbered<RowOutcome>] {
        let checked = CheckedRows(
            rows, keyField: "code", key: \Grid.code,
            within: .division("code", in: scope) { $0.code.digits }
        ) {
            (draft: GridDraft) throws(RowFaults) in try draft.checked()
        }
        guard !checked.sound.isEmpty else { return checked.outcomes(deciding: []) }
        return checked.outcomes(deciding: try await store.register(checked.sound, at: now()))
    }
}
