-- A person who asks for it is erased: all that says who it is goes, and the entry stays without it, so that what was counted
-- stays counted (PR-09, PR-10).
alter table talent.persons
    alter column identity_hash drop not null,
    alter column name_encrypted drop not null,
    alter column mobile_encrypted drop not null,
    alter column contact_hash drop not null,
    alter column birth_year drop not null,
    add column erased_at timestamptz,
    add constraint persons_erased_check check (
        case when erased_at is null
             then num_nulls(identity_hash, name_encrypted, mobile_encrypted, contact_hash, birth_year) = 0
             else num_nonnulls(identity_hash, name_encrypted, mobile_encrypted, contact_hash, birth_year, gender) = 0 end);
