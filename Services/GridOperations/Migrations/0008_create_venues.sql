-- Stations 服务阵地, facilities 场所 and the rooms of 一站六室. None is deleted: a station is closed, a room goes out of use, and
-- what was booked there still says where. They are part of the public map, so everybody may read them; they are written
-- within the scope alone.
create table grid.stations (
    id uuid primary key,
    code text collate "C" not null,
    name text not null,
    kind text not null,
    division_code text collate "C" not null references grid.divisions (code),
    state text not null,
    opened_year integer check (opened_year >= 2019),
    opened_on date,
    -- Null as long as nobody has said.
    functions text[],
    merged_from text[],
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint stations_code_key unique (code),
    constraint stations_opened_check check ((opened_year is null) = (state = 'planned')),
    constraint stations_day_check check (opened_on is null or extract(year from opened_on) = opened_year)
);
create index stations_division_code_idx on grid.stations (division_code, code);

create table grid.facilities (
    id uuid primary key,
    division_code text collate "C" not null references grid.divisions (code),
    address text not null,
    tenure text not null,
    provision_way text,
    area_square_metres integer check (area_square_metres >= 0),
    built_on date,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index facilities_division_code_idx on grid.facilities (division_code, id);

create table grid.rooms (
    id uuid primary key,
    division_code text collate "C" not null references grid.divisions (code),
    facility_id uuid references grid.facilities (id),
    kind text not null,
    name text not null,
    area_square_metres integer check (area_square_metres >= 0),
    -- Its own; that of the facility where it is null.
    tenure text,
    capacity integer check (capacity > 0),
    open_to text not null,
    is_bookable boolean not null,
    is_in_use boolean not null default true,
    -- A week and days that are otherwise, as the interface has them.
    opening_hours jsonb not null default '{"weekly": [], "exceptions": []}',
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint rooms_name_key unique (division_code, name),
    -- Archive and finance rooms are never booked (INV-18).
    constraint rooms_bookable_check check (not (is_bookable and kind in ('archive', 'finance')))
);
create index rooms_division_code_idx on grid.rooms (division_code, id);
create index rooms_facility_id_idx on grid.rooms (facility_id) where facility_id is not null;
-- What residents may book, and where to look for another room of the kind.
create index rooms_kind_idx on grid.rooms (kind, division_code) where is_bookable and is_in_use;

alter table grid.stations enable row level security, force row level security;
create policy map_read on grid.stations for select using (true);
create policy scope_insert on grid.stations for insert
    with check (service_kit.in_scope(division_code, (select service_kit.scopes())));
create policy scope_update on grid.stations for update
    using (service_kit.in_scope(division_code, (select service_kit.scopes())));

alter table grid.facilities enable row level security, force row level security;
create policy map_read on grid.facilities for select using (true);
create policy scope_insert on grid.facilities for insert
    with check (service_kit.in_scope(division_code, (select service_kit.scopes())));
create policy scope_update on grid.facilities for update
    using (service_kit.in_scope(division_code, (select service_kit.scopes())));

alter table grid.rooms enable row level security, force row level security;
create policy map_read on grid.rooms for select using (true);
create policy scope_insert on grid.rooms for insert
    with check (service_kit.in_scope(division_code, (select service_kit.scopes())));
create policy scope_update on grid.rooms for update
    using (service_kit.in_scope(division_code, (select service_kit.scopes())));
