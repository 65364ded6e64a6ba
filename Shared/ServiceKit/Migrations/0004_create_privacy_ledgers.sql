-- What protects personal data beside the ciphers (DOMAIN part 4): who saw one record in full, how far the rotation of keys
-- has come, and what was erased when its time was over.

-- A row for each record that somebody has unmasked. The number is his count of the day and bounded by the unique key, so
-- that the limit is exact whichever replica he asks. The audit trail names the row.
create table service_kit.unmaskings (
    id bigint generated always as identity primary key,
    subject text not null,
    day date not null,
    number integer not null check (number > 0),
    at timestamptz not null,
    operation text not null,
    object_type text not null,
    object_id text not null,
    purpose text not null,
    -- In words, which may name the person; erased with the row.
    reason_encrypted bytea not null,
    constraint unmaskings_number_key unique (subject, day, number)
);

-- The way of a new current key through the tables with ciphertexts: one row a table, with the last row looked at.
create table service_kit.key_rotations (
    key_id text not null,
    table_name text not null,
    -- Null before the first row of a pass.
    last_key text,
    rewritten bigint not null default 0,
    -- What this pass has rewritten: one that rewrites nothing is the last.
    rewritten_in_pass bigint not null default 0,
    asked_at timestamptz not null,
    finished_at timestamptz,
    primary key (key_id, table_name)
);

-- What each day's run of a rule has erased. The counts stay when the data are gone.
create table service_kit.retention_runs (
    rule text not null,
    day date not null,
    erased bigint not null default 0,
    finished_at timestamptz,
    primary key (rule, day)
);

-- Objects that a rule must leave alone until a day, since a law or a court asks for them. One person asks and another
-- approves; without the second it holds nothing.
create table service_kit.legal_holds (
    id uuid primary key,
    object_type text not null,
    object_id text not null,
    until_day date not null,
    ground text not null,
    asked_by text not null,
    asked_at timestamptz not null,
    approved_by text,
    approved_at timestamptz,
    constraint legal_holds_two_persons_check check (approved_by <> asked_by),
    -- Asked twice, there is one.
    constraint legal_holds_object_key unique (object_type, object_id, ground, until_day)
);

-- What people have asked about their own data, until when it must be answered, and what became of it. The identity number
-- by which the desk found the person is not kept.
create table service_kit.subject_requests (
    id uuid primary key,
    kind text not null check (kind in ('export', 'correction', 'erasure')),
    object_type text not null,
    object_id text not null,
    division_code text collate "C" not null,
    -- The document by which the desk has checked the person's identity, a code.
    checked_by text not null,
    opened_by text not null,
    opened_at timestamptz not null,
    due_day date not null,
    state text not null check (state in ('open', 'done', 'refused')),
    refusal text,
    closed_at timestamptz
);
-- Asked twice, there is one.
create unique index subject_requests_open_idx on service_kit.subject_requests (object_type, object_id, kind)
    where state = 'open';
alter table service_kit.subject_requests enable row level security, force row level security;
create policy scope on service_kit.subject_requests
    using (service_kit.in_scope(division_code, (select service_kit.scopes())));
