-- What the report of incidents (REP-11) counts: the category, and what the events of an incident tell beside its present
-- state, a row of its own, since most events tell nothing of it.
alter table gateway.incidents add column category text;

create table gateway.incident_progress (
    incident_id uuid primary key,
    grid_code text not null,
    -- When the desk first took it in or refused it.
    responded_at timestamptz,
    -- When it was closed; null again when it is reopened.
    closed_at timestamptz,
    -- Whether a time limit was ever missed.
    has_missed boolean not null default false,
    -- What the reporter said last.
    is_resolved text,
    satisfaction text
) with (fillfactor = 80);

alter table gateway.incident_progress enable row level security, force row level security;
create policy scope on gateway.incident_progress
    using (service_kit.in_scope(grid_code, (select service_kit.scopes())));

-- Incidents of a time.
create index incidents_reported_at_idx on gateway.incidents (reported_at);
