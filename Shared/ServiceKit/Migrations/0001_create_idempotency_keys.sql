-- Answers of requests that carried an Idempotency-Key, so that the same request again gives the same answer. Written in
-- the transaction of the effect; removed after seven days.
create schema if not exists service_kit;

create table service_kit.idempotency_keys (
    key bytea primary key check (octet_length(key) = 32),
    operation text not null,
    body_hash bytea not null check (octet_length(body_hash) = 32),
    answer bytea not null,
    created_at timestamptz not null default now()
);

-- The purge looks for the oldest.
create index idempotency_keys_created_at_idx on service_kit.idempotency_keys (created_at);
