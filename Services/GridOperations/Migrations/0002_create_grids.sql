-- Grids 网格: areas of 15 digits in a community, groups of 17 digits in an area (INV-16). They are never deleted: a merged
-- or split grid gets a new code, and incidents keep the code that they were found in.
create table grid.grids (
    code text collate "C" primary key check (code ~ '^([0-9]{15}|[0-9]{17})$'),
    -- The community of an area, the area of a group.
    parent_code text collate "C" not null
        generated always as (left(code, case when length(code) = 15 then 12 else 15 end)) stored,
    community_code text collate "C" not null generated always as (left(code, 12)) stored references grid.divisions (code),
    name text not null,
    households integer check (households >= 0),
    boundary geometry(Polygon, 4326) not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

-- Finds the grids around a point, and the nearest one.
create index grids_boundary_idx on grid.grids using gist (boundary);
-- Finds siblings.
create index grids_parent_code_idx on grid.grids (parent_code);

-- How much of the smaller boundary may be on the wrong side: digitised borders never fit to the last decimal.
create function grid.boundary_tolerance() returns double precision language sql immutable parallel safe
    return 0.0001;

create function grid.boundary_within(inner_boundary geometry, outer_boundary geometry) returns boolean
    language sql immutable parallel safe
    return st_covers(outer_boundary, inner_boundary)
        or st_area(st_difference(inner_boundary, outer_boundary)) <= grid.boundary_tolerance() * st_area(inner_boundary);

create function grid.boundaries_overlap(one geometry, other geometry) returns boolean
    language sql immutable parallel safe
    return st_intersects(one, other)
        and st_area(st_intersection(one, other))
            > grid.boundary_tolerance() * least(st_area(one), st_area(other));
