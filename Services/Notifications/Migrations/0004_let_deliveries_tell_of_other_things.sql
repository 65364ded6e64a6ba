-- People are told of more than incidents: what a message is about becomes a subject with slots, as the templates name them,
-- and every delivery keeps in which versions of words and routes it was made.
select set_config('tiaokuai.scope', '*', true);

alter table notify.deliveries rename column incident_id to subject_id;
alter table notify.deliveries
    add column event text not null default '',
    add column subject text not null default 'incident' check (subject in ('incident', 'vacancy', 'booking')),
    -- A JSON object of texts: codes, numbers and times, never a text that somebody wrote.
    add column slots text not null default '{}',
    add column template_version integer not null default 1,
    -- Whose routes said so, in which version; null before there were versions.
    add column route_division text,
    add column route_version integer,
    -- The ways that the route names; the inbox is always one.
    add column channels text[] not null default '{inApp}';

update notify.deliveries set
    event = upper(left(template, 1)) || substr(template, 2),
    recipient = case recipient when 'gridWorker' then 'role:gridWorker@area' else recipient end,
    slots = jsonb_strip_nulls(jsonb_build_object(
        'number', incident_number, 'grid', grid_code, 'community', left(grid_code, 12), 'function', function,
        'urgency', urgency, 'isEmergency', case urgency when 'emergency' then 'true' end,
        'link', '/v1/incidents/' || subject_id))::text;

alter table notify.deliveries drop column incident_number, drop column function;
alter table notify.deliveries alter column urgency set default 'ordinary';
alter index notify.deliveries_incident_id_idx rename to deliveries_subject_id_idx;

-- One message may wait for several posts.
drop index notify.deliveries_event_idx;
create unique index deliveries_event_idx on notify.deliveries (event_id, person_id, channel)
    where person_id is not null and state <> 'ERASED';
create unique index deliveries_post_idx on notify.deliveries (event_id, recipient, channel)
    where person_id is null and state in ('WAITING', 'SKIPPED');
drop index notify.deliveries_waiting_idx;
create index deliveries_waiting_idx on notify.deliveries (left(area_code, 12), id) where state = 'WAITING';
drop index notify.deliveries_unstaffed_idx;
create index deliveries_unstaffed_idx on notify.deliveries (area_code, recipient)
    where state = 'WAITING' or reason = 'no-recipient';

-- Roles are looked for in whole communities too.
create index grid_assignments_community_idx on notify.grid_assignments (left(area_code, 12), role);

-- What nobody was told of says of which event, for whom and in which words.
alter table notify.unaddressed
    add column event text not null default '',
    add column audience text not null default '',
    add column template text not null default '',
    drop constraint unaddressed_pkey,
    add primary key (day, reason, event, audience, template);
