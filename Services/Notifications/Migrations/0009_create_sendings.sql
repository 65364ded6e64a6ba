-- What leaves the suite: one row for each event, person and channel, from the order to the outcome, with what the rules of
-- respect and the limits of providers need to be kept by all replicas together.
create table notify.sendings (
    id bigint generated always as identity primary key,
    -- The provider's duplicate key: the same for every attempt.
    key uuid not null unique,
    -- What it tells of; of a digest, the id that its person, key and window give.
    event_id uuid not null,
    -- Nobody any more when the person was erased.
    person_id uuid,
    channel text not null,
    -- The channels to try after this one.
    fallback text[] not null,
    -- 0 emergency, 1 transactional, 2 campaign.
    lane smallint not null check (lane between 0 and 2),
    kind text not null,
    division_code text not null,
    template text not null,
    title text,
    body text,
    provider_template text,
    slots jsonb not null default '{}',
    -- Of a channel that needs no address of a person.
    destination text,
    -- How many events a digest joins; 0 for a message of its own.
    digest_items int not null default 0,
    state text not null check (state in ('QUEUED', 'SENDING', 'SENT', 'SKIPPED', 'FAILED', 'UNKNOWN')),
    reason text,
    -- Also the fence: an answer counts for the attempt that asked alone.
    attempts int not null default 0,
    -- The attempts before a person had it sent again: they count no more.
    forgiven int not null default 0,
    not_before timestamptz not null,
    claimed_until timestamptz,
    receipt text,
    provider_code text,
    -- The day whose count it takes a place of.
    counted_on date,
    -- Or ordered again by a person.
    ordered_at timestamptz not null,
    settled_at timestamptz,
    constraint sendings_outcome_check check (
        case state
            when 'QUEUED' then claimed_until is null and settled_at is null
            when 'SENDING' then claimed_until is not null and settled_at is null and attempts > 0
            else claimed_until is null and settled_at is not null and (state = 'SENT' or reason is not null)
        end and (person_id is not null or state not in ('QUEUED', 'SENDING')))
);
create unique index sendings_event_idx on notify.sendings (event_id, person_id, channel);
create index sendings_ready_idx on notify.sendings (channel, lane, not_before, id) where state = 'QUEUED';
create index sendings_lease_idx on notify.sendings (claimed_until) where state = 'SENDING';
create index sendings_finding_idx on notify.sendings (state, id) where state in ('FAILED', 'UNKNOWN');
create index sendings_division_code_idx on notify.sendings (division_code, id);
create index sendings_person_id_idx on notify.sendings (person_id) where person_id is not null;
create index sendings_settled_at_idx on notify.sendings (settled_at, id) where person_id is not null;

-- What a digest joins: the same event once.
create table notify.digest_items (
    sending_id bigint not null references notify.sendings on delete cascade,
    event_id uuid not null,
    title text not null,
    primary key (sending_id, event_id)
);

-- The addresses of people, from the contact topics; encrypted with the service's own key.
create index digest_items_event_id_idx on notify.digest_items (event_id);

create table notify.contacts (
    id bigint generated always as identity primary key,
    person_id uuid not null,
    kind text not null check (kind in ('mobile', 'email', 'wecom', 'dingtalk')),
    address_encrypted bytea not null,
    address_hash bytea not null,
    -- Who said it, so that another service's erasure does not take it.
    source text not null,
    division_code text,
    stated_at timestamptz not null,
    unique (person_id, kind)
);

-- Who wants nothing on a channel, ever: kept as a keyed hash of the person or of the address, beyond their erasure.
create table notify.opt_outs (
    channel text not null,
    subject_hash bytea not null,
    opted_out_at timestamptz not null,
    primary key (channel, subject_hash)
);

-- What people have muted, by type of message and channel; '*' is every type or every channel.
create table notify.preferences (
    person_id uuid not null,
    kind text not null,
    channel text not null,
    changed_at timestamptz not null,
    primary key (person_id, kind, channel)
);

-- How many messages somebody has had on a day of the county.
create table notify.daily_counts (
    person_id uuid not null,
    day date not null,
    messages int not null,
    primary key (person_id, day)
);
create index daily_counts_day_idx on notify.daily_counts (day);

-- What was handed to providers within their limits: a span is counted in tenths. The subject is '' for all together, or the
-- hash of an address.
create table notify.paces (
    channel text not null,
    subject bytea not null,
    span_seconds int not null,
    tenth bigint not null,
    messages int not null,
    primary key (channel, subject, span_seconds, tenth)
);

-- One row a channel: whoever takes from its limits holds it, so that replicas keep them together.
create table notify.channel_locks (channel text primary key);
-- Sent at a set time: once for each kind, subject and time, through restarts and with several replicas.
create table notify.reminders (
    kind text not null,
    -- Whom or what it is about: a grid's code, an id.
    subject text not null,
    due timestamptz not null,
    division_code text not null,
    done_at timestamptz,
    primary key (kind, subject, due)
);
create index reminders_due_idx on notify.reminders (due) where done_at is null;

-- Days that are service days against the rule (Friday and Sunday), or are none.
create table notify.calendar_exceptions (
    day date primary key,
    is_service_day boolean not null
);
