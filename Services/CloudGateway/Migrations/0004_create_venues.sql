-- Stations, facilities, rooms and bookings, as far as the report of stations and venues (REP-13) and the digest count them.
-- Of a booking nothing says who made it.
create table gateway.stations (
    station_id uuid primary key,
    kind text not null,
    division_code text not null,
    state text not null,
    opened_year integer
);

create table gateway.facilities (
    facility_id uuid primary key,
    division_code text not null,
    tenure text not null,
    provision_way text
);

create table gateway.rooms (
    room_id uuid primary key,
    division_code text not null,
    kind text not null,
    tenure text,
    is_bookable boolean not null,
    is_in_use boolean not null
);

create table gateway.bookings (
    booking_id uuid primary key,
    room_id uuid not null,
    division_code text not null,
    state text not null
) with (fillfactor = 80);

-- Counted within a scope from an index alone, where a table may grow large.
create index stations_division_code_idx on gateway.stations (division_code);
create index facilities_division_code_idx on gateway.facilities (division_code);
create index rooms_division_code_idx on gateway.rooms (division_code);
create index bookings_state_division_code_idx on gateway.bookings (state, division_code);

alter table gateway.stations enable row level security, force row level security;
create policy scope on gateway.stations
    using (service_kit.in_scope(division_code, (select service_kit.scopes())));

alter table gateway.facilities enable row level security, force row level security;
create policy scope on gateway.facilities
    using (service_kit.in_scope(division_code, (select service_kit.scopes())));

alter table gateway.rooms enable row level security, force row level security;
create policy scope on gateway.rooms
    using (service_kit.in_scope(division_code, (select service_kit.scopes())));

alter table gateway.bookings enable row level security, force row level security;
create policy scope on gateway.bookings
    using (service_kit.in_scope(division_code, (select service_kit.scopes())));
