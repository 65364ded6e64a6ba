import Foundation
import Models

/// What the report of incidents is counted from.
package protocol IncidentSummaryStore: Sendable {
    /// Counts the incidents of a scope that were reported within a time, seen at one moment.
    func figures(scope: ScopeFilter, reported window: Range<Date>) async throws -> IncidentFigures
}

/// Reads the report of incidents (REP-11).
package struct ReadIncidentSummary: Sendable {
    private let store: any IncidentSummaryStore
    private let now: @Sendable () -> Date

    /// Reads from a store, with a clock for the day of the report.
    package init(store: any IncidentSummaryStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// The report of a scope over the incidents reported from one day to another; empty when they are in the wrong order.
    package func callAsFunction(
        scope: ScopeFilter, from: CalendarDay?, to: CalendarDay?
    ) async throws -> IncidentSummary {
        let first = from.flatMap(Self.start(of:)) ?? .distantPast
        let end = to.flatMap(Self.start(of:))?.addingTimeInterval(86_400) ?? .distantFuture
        let figures = try await store.figures(scope: scope, reported: first..<max(first, end))
        return IncidentSummary(figures, asOf: CalendarDay(inShanghai: now()), from: from, to: to)
    }

    /// When a day begins in the county.
    private static func start(of day: CalendarDay) -> Date? { RFC3339.parse("\(day)T00:00:00+08:00") }
}
