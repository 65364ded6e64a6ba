import Foundation
import Models
import Postgres
import ServiceKit

/// Incidents of the past in PostgreSQL, for trials of a rulebook.
package struct PostgresIncidentHistory: IncidentHistory {
    private let pool: PostgresPool

    /// Reads from a pool.
    package init(pool: PostgresPool) { self.pool = pool }

    package func incidents(since moment: Date, before: IncidentID?, limit: Int) async throws -> [PastIncident] {
        // Ids are made of the time of the report, so the walk back in their order ends where the time does.
        let first = UUID.version7(at: moment.addingTimeInterval(-1))
        let incidents = try await pool.query(
            """
            select \(unescaped: IncidentColumns.list) from grid.incidents
            where id < \(before?.rawValue ?? .afterAll) and id >= \(first) and reported_at >= \(moment)
              and not is_historical
            order by id desc limit \(limit)
            """
        ).rows.map(Incident.init)
        let steps = try await pool.query(
            """
            select incident_id, version, action, actor_id, at, state, organisation, note from grid.incident_steps
            where incident_id in (select unnest(\(PostgresValue.uuidArray(incidents.map(\.id.rawValue)))))
            order by incident_id, version
            """
        ).rows.map { (incident: try $0.identifier("incident_id", as: IncidentID.self), step: try IncidentStep($0)) }
        let byIncident = Dictionary(grouping: steps, by: \.incident)
        return incidents.map { PastIncident(incident: $0, steps: byIncident[$0.id, default: []].map(\.step)) }
    }
}
