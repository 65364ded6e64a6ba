-- What an incident keeps to: the rules in force when it was reported, and its category in them. No foreign keys here:
-- neither rulebooks nor incidents are ever deleted, and a key would have every report lock the one rulebook in force.
alter table grid.incidents
    add column rulebook integer,
    add column category text,
    -- What the category asks about it, a JSON object of texts. No check here, nor on the clocks: the server reads the checks
    -- of a table anew with every statement that writes it, and these are the busiest.
    add column attributes text;

-- One row for each start of a clock on an incident. Amounts are milliseconds of the clock's calendar.
create table grid.clocks (
    incident_id uuid not null,
    kind text not null,
    round integer not null,
    -- Of the incident, for the fence.
    grid_code text collate "C" not null,
    rulebook integer not null,
    calendar text,
    started_at timestamptz not null,
    allowance bigint not null,
    spent bigint not null,
    state text not null,
    since timestamptz not null,
    due_at timestamptz not null,
    is_extended boolean not null,
    -- The highest level that was acted on: 0 the reminder, 1 the due time, more up the line.
    level integer,
    -- When it comes to its next level; null when it does not run or has come to the last.
    next_action_at timestamptz,
    primary key (incident_id, kind, round)
);

-- What the watch over deadlines walks along.
create index clocks_next_action_at_idx on grid.clocks (next_action_at) where next_action_at is not null;

-- What was done at each level of a clock: the key lets it be done once.
create table grid.deadline_actions (
    incident_id uuid not null,
    kind text not null,
    round integer not null,
    level integer not null,
    grid_code text collate "C" not null,
    scheduled_at timestamptz not null,
    acted_at timestamptz not null,
    primary key (incident_id, kind, round, level)
);
comment on table grid.deadline_actions is 'append-only: what was done stays done';

-- A person's own report has its clocks too. A function and no condition: the planner must not gather the reports of all
-- persons to find out about one.
create function grid.is_own_report(incident uuid, scopes text[]) returns boolean language sql stable parallel safe
    return exists (select from grid.incidents i where i.id = incident and 'self:' || i.reporter_id = any (scopes));

alter table grid.clocks enable row level security, force row level security;
create policy scope on grid.clocks
    using (service_kit.in_scope(grid_code, (select service_kit.scopes()))
           or grid.is_own_report(incident_id, (select service_kit.scopes())));

alter table grid.deadline_actions enable row level security, force row level security;
create policy scope on grid.deadline_actions
    using (service_kit.in_scope(grid_code, (select service_kit.scopes()))
           or grid.is_own_report(incident_id, (select service_kit.scopes())));
