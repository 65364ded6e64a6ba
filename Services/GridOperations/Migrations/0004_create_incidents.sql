-- Incidents 事件. The id is made of the time of the report, so its order is the order of reports, newest last.
create table grid.incidents (
    id uuid primary key,
    number text collate "C" not null,
    external_number text collate "C",
    -- No foreign key: grids are never deleted, and a key would lock the same few rows of grids for every report.
    grid_code text collate "C" not null,
    function text not null,
    function_is_provisional boolean not null,
    title text not null,
    description text not null,
    longitude double precision not null,
    latitude double precision not null,
    source text not null,
    urgency text not null,
    state text not null,
    reported_at timestamptz not null,
    reporter_id uuid,
    is_anonymous boolean not null,
    is_historical boolean not null,
    organisation text,
    returned_by text[] not null default '{}',
    handled_by uuid,
    result text,
    closed_at timestamptz,
    version integer not null default 1,
    constraint incidents_number_key unique (number)
);

-- A sheet that is imported again finds its incidents.
create unique index incidents_external_number_idx on grid.incidents (external_number) where external_number is not null;
-- The lists of a grid, an area or a community: for each of its grids and states the newest ones.
create index incidents_grid_code_state_id_idx on grid.incidents (grid_code, state, id);
-- The lists of a town or the county: the newest ones of a state.
create index incidents_state_id_idx on grid.incidents (state, id);

-- The way of an incident, append-only: who did what, when, and why.
create table grid.incident_steps (
    incident_id uuid not null references grid.incidents (id),
    version integer not null,
    action text not null,
    actor_id uuid not null,
    at timestamptz not null,
    state text not null,
    organisation text,
    note text,
    primary key (incident_id, version)
);

-- The last number drawn in a community on a day. Half of each page stays free, so that counting up needs no new index entry.
create table grid.incident_counters (
    community_code text collate "C" not null,
    day date not null,
    last_number integer not null,
    primary key (community_code, day)
) with (fillfactor = 50);
