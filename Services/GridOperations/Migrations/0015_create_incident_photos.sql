-- Pictures of incidents, without EXIF, by the SHA-256 of what is kept: the same picture is there once. They lie in the database,
-- which every replica has and every backup holds; some megabytes each, nine at most, gone half a year after the close.
create table grid.incident_photos (
    incident_id uuid not null,
    hash bytea not null check (octet_length(hash) = 32),
    grid_code text collate "C" not null,
    stage text not null,
    media_type text not null,
    width integer not null,
    height integer not null,
    byte_count integer not null,
    content bytea not null,
    added_at timestamptz not null,
    primary key (incident_id, hash)
);
-- It is compressed as it is.
alter table grid.incident_photos alter column content set storage external;

alter table grid.incident_photos enable row level security, force row level security;
create policy scope on grid.incident_photos
    using (service_kit.in_scope(grid_code, (select service_kit.scopes()))
           or grid.is_open_to(incident_id, (select service_kit.scopes())));
