-- Half a year after its last pairing ended nobody need call a unit any more: what says who its contact person is goes, and the
-- unit stays with its counts (DOMAIN 4.3, retention rule unit-contacts). A unit that is enrolled anew names one again.
alter table pairing.units
    alter column contact_name_encrypted drop not null,
    alter column contact_mobile_encrypted drop not null,
    alter column contact_hash drop not null,
    add column contact_erased_at timestamptz,
    add constraint units_contact_erased_check check (
        case when contact_erased_at is null
             then num_nulls(contact_name_encrypted, contact_mobile_encrypted, contact_hash) = 0
             else num_nonnulls(contact_name_encrypted, contact_mobile_encrypted, contact_hash, contact_mobile_hash) = 0 end);
