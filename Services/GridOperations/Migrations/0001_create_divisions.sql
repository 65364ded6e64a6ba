-- Divisions 区划 are what every other code begins with. Codes are ASCII digits in byte order ("C"), so that a prefix is a
-- range of the index. PostGIS must exist already, unless the role may create extensions.
create extension if not exists postgis;
create schema grid;

create table grid.divisions (
    code text collate "C" primary key check (code ~ '^([0-9]{6}|[0-9]{9}|[0-9]{12})$'),
    name text not null,
    kind text,
    households integer check (households >= 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
