import Models
import Postgres

/// Finds the grids of points, among those in force, in one statement for all of them.
enum GridPlaceQuery {
    /// One row for each point, in their order.
    ///
    /// Groups come before areas; where grids meet, the first code counts. The nearest grid is looked for only where
    /// there is none around a point.
    static func statement(_ positions: [Position]) -> PostgresStatement {
        PostgresStatement(
            """
            select located.code, nearest.code as nearest_code, nearest.metres
            from unnest($1::float8[], $2::float8[]) with ordinality as p (longitude, latitude, place)
            cross join lateral (select st_setsrid(st_makepoint(p.longitude, p.latitude), 4326) as point) at
            left join lateral (
                select g.code from grid.grids g where st_covers(g.boundary, at.point) and g.valid_to is null
                order by length(g.code) desc, g.code limit 1
            ) located on true
            left join lateral (
                select g.code, round(st_distance(g.boundary::geography, at.point::geography))::int8 as metres
                from grid.grids g where located.code is null and g.valid_to is null
                order by g.boundary <-> at.point, length(g.code) desc, g.code limit 1
            ) nearest on true
            order by p.place
            """,
            [.float8Array(positions.map(\.longitude)), .float8Array(positions.map(\.latitude))])
    }

    static func place(_ row: PostgresRow) throws -> GridPlace {
        if let code = try row.decodeIfPresent("code", as: String.self).flatMap({ GridCode($0) }) {
            return .inside(code)
        }
        guard let code = try row.decodeIfPresent("nearest_code", as: String.self).flatMap({ GridCode($0) }) else {
            return .outside(nearest: nil)
        }
        return .outside(nearest: NearestGrid(code: code, metres: try row.decodeIfPresent("metres") ?? 0))
    }
}
