import Foundation
import Models

/// What the report of grids is counted from.
package protocol GridReportStore: Sendable {
    /// Counts the grids of a scope, seen at one moment.
    func counts(scope: ScopeFilter) async throws -> GridCounts
}

/// Reads the report of grids (REP-10).
package struct ReadGridReport: Sendable {
    private let store: any GridReportStore
    private let now: @Sendable () -> Date

    /// Reads from a store, with a clock for the day of the report.
    package init(store: any GridReportStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// The report of a scope.
    package func callAsFunction(scope: ScopeFilter) async throws -> GridReport {
        GridReport(try await store.counts(scope: scope), asOf: CalendarDay(inShanghai: now()))
    }
}
