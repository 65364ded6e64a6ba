-- What the gateway knows of the county: one table an aggregate, filled only by events from topics. There is no order
-- between topics, so no table refers to another. Every column is one that a report reads; names of persons, their ids
-- and contacts never come here. Incidents change state often: room in their pages keeps those updates off the indexes.
create schema gateway;

create table gateway.divisions (
    code text primary key,
    name text not null,
    level text not null,
    kind text,
    households integer
);

create table gateway.party_organisations (
    code text primary key,
    kind text not null,
    parent_code text,
    division_code text not null
);

-- The newest counts alone: a correction of an older day does not replace them.
create table gateway.member_counts (
    organisation_code text primary key,
    division_code text not null,
    as_of date not null,
    total integer not null,
    retired integer not null,
    two_new integer not null,
    age_35_or_less integer not null,
    age_60_or_more integer not null,
    college_or_above integer not null
);

create table gateway.talents (
    talent_id uuid primary key,
    division_code text not null
);

create table gateway.units (
    unit_code text primary key,
    kind text not null,
    member_count integer not null
);

create table gateway.pairings (
    pairing_id uuid primary key,
    unit_code text not null,
    target_code text not null,
    first_day date not null,
    last_day date not null
);

create table gateway.grids (
    code text primary key,
    level text not null,
    households integer
);

create table gateway.grid_assignments (
    assignment_id uuid primary key,
    grid_code text not null,
    role text not null
);

create table gateway.incidents (
    incident_id uuid primary key,
    grid_code text not null,
    function text not null,
    urgency text not null,
    source text not null,
    state text not null,
    reported_at timestamptz not null,
    is_historical boolean not null
) with (fillfactor = 80);
