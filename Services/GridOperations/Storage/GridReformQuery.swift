import Models
import Postgres
import ServiceKit

/// Asks PostGIS about the boundaries of a merge or a split.
enum GridReformQuery {
    /// The union of grids as well-known text; null when it is no single polygon.
    static func union(_ grids: [GridCode]) -> PostgresStatement {
        """
        select case when st_geometrytype(shape) = 'ST_Polygon' then st_astext(shape, 15) end as boundary
        from (select st_union(boundary) as shape from grid.grids
              where code in (select unnest(\(grids.map(\.digits))::text[]))) u
        """
    }

    /// One row for each finding, with a point in what is wrong.
    static func findings(_ new: [Grid], following old: [GridCode]) -> PostgresStatement {
        PostgresStatement(
            """
            with sent as materialized (
                select s.code, st_geomfromtext(s.boundary, 4326) as boundary
                from unnest($1::text[], $2::text[]) as s (code, boundary)
            ), sound as materialized (
                select * from sent where st_isvalid(boundary)
            ), before as materialized (
                select st_union(boundary) as shape from grid.grids where code in (select unnest($3::text[]))
            ), after as materialized (
                select st_union(boundary) as shape from sound
                having not exists (select from sent where not st_isvalid(boundary))
            ), findings as (
                select 'invalid' as finding, code, null as other, location(st_isvaliddetail(boundary)) as place
                from sent where not st_isvalid(boundary)
                union all
                select 'overlaps', s.code, o.code, st_pointonsurface(st_intersection(s.boundary, o.boundary))
                from sound s join sound o on o.code < s.code where grid.boundaries_overlap(s.boundary, o.boundary)
                union all
                select 'overlaps', s.code, g.code, st_pointonsurface(st_intersection(s.boundary, g.boundary))
                from sound s join grid.grids g on g.parent_code = $4
                where g.valid_to is null and g.code not in (select unnest($3::text[]))
                  and grid.boundaries_overlap(s.boundary, g.boundary)
                union all
                select 'outside', s.code, g.code, st_pointonsurface(st_difference(s.boundary, g.boundary))
                from sound s join grid.grids g on g.code = $4 where not grid.boundary_within(s.boundary, g.boundary)
                union all
                select 'beyond', s.code, null, st_pointonsurface(st_difference(s.boundary, b.shape))
                from sound s cross join before b where not grid.boundary_within(s.boundary, b.shape)
                union all
                select 'gap', null, null, st_pointonsurface(st_difference(b.shape, a.shape))
                from before b cross join after a where not grid.boundary_within(b.shape, a.shape)
            )
            select finding, code, other, st_x(place) as longitude, st_y(place) as latitude
            from findings order by finding, code, other
            """,
            [
                .textArray(new.map(\.code.digits)), .textArray(new.map(\.boundary.wellKnownText)),
                .textArray(old.map(\.digits)), .text(old.first?.parentCode ?? ""),
            ])
    }

    static func finding(_ row: PostgresRow) throws -> GridReformFinding {
        let longitude: Double? = try row.decodeIfPresent("longitude")
        let latitude: Double? = try row.decodeIfPresent("latitude")
        return GridReformFinding(
            kind: try row.word("finding"),
            code: try row.decodeIfPresent("code", as: String.self).flatMap { GridCode($0) },
            other: try row.decodeIfPresent("other", as: String.self).flatMap { GridCode($0) },
            place: longitude.flatMap { x in latitude.flatMap { Position(longitude: x, latitude: $0) } })
    }

    /// The new grid that each group lies in, where there is one.
    static func places(of groups: [GridCode], in new: [Grid]) -> PostgresStatement {
        PostgresStatement(
            """
            select g.code, min(s.code collate "C") as part
            from grid.grids g join unnest($2::text[], $3::text[]) as s (code, boundary)
                on grid.boundary_within(g.boundary, st_geomfromtext(s.boundary, 4326))
            where g.code in (select unnest($1::text[])) group by g.code
            """,
            [
                .textArray(groups.map(\.digits)), .textArray(new.map(\.code.digits)),
                .textArray(new.map(\.boundary.wellKnownText)),
            ])
    }
}
