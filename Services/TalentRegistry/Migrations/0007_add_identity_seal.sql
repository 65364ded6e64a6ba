-- What the hash of an identity number is made of, sealed with the lookup key, so that the key can be changed although the number
-- is not kept. Rows of earlier releases get theirs when the number is seen again.
alter table talent.persons
    add column identity_sealed bytea,
    add constraint persons_erased_seal_check check (erased_at is null or identity_sealed is null);
