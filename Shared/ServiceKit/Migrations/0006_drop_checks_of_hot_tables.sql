-- PostgreSQL reads a table's check constraints anew with every statement that writes it, which cost each request that changes
-- something more than the rows themselves. What these checked, the code that writes the rows guarantees by its types:
-- digests of 32 bytes, and details that are one small JSON object.
alter table service_kit.idempotency_keys
    drop constraint idempotency_keys_key_check, drop constraint idempotency_keys_body_hash_check;
alter table audit_trail.entries drop constraint entries_details_check;
