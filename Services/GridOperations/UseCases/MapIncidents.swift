import Models

/// Where incidents are counted by place.
package protocol IncidentMapping: Sendable {
    /// The open incidents of a box and a scope, counted by cells with a side in degrees.
    func clusters(in box: MapBox, cell: Double, scope: ScopeFilter) async throws -> [MapCluster]
}

/// Shows where the open incidents are.
package struct MapIncidents: Sendable {
    private let store: any IncidentMapping

    /// Counts in a store.
    package init(store: any IncidentMapping) { self.store = store }

    /// The open incidents of a box and a scope, cell by cell.
    package func callAsFunction(in box: MapBox, zoom: MapZoom, scope: ScopeFilter) async throws -> [MapCluster] {
        try await store.clusters(in: box, cell: zoom.cell(in: box), scope: scope)
    }
}
