-- Who is told of what, as sets of routes: one a division and version, and of several the nearest to the event counts. The
-- suite's own stand under the empty code; a county changes them by saying otherwise, not by editing them.
select set_config('tiaokuai.scope', '*', true);

create table notify.route_sets (
    division text not null check (division ~ '^([0-9]{6}|[0-9]{9}|[0-9]{12})?$'),
    version integer not null check (version > 0),
    in_force boolean not null,
    changed_at timestamptz not null,
    primary key (division, version)
);
create unique index route_sets_in_force_idx on notify.route_sets (division) where in_force;

alter table notify.routes rename to first_routes;
create table notify.routes (
    division text not null,
    version integer not null,
    -- The order in which they were given.
    place integer not null,
    -- That of the set, so that an event finds its routes with one index.
    in_force boolean not null,
    event text not null,
    state text,
    -- `Domain/Audience.swift`; of a named person without the id, which stands beside it.
    audience text not null
        check (audience ~ '^(reporter|assignee|subscribers|supervisors|person|role:[a-zA-Z]+@(area|community))$'),
    person_id uuid,
    template text,
    channels text[] not null,
    constraint routes_set_pkey primary key (division, version, place),
    foreign key (division, version) references notify.route_sets (division, version),
    constraint routes_person_check check ((audience = 'person') >= (person_id is not null)),
    constraint routes_silence_check check (channels = '{}' or 'inApp' = any (channels))
);
create index routes_in_force_idx on notify.routes (event, division) where in_force;
create index routes_person_id_idx on notify.routes (person_id) where person_id is not null;

-- Rules are read by whoever may ask for them, and are the county's to change; the suite's own change with a release.
alter table notify.routes enable row level security, force row level security;
create policy rules_read on notify.routes for select using (true);
create policy county_insert on notify.routes for insert
    with check (service_kit.has_county((select service_kit.scopes()))
                and (division <> '' or '' = any ((select service_kit.scopes())::text[])));
create policy county_update on notify.routes for update
    using (service_kit.has_county((select service_kit.scopes()))
           and (division <> '' or '' = any ((select service_kit.scopes())::text[])));
create policy service_delete on notify.routes for delete
    using ('' = any ((select service_kit.scopes())::text[]) or service_kit.has_county((select service_kit.scopes())));

insert into notify.route_sets (division, version, in_force, changed_at) values ('', 1, true, now());
insert into notify.routes (division, version, place, in_force, event, audience, template, channels)
select '', 1, row_number() over (order by event, recipient), true, event,
    case recipient when 'gridWorker' then 'role:gridWorker@area' else recipient end, template, '{inApp}'
from notify.first_routes;
drop table notify.first_routes;

-- Where nobody need know, the set says so: an event without a word is a finding.
insert into notify.routes (division, version, place, in_force, event, audience, template, channels)
select '', 1, 100 + row_number() over (), true, event, audience, template,
    case when template is null then '{}'::text[] else '{inApp}' end
from (values
    ('IncidentReported', 'subscribers', 'incidentReported'),
    ('IncidentFiled', 'reporter', null),
    ('IncidentDispatched', 'assignee', 'incidentAssigned'),
    ('IncidentAccepted', 'reporter', null),
    ('IncidentReturned', 'supervisors', 'incidentReturned'),
    ('IncidentReopened', 'assignee', 'incidentReopened'),
    ('IncidentWithdrawn', 'role:gridWorker@area', 'incidentWithdrawn'),
    ('IncidentJoined', 'reporter', 'incidentJoined'),
    ('IncidentSplit', 'reporter', 'incidentSplit'),
    ('IncidentFeedbackRecorded', 'reporter', null),
    ('IncidentDeadlineApproaching', 'assignee', 'deadlineApproaching'),
    ('IncidentDeadlineApproaching', 'role:gridWorker@area', 'deadlineApproaching'),
    ('IncidentDeadlineMissed', 'assignee', 'deadlineMissed'),
    ('IncidentDeadlineMissed', 'supervisors', 'deadlineMissed'),
    ('IncidentDueExtended', 'assignee', 'dueExtended'),
    ('IncidentDueExtended', 'reporter', 'dueExtended'),
    ('IncidentPaused', 'reporter', null),
    ('IncidentResumed', 'reporter', null),
    ('WhistleBlown', 'assignee', 'whistleBlown'),
    ('WhistleAnswered', 'supervisors', 'whistleAnswered'),
    ('GridVacancyOpened', 'supervisors', 'gridVacancyOpened'),
    ('BookingRequested', 'supervisors', 'bookingRequested'),
    ('BookingApproved', 'reporter', 'bookingApproved'),
    ('BookingRefused', 'reporter', 'bookingRefused'),
    ('BookingCancelled', 'reporter', 'bookingCancelled'),
    ('BookingStarted', 'reporter', null),
    ('BookingFinished', 'reporter', null),
    ('BookingMissed', 'reporter', null)
) as r (event, audience, template)
-- What a county has put into the first table stays its own.
where not exists (select from notify.routes k where k.event = r.event and k.audience = r.audience);
