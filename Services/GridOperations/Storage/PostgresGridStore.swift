import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Grids in PostgreSQL with PostGIS.
package struct PostgresGridStore: GridStore {
    private let pool: PostgresPool
    private let outbox: Outbox

    /// Writes through an outbox and reads from its pool.
    package init(pool: PostgresPool, outbox: Outbox) {
        self.pool = pool
        self.outbox = outbox
    }

    package func register(_ rows: [Numbered<Grid>], at moment: Date) async throws -> [Numbered<RowOutcome>] {
        let grids = rows.map(\.content).sorted { $0.code < $1.code }
        return try await outbox.transaction { transaction in
            transaction.enqueue(BulkLock.grids.statement)
            let results = try await transaction.pipeline([
                Self.knownGrids(grids), Self.knownCommunities(grids), GridGeometryQuery.statement(grids),
                Self.endedGrids(grids),
            ])
            let known = try results[0].rows.map(Grid.init)
            let intake = GridIntake(
                rows, known: Dictionary(known.map { ($0.code, $0) }) { first, _ in first },
                communities: Set(try results[1].rows.map { try $0.decode("code", as: String.self) }),
                geometry: try GridGeometryQuery.geometry(results[2]),
                ended: Set(try results[3].rows.map { try $0.gridCode("code") }))
            if !intake.written.isEmpty { transaction.enqueue(Self.upsert(intake.written)) }
            return (intake.outcomes, try intake.events.map { try OutgoingEvent($0, occurredAt: moment) })
        }
    }

    package func list(
        prefix: String, level: GridLevel?, on day: CalendarDay, scope: ScopeFilter, after: String?, limit: Int
    ) async throws -> [RecordedGrid] {
        let range = CodeRange(prefix: prefix)
        let digits = level.map { $0 == .area ? 15 : 17 }
        let date = PostgresValue.date(day.description)
        return try await pool.query(
            """
            select \(unescaped: Self.columns) from grid.grids
            where code >= \(range.lowerBound) and code < \(range.upperBound) and code > \(after ?? "")
              and \(scope: scope, on: "code")
              and (\(digits)::int8 is null or length(code) = \(digits)::int8)
              and coalesce(valid_from <= \(date), true) and coalesce(valid_to > \(date), true)
            order by code limit \(limit)
            """
        ).rows.map(RecordedGrid.init)
    }

    package func find(_ code: GridCode, scope: ScopeFilter) async throws -> RecordedGrid? {
        try await pool.query(
            """
            select \(unescaped: Self.columns) from grid.grids
            where code = \(code.digits) and \(scope: scope, on: "code")
            """
        ).rows.first.map(RecordedGrid.init)
    }

    package func locate(_ position: Position) async throws -> GridPlace {
        let result = try await pool.query(GridPlaceQuery.statement([position]))
        return try result.rows.first.map(GridPlaceQuery.place) ?? .outside(nearest: nil)
    }

    // MARK: - Statements

    /// The columns of a grid for a select list.
    static let columns = """
        code, name, households, st_astext(boundary, 15) as boundary, valid_from, valid_to, version,
        array(select s.successor_code from grid.grid_successors s where s.grid_code = code
              order by s.successor_code) as successors
        """

    private static func endedGrids(_ grids: [Grid]) -> PostgresStatement {
        """
        select code from grid.grids
        where code in (select unnest(\(grids.map(\.code.digits))::text[])) and valid_to is not null
        """
    }

    private static func knownGrids(_ grids: [Grid]) -> PostgresStatement {
        let codes = Set(grids.flatMap { [$0.code.digits, $0.parentCode] })
        return """
            select code, name, households, st_astext(boundary, 15) as boundary from grid.grids
            where code in (select unnest(\(codes.sorted())::text[])) and valid_to is null order by code for update
            """
    }

    private static func knownCommunities(_ grids: [Grid]) -> PostgresStatement {
        let codes = Set(grids.map(\.code.communityDigits)).sorted()
        return "select code from grid.divisions where code in (select unnest(\(codes)::text[]))"
    }

    private static func upsert(_ grids: [Grid]) -> PostgresStatement {
        PostgresStatement(
            """
            insert into grid.grids (code, name, households, boundary)
            select g.code, g.name, g.households, st_geomfromtext(g.boundary, 4326)
            from unnest($1::text[], $2::text[], $3::int4[], $4::text[]) as g (code, name, households, boundary)
            on conflict (code) do update
            set name = excluded.name, households = excluded.households, boundary = excluded.boundary,
                version = grids.version + 1, updated_at = now()
            """,
            [
                .textArray(grids.map(\.code.digits)), .textArray(grids.map(\.name)),
                .int4Array(grids.map { $0.households.map(Int32.init) }),
                .textArray(grids.map(\.boundary.wellKnownText)),
            ])
    }
}

extension Grid {
    /// Reads a row of `grid.grids` with the boundary as well-known text.
    init(_ row: PostgresRow) throws {
        self.init(
            code: try row.gridCode("code"), name: try row.decode("name"),
            households: try row.decodeIfPresent("households"),
            boundary: try GridBoundary(wellKnownText: try row.decode("boundary")))
    }
}

extension RecordedGrid {
    /// Reads a row of `grid.grids` with the columns of `PostgresGridStore.columns`.
    init(_ row: PostgresRow) throws {
        self.init(
            grid: try Grid(row),
            validity: GridValidity(
                from: try row.decodeIfPresent("valid_from", as: String.self).flatMap { CalendarDay($0) },
                to: try row.decodeIfPresent("valid_to", as: String.self).flatMap { CalendarDay($0) }),
            version: try row.decode("version"),
            successors: try row.decode("successors", as: [String].self).compactMap { GridCode($0) })
    }
}
