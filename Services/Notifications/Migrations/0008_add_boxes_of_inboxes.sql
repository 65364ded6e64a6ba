-- What its owner has put away, or does not want to see before a moment.
alter table notify.deliveries
    add column archived_at timestamptz,
    add column snoozed_until timestamptz;

-- The counts of an inbox.
create index deliveries_set_aside_idx on notify.deliveries (person_id)
    where state = 'SENT' and (archived_at is not null or snoozed_until is not null);
