-- Half a year after the last news of an incident, and after the end of the reader's last post, nobody need know any more who
-- was told: the id goes, and the delivery stays for the counts (DOMAIN 4.3, retention rules deliveries and inboxes).
alter table notify.deliveries
    drop constraint deliveries_state_check,
    add constraint deliveries_state_check check (state in ('SENT', 'SKIPPED', 'WAITING', 'ERASED')),
    drop constraint deliveries_outcome_check,
    add constraint deliveries_outcome_check check (
        case state
            when 'SENT' then person_id is not null and sequence is not null and reason is null
            when 'WAITING' then person_id is null and waits_until is not null
            when 'ERASED' then num_nonnulls(person_id, reporter_id, sequence) = 0 and reason is not null
            else reason is not null
        end and (sequence is null or state = 'SENT'));

-- Erased rows of one event are alike: nobody is told twice by them.
drop index notify.deliveries_event_idx;
create unique index deliveries_event_idx on notify.deliveries (event_id, person_id, channel) nulls not distinct
    where state <> 'ERASED';

-- Retention looks for old deliveries, and for newer ones of the same incident.
create index deliveries_recorded_at_idx on notify.deliveries (recorded_at, id) where person_id is not null;
create index deliveries_incident_id_idx on notify.deliveries (incident_id, recorded_at);

-- When somebody's post ended, since the holding itself is not kept. A person may hold another post meanwhile.
create table notify.post_ends (
    person_id uuid primary key,
    ended_at timestamptz not null
);
alter table notify.post_ends enable row level security, force row level security;
create policy owner on notify.post_ends
    using (coalesce('' = any ((select service_kit.scopes())::text[]), false)
           or coalesce('self:' || person_id = any ((select service_kit.scopes())::text[]), false));

-- Subject access and retention look for the posts of a person.
create index grid_assignments_person_id_idx on notify.grid_assignments (person_id);
