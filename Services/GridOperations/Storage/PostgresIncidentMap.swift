import Models
import Postgres
import ServiceKit

/// Counts open incidents by place, from the index of open incidents alone.
package struct PostgresIncidentMap: IncidentMapping {
    private let pool: PostgresPool

    /// Reads from a pool.
    package init(pool: PostgresPool) { self.pool = pool }

    package func clusters(in box: MapBox, cell: Double, scope: ScopeFilter) async throws -> [MapCluster] {
        try await pool.query(Self.statement(in: box, cell: cell, scope: scope)).rows.map { row in
            MapCluster(
                count: try row.decode("count"), longitude: try row.decode("longitude"),
                latitude: try row.decode("latitude"), incident: try row.identifierIfPresent("incident"))
        }
    }

    /// Whoever sees his own reports alone finds none here.
    package static func statement(in box: MapBox, cell: Double, scope: ScopeFilter) -> PostgresStatement {
        """
        select count(*) as count, avg(longitude) as longitude, avg(latitude) as latitude,
               case when count(*) = 1 then min(id::text)::uuid end as incident
        from grid.incidents
        where state in ('reported', 'filed', 'dispatched', 'inProgress', 'handled')
          and longitude >= \(box.west) and longitude <= \(box.east)
          and latitude >= \(box.south) and latitude <= \(box.north) and \(scope: scope, on: "grid_code")
        group by floor(longitude / \(cell)), floor(latitude / \(cell))
        order by 2, 3
        """
    }
}
