import Foundation
import Models

/// Which deadlines a list shall show.
package enum IncidentDue: String, Sendable, CaseIterable {
    /// Time that is over.
    case overdue
    /// Time that is over within 24 hours.
    case soon
    /// Every clock that runs.
    case all

    /// When the deadlines lie.
    package func window(at moment: Date) -> Range<Date> {
        switch self {
        case .overdue: .distantPast..<moment
        case .soon: moment..<moment.addingTimeInterval(86_400)
        case .all: .distantPast..<Date.distantFuture
        }
    }
}

/// What a list of incidents goes by; each has an index that it walks along.
package enum IncidentQuery: Sendable, Hashable {
    /// Those of grids, perhaps of one state alone, the newest report first.
    case filed(IncidentFilter)
    /// Those that a person has handled, the newest report first.
    case handled(by: PersonID)
    /// Those that a person has reported, the newest first.
    case reported(by: PersonID)
    /// Those that lie with an organisation: sent to it, or being handled by it; the newest report first.
    case lying(with: String)
    /// Those with a clock that runs, the longest due first.
    case due(IncidentDue, gridPrefix: String)
    /// Those whose title or description has all of some words, the newest report first.
    case search(SearchTerms, gridPrefix: String)
}

/// An incident of a list, with the clock that the list goes by, if it does.
package struct ListedIncident: Sendable, Hashable {
    package let incident: Incident
    package let clock: IncidentClock?

    package init(_ incident: Incident, clock: IncidentClock? = nil) {
        self.incident = incident
        self.clock = clock
    }

    /// Where the item stands in its list.
    package var place: ListPlace {
        guard let clock else { return .report(incident.id) }
        return .deadline(at: clock.dueAt, incident.id, clock.kind)
    }
}

/// Where an item stands in a list.
package enum ListPlace: Sendable, Hashable {
    /// By the report.
    case report(IncidentID)
    /// By a deadline.
    case deadline(at: Date, IncidentID, IncidentClockKind)

    /// The place as a key of a cursor.
    package var key: String {
        switch self {
        case .report(let id): id.description
        case .deadline(let moment, let id, let kind):
            "\(Int64((moment.timeIntervalSince1970 * 1000).rounded()))/\(id)/\(kind.rawValue)"
        }
    }

    /// Reads a key; nil when it is none.
    package init?(key: String) {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 1, let id = IncidentID(key) {
            self = .report(id)
        } else if parts.count == 3, let milliseconds = Int64(parts[0]), milliseconds.magnitude < 1 << 50,
            let id = IncidentID(String(parts[1])), let kind = IncidentClockKind(rawValue: String(parts[2]))
        {
            self = .deadline(at: Date(timeIntervalSince1970: Double(milliseconds) / 1000), id, kind)
        } else {
            return nil
        }
    }

    /// Whether a list can have such places.
    package func isPlace(of query: IncidentQuery) -> Bool {
        switch (query, self) {
        case (.due, .deadline): true
        case (.due, .report), (_, .deadline): false
        case (_, .report): true
        }
    }
}

/// Where incidents are listed.
package protocol IncidentListing: Sendable {
    /// The incidents of a query behind a place, as far as a scope shows them.
    func list(
        _ query: IncidentQuery, scope: ScopeFilter, after place: ListPlace?, at moment: Date, limit: Int
    ) async throws -> [ListedIncident]
}

/// Lists incidents.
package struct ListIncidents: Sendable {
    private let store: any IncidentListing
    private let now: @Sendable () -> Date

    /// Reads from a store, with a clock for what is due.
    package init(store: any IncidentListing, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// The incidents of a query behind a place.
    package func callAsFunction(
        _ query: IncidentQuery, scope: ScopeFilter, after place: ListPlace?, limit: Int
    ) async throws -> [ListedIncident] {
        try await store.list(query, scope: scope, after: place, at: now().wholeMilliseconds, limit: limit)
    }
}
