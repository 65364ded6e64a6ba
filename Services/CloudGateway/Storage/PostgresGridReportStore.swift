import Models
import Postgres
import ServiceKit

/// Counts the report of grids in one statement, so that all figures are seen at one moment.
package struct PostgresGridReportStore: GridReportStore {
    private let executor: any PostgresExecutor

    /// Reads with a pool, a connection or a transaction.
    package init(executor: any PostgresExecutor) { self.executor = executor }

    package func counts(scope: ScopeFilter) async throws -> GridCounts {
        GridCounts(
            communities: try await executor.query(Self.statement(scope)).rows.map { row in
                GridCounts.Community(
                    code: try row.decode("code"), name: try row.decodeIfPresent("name"),
                    areas: try row.decode("areas"), areasWithThreeStaff: try row.decode("areas_with_three_staff"),
                    groups: try row.decode("groups"),
                    groupsWithOnePlusOnePlusN: try row.decode("groups_with_one_plus_one_plus_n"))
            })
    }

    /// Definitions of version 1 of the formulas, those of the digest: 1+1+N is looked for in service groups, 三员 in
    /// responsibility areas.
    private static func statement(_ scope: ScopeFilter) -> PostgresStatement {
        """
        with staff as (
            select grid_code,
                bool_or(role = 'communityCadre') and bool_or(role = 'partyGroupLeader') and bool_or(role = 'volunteer')
                    as has_one_plus_one_plus_n,
                bool_or(role = 'gridWorker') and bool_or(role = 'gridPolice') and bool_or(role = 'volunteerTeam')
                    as has_three_staff
            from gateway.grid_assignments where \(scope: scope, on: "grid_code") group by grid_code
        ), communities as (
            select left(g.code, 12) as code, count(*) filter (where g.level = 'area') as areas,
                count(*) filter (where g.level = 'area' and s.has_three_staff) as areas_with_three_staff,
                count(*) filter (where g.level = 'group') as groups,
                count(*) filter (where g.level = 'group' and s.has_one_plus_one_plus_n)
                    as groups_with_one_plus_one_plus_n
            from gateway.grids g left join staff s on s.grid_code = g.code
            where \(scope: scope, on: "g.code") group by 1
        )
        select c.*, d.name from communities c left join gateway.divisions d on d.code = c.code order by c.code
        """
    }
}
