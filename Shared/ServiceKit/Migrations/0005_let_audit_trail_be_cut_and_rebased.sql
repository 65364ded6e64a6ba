-- Months of the audit trail go after three years (DOMAIN 4.3): their entries with the seals that cover nothing else. The last
-- of these seals stays as the anchor that the first kept seal follows from.
create table audit_trail.cuts (
    before_month date not null,
    -- The anchor, and its hash as it was then.
    seal bigint primary key,
    hash bytea not null,
    entries bigint not null,
    seals bigint not null,
    cut_at timestamptz not null default clock_timestamp()
);

-- Transaction ids and snapshots mean something in one cluster alone. Entries behind a position, and seals behind a number,
-- belong to another era than those before: they are told apart by ids of their own.
create table audit_trail.eras (
    number integer primary key check (number > 0),
    -- The last seal before it; 0 for none.
    seal bigint not null,
    -- Its entries lie behind this position.
    position bigint not null,
    began_at timestamptz not null default clock_timestamp()
);

create trigger cuts_append_only before update or delete on audit_trail.cuts
    for each row execute function audit_trail.refuse();
create trigger cuts_no_truncate before truncate on audit_trail.cuts
    for each statement execute function audit_trail.refuse();
create trigger eras_append_only before update or delete on audit_trail.eras
    for each row execute function audit_trail.refuse();
create trigger eras_no_truncate before truncate on audit_trail.eras
    for each statement execute function audit_trail.refuse();

-- Cuts off the months before a day, the first of a month at least three years ago. It runs as the owner, so that a role that
-- may only insert and select can call it, and can cut off nothing younger. Returns whether there was anything to cut.
--
-- A batch that was sealed across the border of the month keeps its entries: they are put into the default partition.
create function audit_trail.cut(before date) returns boolean language plpgsql
    security definer set search_path = pg_catalog, pg_temp set lock_timeout = '5s' as $$
declare
    first_kept bigint;
    anchor record;
    era_floor bigint;
    era_end bigint;
    the_partition record;
    gone_entries bigint;
    gone_seals bigint;
begin
    if before <> date_trunc('month', before)::date
        or before > (date_trunc('month', now() at time zone 'UTC') - interval '36 months')::date
    then
        raise exception 'the audit trail is kept for three years: nothing of % is cut off', before
            using errcode = 'insufficient_privilege';
    end if;
    execute format('grant update, delete on audit_trail.entries, audit_trail.entries_default, audit_trail.seals to %I', current_user);
    lock table audit_trail.entries, audit_trail.seals in access exclusive mode;

    select min(position) into first_kept from audit_trail.entries where month >= before;
    select s.number, s.snapshot, s.hash into anchor from audit_trail.seals s
    where s.is_last
      and s.number < coalesce((select min(number) from audit_trail.seals where last_position >= first_kept),
                              (select max(number) from audit_trail.seals))
      and not exists (select from audit_trail.cuts c where c.seal >= s.number)
    order by s.number desc limit 1;
    if anchor.number is null then
        execute format('revoke update, delete on audit_trail.entries, audit_trail.entries_default, audit_trail.seals from %I', current_user);
        return false;
    end if;
    select coalesce(max(e.position), 0) into era_floor from audit_trail.eras e where e.seal < anchor.number;
    select coalesce(min(e.position), 9223372036854775807) into era_end from audit_trail.eras e where e.seal >= anchor.number;

    create temporary table kept_entries on commit drop as
        select * from audit_trail.entries e
        where e.month < before
          and not (e.position <= era_floor
                   or e.position <= era_end and pg_visible_in_snapshot(e.xid, anchor.snapshot));
    select count(*) - (select count(*) from pg_temp.kept_entries) into gone_entries
    from audit_trail.entries where month < before;

    for the_partition in
        select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'audit_trail.entries'::regclass and c.relname ~ '^entries_[0-9]{6}$'
          and to_date(right(c.relname, 6), 'YYYYMM') < before
    loop
        execute format('drop table audit_trail.%I', the_partition.name);
    end loop;
    alter table audit_trail.entries_default disable trigger user;
    delete from audit_trail.entries_default where month < before;
    alter table audit_trail.entries_default enable trigger user;
    insert into audit_trail.entries select * from pg_temp.kept_entries;

    alter table audit_trail.seals disable trigger user;
    delete from audit_trail.seals where number < anchor.number;
    get diagnostics gone_seals = row_count;
    alter table audit_trail.seals enable trigger user;
    insert into audit_trail.cuts (before_month, seal, hash, entries, seals)
    values (before, anchor.number, anchor.hash, gone_entries, gone_seals);
    execute format('revoke update, delete on audit_trail.entries, audit_trail.entries_default, audit_trail.seals from %I', current_user);
    return true;
end
$$;

-- Keeps every writer out to the end of the transaction, while a trail that was restored into another cluster is taken up.
create function audit_trail.begin_rebase() returns void language plpgsql
    security definer set search_path = pg_catalog, pg_temp set lock_timeout = '5s' as $$
begin
    execute format('grant update on audit_trail.entries to %I', current_user);
    lock table audit_trail.entries in share row exclusive mode;
    execute format('revoke update on audit_trail.entries from %I', current_user);
end
$$;

-- Notes this cluster as the one of the trail.
create function audit_trail.adopt_cluster() returns void language plpgsql
    security definer set search_path = pg_catalog, pg_temp as $$
begin
    execute format('grant update on audit_trail.cluster to %I', current_user);
    update audit_trail.cluster set system_identifier = (select system_identifier::text from pg_control_system());
    execute format('revoke update on audit_trail.cluster from %I', current_user);
end
$$;

-- As before, and with what is new here.
create or replace function audit_trail.admit(role_name text) returns void language plpgsql as $$
begin
    execute format('grant usage on schema audit_trail to %I', role_name);
    execute format('revoke all on all tables in schema audit_trail from %I', role_name);
    execute format('grant insert, select on audit_trail.entries, audit_trail.seals, audit_trail.cluster, audit_trail.eras to %I',
                   role_name);
    execute format('grant select on audit_trail.cuts to %I', role_name);
    execute format('grant usage on sequence audit_trail.entry_position to %I', role_name);
    execute format('grant execute on function audit_trail.ensure_months(integer), audit_trail.cut(date),
                    audit_trail.begin_rebase(), audit_trail.adopt_cluster() to %I', role_name);
end
$$;

revoke all on function audit_trail.cut(date), audit_trail.begin_rebase(), audit_trail.adopt_cluster() from public;
revoke all on audit_trail.cuts, audit_trail.eras from public;
revoke update, delete, truncate, references, trigger on audit_trail.cuts, audit_trail.eras from current_user;
