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

/// An incident with what has become of it.
package struct IncidentRecord: Sendable {
    package let incident: Incident
    /// Its steps in order.
    package let steps: [IncidentStep]
    /// Its clocks in the order in which they were started.
    package let clocks: [IncidentClock]
    /// Whether the reporter left a way to reach him.
    package let hasContact: Bool
    /// Its pictures in the order in which they came.
    package let photos: [IncidentPhoto]

    package init(
        incident: Incident, steps: [IncidentStep], clocks: [IncidentClock], hasContact: Bool = false,
        photos: [IncidentPhoto] = []
    ) {
        self.hasContact = hasContact
        self.photos = photos
        self.incident = incident
        self.steps = steps
        self.clocks = clocks
    }
}

/// Where incidents are read.
///
/// Of a scope, which is that of grids or of the reporter himself: what lies outside is as if it did not exist.
package protocol IncidentReading: Sendable {
    /// An incident with its steps and clocks.
    func find(_ id: IncidentID, scope: ScopeFilter) async throws -> IncidentRecord?

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

    /// An incident with its steps and clocks; nil when there is none.
    package func one(_ id: IncidentID, scope: ScopeFilter) async throws -> IncidentRecord? {
        try await store.find(id, scope: scope)
    }

    /// Incidents, the newest report first.
    package func list(
        _ filter: IncidentFilter, scope: ScopeFilter, before: IncidentID?, limit: Int
    ) async throws -> [Incident] {
        try await store.list(filter, scope: scope, before: before, limit: limit)
    }
}
