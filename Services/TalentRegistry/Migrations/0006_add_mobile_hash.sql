-- A person who stands at the desk without an identity number is found by the whole mobile number (DOMAIN 3.11): by its keyed
-- hash alone, beside the one of name and number. Rows that are there get theirs from the running service, which has the key.
alter table talent.persons
    add column mobile_hash bytea check (octet_length(mobile_hash) = 32),
    add constraint persons_erased_mobile_check check (erased_at is null or mobile_hash is null);

-- Several people of a family may have one number.
create index persons_mobile_hash_idx on talent.persons (mobile_hash) where mobile_hash is not null;
-- What still lacks a hash; empty once the service has been through it.
create index persons_mobile_unhashed_idx on talent.persons (id) where mobile_hash is null and mobile_encrypted is not null;
