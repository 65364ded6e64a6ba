import Foundation
import Models

/// Where terms and absences of staff are kept.
package protocol GridTermStore: Sendable {
    /// Sets the end of a present holding's term; nil for none.
    ///
    /// - Throws: `HoldingNotFound`.
    func setTerm(_ assignment: GridAssignmentID, to day: CalendarDay?, scope: ScopeFilter) async throws

    /// Writes an absence, once for a key.
    ///
    /// - Parameter substitute: a present holding of whoever stands in; nil for nobody.
    /// - Throws: `HoldingNotFound`; `RowFaults` when the holder is absent on one of the days already, or the substitute is
    ///   nobody else in the scope.
    func add(
        _ days: (from: CalendarDay, to: CalendarDay), of assignment: GridAssignmentID,
        substitute: GridAssignmentID?, key: IdempotencyKey, scope: ScopeFilter
    ) async throws -> GridAbsenceID

    /// Present holdings whose term is over on a day, the longest over first.
    func over(on day: CalendarDay, limit: Int) async throws -> [(GridAssignmentID, CalendarDay)]
}

/// Keeps terms and absences of staff, and ends holdings whose term is over.
package struct KeepTerms: Sendable {
    private let store: any GridTermStore
    private let assignments: any GridAssignmentStore
    private let now: @Sendable () -> Date
    private let pause: Duration

    /// Writes to stores, with a clock for the day; terms are looked at once a pause.
    package init(
        store: any GridTermStore, assignments: any GridAssignmentStore, now: @escaping @Sendable () -> Date,
        pause: Duration = .seconds(30)
    ) {
        self.store = store
        self.assignments = assignments
        self.now = now
        self.pause = pause
    }

    /// Sets the end of a term, or lifts it.
    ///
    /// - Throws: `RowFaults`, `HoldingNotFound`.
    package func setTerm(
        _ assignment: GridAssignmentID, _ draft: GridTermDraft, scope: ScopeFilter
    ) async throws {
        let day = try draft.checked(today: try CountyCalendar.day(of: now()))
        try await store.setTerm(assignment, to: day, scope: scope)
    }

    /// Notes that the holder of a role will be away.
    ///
    /// - Throws: `RowFaults`, `HoldingNotFound`, or a problem of the key.
    package func add(
        _ draft: GridAbsenceDraft, of assignment: GridAssignmentID, key: IdempotencyKey, scope: ScopeFilter
    ) async throws -> GridAbsenceID {
        let days = try draft.checked(today: try CountyCalendar.day(of: now()))
        return try await store.add(
            days, of: assignment, substitute: draft.substituteAssignmentID, key: key, scope: scope)
    }

    /// Ends what is over until the task is cancelled.
    package func run() async throws {
        while true {
            _ = try await endAll()
            try await Task.sleep(for: pause)
        }
    }

    /// Ends the holdings whose term is over, each at the beginning of its day, with the events of its end.
    ///
    /// - Returns: how many.
    package func endAll() async throws -> Int {
        let batch = 100
        var count = 0
        while true {
            let over = try await store.over(on: try CountyCalendar.day(of: now()), limit: batch)
            for (assignment, day) in over {
                // Midnight of the county, so that whoever asks for that day finds the role held no longer.
                let beginning = ClockTime(minutes: 0).map { day.moment(at: $0) }
                _ = try await assignments.end(assignment, scope: .everything, at: beginning ?? now())
                count += 1
            }
            if over.count < batch { return count }
        }
    }
}
