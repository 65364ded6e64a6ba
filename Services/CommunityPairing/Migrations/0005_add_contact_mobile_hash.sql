-- A contact person who stands at the desk is found by the whole mobile number (DOMAIN 3.11), by its keyed hash; one person may
-- be the contact of several units. Rows that are there get theirs from the running service, which has the key.
alter table pairing.units add column contact_mobile_hash bytea check (octet_length(contact_mobile_hash) = 32);

create index units_contact_mobile_hash_idx on pairing.units (contact_mobile_hash) where contact_mobile_hash is not null;
-- What still lacks a hash; empty once the service has been through it.
create index units_contact_mobile_unhashed_idx on pairing.units (code)
    where contact_mobile_hash is null and contact_mobile_encrypted is not null;
