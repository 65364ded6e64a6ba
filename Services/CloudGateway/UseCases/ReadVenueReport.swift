import Foundation
import Models

/// What the report of stations and venues is counted from.
package protocol VenueReportStore: Sendable {
    /// Counts everything of a scope that the report needs, seen at one moment.
    func counts(scope: ScopeFilter) async throws -> VenueCounts
}

/// Reads the report of stations and venues (REP-13).
package struct ReadVenueReport: Sendable {
    private let store: any VenueReportStore
    private let now: @Sendable () -> Date

    /// Reads from a store, with a clock for the day of the report.
    package init(store: any VenueReportStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// The report of a scope.
    package func callAsFunction(scope: ScopeFilter) async throws -> VenueReport {
        VenueReport(try await store.counts(scope: scope), asOf: CalendarDay(inShanghai: now()))
    }
}
