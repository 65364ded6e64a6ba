import Models

/// Which incidents a list shall show.
package struct IncidentFilter: Sendable, Hashable {
    /// Digits that the grid's code begins with; empty for all.
    package var gridPrefix: String
    /// The state; nil for all.
    package var state: IncidentState?

    /// Gathers the conditions.
    package init(gridPrefix: String = "", state: IncidentState? = nil) {
        self.gridPrefix = gridPrefix
        self.state = state
    }
}

/// Where incidents are read.
///
/// Of a scope, which is that of grids or of the reporter himself: what lies outside is as if it did not exist.
package protocol IncidentReading: Sendable {
    /// An incident with its steps in order.
    func find(_ id: IncidentID, scope: ScopeFilter) async throws -> (incident: Incident, steps: [IncidentStep])?

    /// Incidents, the newest report first.
    func list(
        _ filter: IncidentFilter, scope: ScopeFilter, before: IncidentID?, limit: Int
    ) async throws -> [Incident]
}

/// Reads incidents.
package struct ReadIncidents: Sendable {
    private let store: any IncidentReading

    /// Reads from a store.
    package init(store: any IncidentReading) { self.store = store }

    /// An incident with its steps in order; nil when there is none.
    package func one(_ id: IncidentID, scope: ScopeFilter) async throws -> (incident: Incident, steps: [IncidentStep])?
    {
        try await store.find(id, scope: scope)
    }

    /// Incidents, the newest report first.
    package func list(
        _ filter: IncidentFilter, scope: ScopeFilter, before: IncidentID?, limit: Int
    ) async throws -> [Incident] {
        try await store.list(filter, scope: scope, before: before, limit: limit)
    }
}
