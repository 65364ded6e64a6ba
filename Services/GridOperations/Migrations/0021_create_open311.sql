-- Open311 GeoReport v2 (decision 0028): who may report, what came in that way, and what has become of it for those who ask
-- again and again. Only what came in over Open311 is shown over Open311.
create table grid.open311_keys (
    id uuid primary key,
    -- SHA-256 of the key, which is 32 random bytes: nobody can guess it from its hash.
    key_hash bytea not null check (octet_length(key_hash) = 32),
    name text not null,
    -- The division that it opens.
    division_code text collate "C" not null,
    requests_per_minute integer not null,
    created_at timestamptz not null,
    revoked_at timestamptz,
    constraint open311_keys_key_hash_key unique (key_hash)
);
alter table grid.open311_keys enable row level security, force row level security;
create policy scope on grid.open311_keys
    using (service_kit.in_scope(division_code, (select service_kit.scopes())));

create table grid.open311_requests (
    incident_id uuid primary key references grid.incidents (id),
    -- The incident's, which is what is asked for.
    number text collate "C" not null,
    grid_code text collate "C" not null,
    key_id uuid not null references grid.open311_keys (id),
    requested_at timestamptz not null,
    media_url text,
    address text,
    address_id text collate "C",
    constraint open311_requests_number_key unique (number)
);
create index open311_requests_requested_at_idx on grid.open311_requests (requested_at, incident_id);
alter table grid.open311_requests enable row level security, force row level security;
create policy scope on grid.open311_requests
    using (service_kit.in_scope(grid_code, (select service_kit.scopes())));

-- Each change of state, and what clients say to their reports.
create table grid.open311_updates (
    id bigint generated always as identity primary key,
    incident_id uuid not null references grid.open311_requests (incident_id),
    grid_code text collate "C" not null,
    at timestamptz not null,
    -- Where the incident stood then.
    state text not null,
    -- Who said it; null for a change of state.
    key_id uuid references grid.open311_keys (id),
    -- The client's own number of it, by which a repetition is known.
    client_update_id text collate "C",
    description text,
    media_url text,
    constraint open311_updates_client_key unique (key_id, client_update_id)
);
create index open311_updates_at_idx on grid.open311_updates (at, id);
create index open311_updates_incident_id_idx on grid.open311_updates (incident_id, id);
alter table grid.open311_updates enable row level security, force row level security;
create policy scope on grid.open311_updates
    using (service_kit.in_scope(grid_code, (select service_kit.scopes())));
