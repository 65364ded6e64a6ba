-- Whistles 吹哨: a town calls several units to an incident, and what each answers. A call stays open until the unit has done
-- its part or the incident has come to its end.
create table grid.whistles (
    id uuid primary key,
    incident_id uuid not null,
    -- What people quote; a unit that is called need not see the incident.
    incident_number text collate "C" not null,
    round integer not null,
    grid_code text collate "C" not null,
    kind text not null,
    reason text not null,
    blown_at timestamptz not null,
    due_at timestamptz not null,
    constraint whistles_round_key unique (incident_id, round)
);

create table grid.whistle_calls (
    whistle_id uuid not null references grid.whistles (id),
    organisation text collate "C" not null,
    incident_id uuid not null,
    grid_code text collate "C" not null,
    answered_at timestamptz,
    arrived_at timestamptz,
    result text,
    closed_at timestamptz,
    primary key (whistle_id, organisation)
);
-- What is expected of a unit, the newest first, and all that ever was.
create index whistle_calls_open_idx on grid.whistle_calls (organisation, whistle_id) where closed_at is null;
create index whistle_calls_organisation_idx on grid.whistle_calls (organisation, whistle_id);
-- What the end of an incident ends.
create index whistle_calls_incident_id_idx on grid.whistle_calls (incident_id) where closed_at is null;

-- A unit sees the whistles that called it.
alter table grid.whistle_calls enable row level security, force row level security;
create policy scope on grid.whistle_calls
    using (service_kit.in_scope(grid_code, (select service_kit.scopes()))
           or coalesce('unit:' || organisation = any ((select service_kit.scopes())::text[]), false));

alter table grid.whistles enable row level security, force row level security;
create policy scope on grid.whistles
    using (service_kit.in_scope(grid_code, (select service_kit.scopes()))
           or exists (select from grid.whistle_calls c where c.whistle_id = id));

-- Who helps, what was said afterwards, and units that handle: an incident that was sent to a unit is open to it, and so are
-- its clocks.
alter table grid.incidents
    add column helpers text[] not null default '{}',
    add column feedback_resolved text,
    add column feedback_satisfaction text,
    add column feedback_on timestamptz;

drop policy scope on grid.incidents;
create policy scope on grid.incidents
    using (service_kit.in_scope(grid_code, (select service_kit.scopes()))
           or coalesce('self:' || reporter_id = any ((select service_kit.scopes())::text[]), false)
           or coalesce('unit:' || organisation = any ((select service_kit.scopes())::text[]), false));

create function grid.is_open_to(incident uuid, scopes text[]) returns boolean language sql stable parallel safe
    return exists (select from grid.incidents i where i.id = incident
                   and ('self:' || i.reporter_id = any (scopes) or 'unit:' || i.organisation = any (scopes)));

drop policy scope on grid.clocks;
create policy scope on grid.clocks
    using (service_kit.in_scope(grid_code, (select service_kit.scopes()))
           or grid.is_open_to(incident_id, (select service_kit.scopes())));

drop policy scope on grid.deadline_actions;
create policy scope on grid.deadline_actions
    using (service_kit.in_scope(grid_code, (select service_kit.scopes()))
           or grid.is_open_to(incident_id, (select service_kit.scopes())));
