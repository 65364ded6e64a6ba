-- Staff who stand at the desk without an identity number are found by the whole mobile number (DOMAIN 3.11), by its keyed hash.
-- Rows that are there get theirs from the running service, which has the key.
alter table grid.people
    add column mobile_hash bytea check (octet_length(mobile_hash) = 32),
    add constraint people_erased_mobile_check check (erased_at is null or mobile_hash is null);

-- Several people of a family may have one number.
create index people_mobile_hash_idx on grid.people (mobile_hash) where mobile_hash is not null;
-- What still lacks a hash; empty once the service has been through it.
create index people_mobile_unhashed_idx on grid.people (id) where mobile_hash is null and mobile_encrypted is not null;
