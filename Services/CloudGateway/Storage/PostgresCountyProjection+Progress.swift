import Foundation
import Models
import Postgres

extension PostgresCountyProjection {
    /// What events told of incidents beside their state; what they did not speak of stays.
    static func progress(_ changes: [IncidentID: IncidentProgress]) -> PostgresStatement? {
        guard !changes.isEmpty else { return nil }
        let rows = changes.sorted { $0.key.description < $1.key.description }
        return PostgresStatement(
            """
            insert into gateway.incident_progress as p (incident_id, grid_code, responded_at, closed_at, has_missed,
                is_resolved, satisfaction)
            select n.incident_id, n.grid_code, n.responded_at, n.closed_at, n.has_missed, n.is_resolved, n.satisfaction
            from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $6::bool[], $7::text[], $8::text[])
                as n (incident_id, grid_code, responded_at, closed_at, has_missed, is_resolved, satisfaction)
            order by 1
            on conflict (incident_id) do update set grid_code = excluded.grid_code,
                responded_at = least(p.responded_at, excluded.responded_at),
                closed_at = case when excluded.incident_id = any ($5::uuid[]) then excluded.closed_at else p.closed_at end,
                has_missed = p.has_missed or excluded.has_missed,
                is_resolved = coalesce(excluded.is_resolved, p.is_resolved),
                satisfaction = coalesce(excluded.satisfaction, p.satisfaction)
            """,
            [
                .uuidArray(rows.map(\.key.rawValue)), .textArray(rows.map(\.value.gridCode.digits)),
                .timestamptzArray(rows.map(\.value.respondedAt)), .timestamptzArray(rows.map(\.value.closedAt.date)),
                .uuidArray(rows.filter { $0.value.closedAt != .unsaid }.map(\.key.rawValue)),
                .boolArray(rows.map(\.value.hasMissed)),
                .textArray(rows.map { $0.value.feedback?.resolved.rawValue }),
                .textArray(rows.map { $0.value.feedback?.satisfaction.rawValue }),
            ])
    }
}

extension IncidentProgress.Moment {
    fileprivate var date: Date? {
        guard case .at(let date) = self else { return nil }
        return date
    }
}
