-- Who did what to whom, and who read about whom (DESIGN 6): written in the transaction of the change, never changed, and
-- chained by hashes right behind the writers, so that whoever changes it by force is found.
create schema audit_trail;

-- Cache 1: a number is drawn at its use, while the rows of the change are locked, so that numbers follow the locks.
create sequence audit_trail.entry_position as bigint cache 1;

-- The transaction id stands before the position: defaults are computed in this order, and the seals rely on a
-- transaction having its id before it draws a position.
create table audit_trail.entries (
    month date not null default date_trunc('month', clock_timestamp() at time zone 'UTC')::date,
    xid xid8 not null default pg_current_xact_id(),
    position bigint not null default nextval('audit_trail.entry_position'),
    at timestamptz not null default clock_timestamp(),
    actor_kind text not null,
    actor text not null,
    roles text[] not null,
    operation text not null,
    purpose text,
    action text not null,
    object_type text not null,
    object_id text,
    division_code text,
    trace_id text,
    -- A small JSON object of counts and codes. Text and not jsonb, since the hash is of what was written.
    details text not null check (octet_length(details) <= 4096 and jsonb_typeof(details::jsonb) = 'object')
) partition by range (month);

create table audit_trail.entries_default partition of audit_trail.entries default;
create index entries_position_idx on audit_trail.entries (position);
create index entries_xid_idx on audit_trail.entries (xid, position);
create index entries_actor_idx on audit_trail.entries (actor, position);
create index entries_object_idx on audit_trail.entries (object_id, position) where object_id is not null;
-- Times lie in the table nearly in their order, so a summary of every few pages finds them and costs the writers little.
create index entries_at_idx on audit_trail.entries using brin (at) with (pages_per_range = 32, autosummarize = on);

-- A seal closes a batch of entries: what its snapshot sees and the one before did not, in the order of position. A large
-- batch is sealed in parts: a part begins after the position `after` and is the last of its batch where `is_last`.
create table audit_trail.seals (
    number bigint primary key,
    previous pg_snapshot not null,
    snapshot pg_snapshot not null,
    after bigint not null,
    is_last boolean not null,
    first_position bigint not null,
    last_position bigint not null,
    entries bigint not null,
    algorithm text not null,
    previous_hash bytea not null,
    hash bytea not null,
    -- Position and the first eight bytes of the hash of each entry: they tell which entry was touched.
    marks bytea not null,
    sealed_at timestamptz not null
);

-- Snapshots mean nothing in another cluster: the sealer refuses to go on where this does not fit.
create table audit_trail.cluster (
    only_row boolean primary key default true check (only_row),
    system_identifier text not null
);

-- Nobody but a superuser, who can switch triggers off, changes or removes anything.
create function audit_trail.refuse() returns trigger language plpgsql as $$
begin
    raise exception 'the audit trail is append-only: % of % is refused', tg_op, tg_table_name
        using errcode = 'insufficient_privilege',
              hint = 'Entries are kept for three years and never changed; see the decision record on the audit trail.';
end
$$;
create trigger entries_append_only before update or delete on audit_trail.entries
    for each row execute function audit_trail.refuse();
create trigger entries_no_truncate before truncate on audit_trail.entries
    for each statement execute function audit_trail.refuse();
create trigger entries_default_no_truncate before truncate on audit_trail.entries_default
    for each statement execute function audit_trail.refuse();
create trigger seals_append_only before update or delete on audit_trail.seals
    for each row execute function audit_trail.refuse();
create trigger seals_no_truncate before truncate on audit_trail.seals
    for each statement execute function audit_trail.refuse();

-- Makes the partitions of this month and the months after. A month whose rows already lie in the default partition stays
-- there. It runs as the owner, so that a role that may only insert and select can call it.
create function audit_trail.ensure_months(ahead integer) returns void language plpgsql
    security definer set search_path = pg_catalog, pg_temp as $$
declare
    the_month date;
    the_name text;
begin
    for the_month in
        select m::date from generate_series(date_trunc('month', now() at time zone 'UTC'),
                                            date_trunc('month', now() at time zone 'UTC') + make_interval(months => ahead),
                                            interval '1 month') m
    loop
        the_name := 'entries_' || to_char(the_month, 'YYYYMM');
        if to_regclass('audit_trail.' || the_name) is null then
            begin
                execute format('create table audit_trail.%I partition of audit_trail.entries for values from (%L) to (%L)',
                               the_name, the_month, (the_month + interval '1 month')::date);
                execute format('create trigger %I before truncate on audit_trail.%I
                                for each statement execute function audit_trail.refuse()',
                               the_name || '_no_truncate', the_name);
                -- The owner keeps select, which a dump reads each partition with.
                execute format('revoke update, delete, truncate, references, trigger on audit_trail.%I from current_user',
                               the_name);
            exception when check_violation then
                null;
            end;
        end if;
    end loop;
end
$$;
select audit_trail.ensure_months(3);

-- What a role needs that only runs the service: insert and select, and no more. The owner calls it for that role.
create function audit_trail.admit(role_name text) returns void language plpgsql as $$
begin
    execute format('grant usage on schema audit_trail to %I', role_name);
    execute format('revoke all on all tables in schema audit_trail from %I', role_name);
    execute format('grant insert, select on audit_trail.entries, audit_trail.seals, audit_trail.cluster to %I', role_name);
    execute format('grant usage on sequence audit_trail.entry_position to %I', role_name);
    execute format('grant execute on function audit_trail.ensure_months(integer) to %I', role_name);
end
$$;

revoke all on function audit_trail.ensure_months(integer), audit_trail.admit(text) from public;
revoke all on all tables in schema audit_trail from public;
-- The owner too: what it does not hold, it must first give itself, and that is seen.
revoke update, delete, truncate, references, trigger on all tables in schema audit_trail from current_user;
