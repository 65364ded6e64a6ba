-- Who is told of what, and what became of it. The first migration of the service: its inboxes, its picture of who works
-- in which grid, the routes from events to people, and one row for every outcome.
create schema notify;

-- Who is told of which event. Data and not code, so that a county can change it; the words are the templates'.
create table notify.routes (
    event text not null,
    recipient text not null check (recipient in ('gridWorker', 'reporter')),
    template text not null,
    primary key (event, recipient)
);

insert into notify.routes (event, recipient, template) values
    ('IncidentReported', 'gridWorker', 'incidentReported'),
    ('IncidentReopened', 'gridWorker', 'incidentReopened'),
    ('IncidentDispatched', 'reporter', 'incidentDispatched'),
    ('IncidentHandled', 'reporter', 'incidentHandled'),
    ('IncidentClosed', 'reporter', 'incidentClosed'),
    ('IncidentRejected', 'reporter', 'incidentRejected');

-- Learnt from grid events. Ids alone: names and numbers stay with grid-operations.
create table notify.grid_assignments (
    assignment_id uuid primary key,
    area_code text not null,
    grid_code text not null,
    role text not null,
    person_id uuid not null
);
create index grid_assignments_area_code_idx on notify.grid_assignments (area_code, role);

-- One row a person. Whoever adds to an inbox holds its row until the commit: so the numbers of an inbox become visible
-- in their order, and a reader who has seen number n has seen all before it.
create table notify.inboxes (
    person_id uuid primary key,
    head bigint not null,
    unread bigint not null
);

create table notify.deliveries (
    id bigint generated always as identity primary key,
    event_id uuid not null,
    recipient text not null,
    channel text not null default 'inApp' check (channel in ('inApp')),
    -- Nobody yet while it waits; nobody ever when it was skipped for want of a recipient.
    person_id uuid,
    -- Kept while it waits alone, so that nobody is told of what he reported himself.
    reporter_id uuid,
    state text not null check (state in ('SENT', 'SKIPPED', 'WAITING')),
    reason text,
    -- The number within the inbox.
    sequence bigint,
    template text not null,
    incident_id uuid not null,
    incident_number text not null,
    grid_code text not null,
    area_code text not null,
    function text not null,
    urgency text not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    waits_until timestamptz,
    read_at timestamptz,
    constraint deliveries_outcome_check check (
        case state
            when 'SENT' then person_id is not null and sequence is not null and reason is null
            when 'WAITING' then person_id is null and waits_until is not null
            else reason is not null
        end and (sequence is null or state = 'SENT'))
);
create unique index deliveries_event_idx on notify.deliveries (event_id, person_id, channel) nulls not distinct;
create unique index deliveries_inbox_idx on notify.deliveries (person_id, sequence) where state = 'SENT';
create index deliveries_waiting_idx on notify.deliveries (area_code, id) where state = 'WAITING';
create index deliveries_unstaffed_idx on notify.deliveries (area_code)
    where state = 'WAITING' or reason = 'no-recipient';

-- Events that nobody was to be told of: counted by day and reason, not kept.
create table notify.unaddressed (
    day date not null,
    reason text not null,
    events bigint not null,
    primary key (day, reason)
);
