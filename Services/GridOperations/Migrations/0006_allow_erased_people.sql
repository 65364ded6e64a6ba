-- Half a year after somebody's last post ended, name, number and hash are erased and the row stays, so that what refers to
-- it and what is counted stays too (DOMAIN 4.3, retention rule grid-staff).
alter table grid.people
    alter column identity_hash drop not null,
    alter column name_encrypted drop not null,
    add column erased_at timestamptz,
    add constraint people_erased_check check (
        case when erased_at is null then identity_hash is not null and name_encrypted is not null
             else identity_hash is null and name_encrypted is null and mobile_encrypted is null end);

-- Retention looks for the posts of a person.
create index assignments_person_id_idx on grid.assignments (person_id) where person_id is not null;
