import Models
import Postgres
import ServiceKit

/// Finds what is not as it should be with places, in one statement.
package struct PostgresVenueFindings: VenueFindingReading {
    private let pool: PostgresPool

    /// Reads from a pool.
    package init(pool: PostgresPool) { self.pool = pool }

    /// A venue is looked for in every urban community, and in every other that has a room.
    package func list(
        divisionPrefix: String, scope: ScopeFilter, after: [String]?, limit: Int
    ) async throws -> [VenueFinding] {
        let range = CodeRange(prefix: divisionPrefix)
        let kinds = RoomKind.venue.map(\.rawValue)
        let (division, kind, subject) = (after?[0] ?? "", after?[1] ?? "", after?[2] ?? "")
        return try await pool.query(
            """
            with rooms as (
                select * from grid.rooms
                where is_in_use and division_code >= \(range.lowerBound) and division_code < \(range.upperBound)
                  and \(scope: scope, on: "division_code")
            ), communities as (
                select d.code from grid.divisions d
                where length(d.code) = 12 and d.code >= \(range.lowerBound) and d.code < \(range.upperBound)
                  and \(scope: scope, on: "d.code")
                  and (d.kind in ('urbanCommunity', 'convertedFromVillage')
                       or exists (select from rooms r where r.division_code = d.code))
            ), findings as (
                select 'venue-incomplete' as kind, c.code as division_code, '-' as subject,
                    array(select k.kind from unnest(\(kinds)::text[]) with ordinality as k (kind, place)
                          where not exists (select from rooms r where r.division_code = c.code and r.kind = k.kind)
                          order by k.place) as missing
                from communities c
                union all
                select 'room-without-hours', division_code, id::text, '{}'::text[] from rooms
                where is_bookable and opening_hours -> 'weekly' = '[]' and opening_hours -> 'exceptions' = '[]'
                union all
                select 'closed-room-open', division_code, id::text, '{}'::text[] from rooms
                where kind in ('archive', 'finance') and open_to = 'resident'
                union all
                select 'station-without-functions', division_code, id::text, '{}'::text[] from grid.stations
                where state in ('open', 'upgrading') and coalesce(cardinality(functions), 0) = 0
                  and division_code >= \(range.lowerBound) and division_code < \(range.upperBound)
                  and \(scope: scope, on: "division_code")
            )
            select kind, division_code, subject, missing from findings
            where (kind <> 'venue-incomplete' or cardinality(missing) > 0)
              and (division_code, kind collate "C", subject collate "C") > (\(division), \(kind), \(subject))
            order by division_code, kind collate "C", subject collate "C" limit \(limit)
            """
        ).rows.map { row in
            let subject: String = try row.decode("subject")
            return VenueFinding(
                kind: try row.word("kind"), divisionCode: try row.divisionCode("division_code"),
                subject: subject == "-" ? nil : subject, missing: try row.wordsIfPresent("missing") ?? [])
        }
    }
}
