-- Who holds which role in which grid. Of a person nothing is kept in the clear: name and mobile are encrypted, and of the
-- identity number only a keyed hash stays, by which the same person is found again.
create table grid.people (
    id uuid primary key,
    identity_hash bytea not null check (octet_length(identity_hash) = 32),
    name_encrypted bytea not null,
    mobile_encrypted bytea,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint people_identity_hash_key unique (identity_hash)
);

create table grid.assignments (
    id uuid primary key,
    grid_code text collate "C" not null references grid.grids (code),
    role text not null,
    person_id uuid references grid.people (id),
    team_code text,
    started_at timestamptz not null,
    ended_at timestamptz,
    constraint assignments_holder_check check (num_nonnulls(person_id, team_code) = 1)
);

-- A holding is there once while it lasts.
create unique index assignments_person_idx on grid.assignments (grid_code, role, person_id)
    where ended_at is null and person_id is not null;
create unique index assignments_team_idx on grid.assignments (grid_code, role, team_code)
    where ended_at is null and team_code is not null;
-- One cadre and one Party-group leader in a grid at a time (INV-14).
create unique index assignments_single_role_idx on grid.assignments (grid_code, role)
    where ended_at is null and role in ('communityCadre', 'partyGroupLeader');
