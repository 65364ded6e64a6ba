import Models
import Postgres
import ServiceKit

/// Asks PostGIS what is wrong with the boundaries of a request, in one statement for all of them.
enum GridGeometryQuery {
    /// One row for each finding: its kind, the grid of the request, and the other grid.
    ///
    /// The grids must have different codes.
    static func statement(_ grids: [Grid]) -> PostgresStatement {
        PostgresStatement(
            """
            with sent as materialized (
                select s.code, s.parent_code, st_geomfromtext(s.boundary, 4326) as boundary
                from unnest($1::text[], $2::text[], $3::text[]) as s (code, parent_code, boundary)
            ), sound as materialized (
                select * from sent where st_isvalid(boundary)
            )
            select 'invalid' as finding, code, null as other from sent where not st_isvalid(boundary)
            union all
            select 'outsideStored', s.code, g.code from sound s join grid.grids g on g.code = s.parent_code
            where g.valid_to is null and not grid.boundary_within(s.boundary, g.boundary)
            union all
            select 'outsideSent', s.code, p.code from sound s join sound p on p.code = s.parent_code
            where not grid.boundary_within(s.boundary, p.boundary)
            union all
            select 'overlapsStored', s.code, g.code
            from sound s join grid.grids g on g.parent_code = s.parent_code and g.code <> s.code
            where g.valid_to is null and grid.boundaries_overlap(s.boundary, g.boundary)
            union all
            select 'overlapsSent', s.code, o.code
            from sound s join sound o on o.parent_code = s.parent_code and o.code <> s.code
            where grid.boundaries_overlap(s.boundary, o.boundary)
            union all
            select 'strands', s.code, g.code from sound s join grid.grids g on g.parent_code = s.code
            where g.valid_to is null and not grid.boundary_within(g.boundary, s.boundary)
            """,
            [
                .textArray(grids.map(\.code.digits)), .textArray(grids.map(\.parentCode)),
                .textArray(grids.map(\.boundary.wellKnownText)),
            ])
    }

    static func geometry(_ result: PostgresResult) throws -> GridGeometry {
        var geometry = GridGeometry()
        for row in result.rows {
            let code = try row.gridCode("code")
            let other = try row.decodeIfPresent("other", as: String.self).flatMap { GridCode($0) } ?? code
            switch try row.decode("finding", as: String.self) {
            case "invalid": geometry.invalid.insert(code)
            case "outsideStored": geometry.outsideStored.insert(code)
            case "outsideSent": geometry.outsideSent.insert(code)
            case "overlapsStored": geometry.overlapsStored[code, default: []].insert(other)
            case "overlapsSent": geometry.overlapsSent[code, default: []].insert(other)
            default: geometry.strands[code, default: []].insert(other)
            }
        }
        return geometry
    }
}
