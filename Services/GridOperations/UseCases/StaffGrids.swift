import Foundation
import Models

/// Where the staff of grids is kept, people's details encrypted.
package protocol GridAssignmentStore: Sendable {
    /// Writes what is new or different in rows, with its events; decides with `StaffIntake` over locked rows.
    ///
    /// - Returns: the outcome of every row.
    func staff(_ rows: [Numbered<StatedAssignment>], at moment: Date) async throws -> [Numbered<RowOutcome>]

    /// The holdings in a grid, names masked, in the order of roles and time.
    ///
    /// - Parameters:
    ///   - day: a day of the county on which they were held, for some of it at least; nil for now.
    ///   - today: the day whose absences are shown where none is asked for.
    func list(
        in grid: GridCode, on day: CalendarDay?, today: CalendarDay, scope: ScopeFilter
    ) async throws -> [GridAssignment]

    /// Ends a holding, with its event; one that has ended stays as it is.
    ///
    /// - Returns: false when there is no such holding in the scope.
    func end(_ assignment: GridAssignmentID, scope: ScopeFilter, at moment: Date) async throws -> Bool
}

/// Puts people and teams into the roles of grids, many at a time.
package struct StaffGrids: Sendable {
    private let store: any GridAssignmentStore
    private let now: @Sendable () -> Date

    /// Writes to a store, with a clock for the beginning of holdings.
    package init(store: any GridAssignmentStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Checks rows, keeps the sound ones within a scope, and says what became of each.
    package func callAsFunction(
        _ rows: [Numbered<AssignmentDraft>], scope: ScopeFilter
    ) async throws -> [Numbered<RowOutcome>] {
        // The whole row is the key: that a person has one name the store decides over all rows and what it knows.
        let checked = CheckedRows(
            rows, keyField: "identityNumber", key: \StatedAssignment.self,
            within: .division("gridCode", in: scope) { $0.gridCode.digits }
        ) {
            (draft: AssignmentDraft) throws(RowFaults) in try draft.checked()
        }
        guard !checked.sound.isEmpty else { return checked.outcomes(deciding: []) }
        return checked.outcomes(deciding: try await store.staff(checked.sound, at: now()))
    }
}
