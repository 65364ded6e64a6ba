import Foundation
import Messaging
import Models
import Postgres

/// Moves open incidents from grids that ended to their successors, by their points, with all that hangs on them.
///
/// What is closed keeps the grid that it was closed in; so do the steps of escalation, which are never changed.
enum PostgresIncidentMover {
    /// Every table that keeps the grid of an incident beside `grid.incidents`, for its fence.
    ///
    /// `grid.deadline_actions` is append-only and keeps the grid of its time.
    static let tables = [
        "clocks", "whistles", "whistle_calls", "incident_contacts", "incident_photos", "open311_requests",
        "open311_updates",
    ]

    /// Moves what lies in the old grids of the pairs.
    ///
    /// - Returns: the incidents as they are now, in the order of their ids.
    static func move(
        _ pairs: [GridSuccession], in transaction: PostgresTransaction
    ) async throws -> [Incident] {
        let moved = try await transaction.query(update(pairs)).rows.map(Incident.init)
            .sorted { $0.id.description < $1.id.description }
        guard !moved.isEmpty else { return [] }
        for table in tables { transaction.enqueue(follow(table, moved)) }
        transaction.enqueue(IncidentColumns.words(of: moved))
        return moved
    }

    private static func update(_ pairs: [GridSuccession]) -> PostgresStatement {
        PostgresStatement(
            """
            with moved as (
                select i.id as incident, n.code as grid from grid.incidents i
                cross join lateral (
                    select g.code from unnest($1::text[], $2::text[]) as p (old, new) join grid.grids g on g.code = p.new
                    where p.old = i.grid_code
                    order by g.boundary <-> st_setsrid(st_makepoint(i.longitude, i.latitude), 4326), g.code limit 1
                ) n
                where i.grid_code in (select unnest($1::text[]))
                  and i.state not in ('closed', 'archived', 'rejected', 'withdrawn')
                order by i.id for update of i
            )
            update grid.incidents set grid_code = moved.grid from moved where id = moved.incident
            returning \(IncidentColumns.list)
            """,
            [.textArray(pairs.map(\.old.digits)), .textArray(pairs.map(\.new.digits))])
    }

    private static func follow(_ table: String, _ moved: [Incident]) -> PostgresStatement {
        PostgresStatement(
            """
            update grid.\(table) t set grid_code = m.code from unnest($1::uuid[], $2::text[]) as m (id, code)
            where t.incident_id = m.id and t.grid_code <> m.code
            """,
            [.uuidArray(moved.map(\.id.rawValue)), .textArray(moved.map(\.gridCode.digits))])
    }
}
