import Models
import Postgres
import ServiceKit

/// Finds what is not as it should be with grids, in one statement.
///
/// A role is held by whoever holds it today: whose term is over, or who is away without a substitute, does not.
package struct PostgresGridFindings: GridFindingReading {
    private let pool: PostgresPool

    /// Reads from a pool.
    package init(pool: PostgresPool) { self.pool = pool }

    package func list(
        gridPrefix: String, today: CalendarDay, scope: ScopeFilter, after: [String]?, limit: Int
    ) async throws -> [GridFinding] {
        let range = CodeRange(prefix: gridPrefix)
        let day = PostgresValue.date(today.description)
        let (grid, kind) = (after?[0] ?? "", after?[1] ?? "")
        let area = GridRole.allCases.filter { $0.level == .area }.map(\.rawValue)
        let group = GridRole.allCases.filter { $0.level == .group }.map(\.rawValue)
        return try await pool.query(
            """
            with grids as (
                select g.code, g.households,
                    case when d.kind in ('urbanCommunity', 'convertedFromVillage') then \(GridFinding.urbanHouseholdsMax)::int8
                         else \(GridFinding.ruralHouseholdsMax)::int8 end as households_max
                from grid.grids g join grid.divisions d on d.code = g.community_code
                where g.code >= \(range.lowerBound) and g.code < \(range.upperBound)
                  and g.valid_to is null and \(scope: scope, on: "g.code")
            ), findings as (
                select case length(code) when 15 then 'area-incomplete' else 'group-incomplete' end as kind, code,
                    array(select r.role
                          from unnest(case length(code) when 15 then \(area)::text[] else \(group)::text[] end) as r (role)
                          where not exists (select from grid.assignments a where a.grid_code = code and a.role = r.role
                                            and a.ended_at is null and coalesce(a.term_to > \(day), true)
                                            and not exists (select from grid.absences b
                                                            where b.assignment_id = a.id and b.substitute_id is null
                                                              and b.during @> \(day)::date)) order by r.role) as missing,
                    null::int8 as households, null::int8 as households_max
                from grids
                union all
                select 'grid-too-large', code, '{}'::text[], households::int8, households_max from grids
                where length(code) = 15 and households > households_max
            )
            select kind, code, missing, households, households_max from findings
            where (kind = 'grid-too-large' or cardinality(missing) > 0)
              and (code, kind collate "C") > (\(grid), \(kind))
            order by code, kind collate "C" limit \(limit)
            """
        ).rows.map { row in
            GridFinding(
                kind: try row.word("kind"), gridCode: try row.gridCode("code"),
                missing: try row.wordsIfPresent("missing") ?? [], households: try row.decodeIfPresent("households"),
                householdsMax: try row.decodeIfPresent("households_max"))
        }
    }
}
