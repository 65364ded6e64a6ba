-- What this service has read of others' topics (DESIGN 3.4): one watermark a lane, and events parked with their reason.
create table messaging.watermarks (
    consumer text not null,
    source text not null,
    topic text not null,
    lane integer not null,
    -- Numbers up to the base were never asked for: the reader came later and was told the state instead.
    base bigint not null default 0,
    watermark bigint not null default 0,
    applied bigint not null default 0,
    parked bigint not null default 0,
    skipped bigint not null default 0,
    duplicates bigint not null default 0,
    updated_at timestamptz not null default now(),
    primary key (consumer, source, topic, lane)
);

create table messaging.parked (
    id bigint generated always as identity primary key,
    consumer text not null,
    topic text not null,
    -- Source, lane and number are empty for a record that could not be read as an event at all.
    source text,
    lane integer,
    number bigint,
    key text,
    event_id uuid,
    type text,
    occurred_at timestamptz,
    division_code text,
    traceparent text,
    headers bytea,
    data bytea,
    partition integer,
    record_offset bigint,
    digest text,
    code text not null,
    reason text not null,
    attempts integer not null default 0,
    parked_at timestamptz not null default now(),
    state text not null default 'parked' check (state in ('parked', 'applied', 'skipped')),
    resolution text,
    resolved_at timestamptz
);
create unique index parked_number_idx on messaging.parked (consumer, source, topic, lane, number) where lane is not null;
create unique index parked_record_idx on messaging.parked (consumer, topic, partition, record_offset, digest)
    where lane is null;
create index parked_key_idx on messaging.parked (consumer, topic, source, key, number) where state = 'parked';
