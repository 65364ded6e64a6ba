-- Days of the outbox go when they are older than the retention and the audit has closed them (DESIGN 3.1), and a
-- database that was restored into another cluster can be taken up again (DESIGN 3.2).
create table messaging.closed_days (
    through date primary key,
    closed_at timestamptz not null default now()
);

-- Rows up to here were written in another cluster, where their transaction ids were given out: no new tick looks at them.
alter table messaging.relay_cluster add column rebased_position bigint not null default 0;

-- Drops the partitions of days before a day that are closed and wholly sent, and forgets the ticks of which nothing is
-- left. Returns how many days went.
create function messaging.drop_outbox_days(before date) returns integer language plpgsql as $$
declare
    the_day record;
    last_sent pg_snapshot;
    unsent boolean;
    rebased bigint := coalesce((select rebased_position from messaging.relay_cluster), 0);
    dropped integer := 0;
begin
    select snapshot into last_sent from messaging.ticks where acknowledged_at is not null order by number desc limit 1;
    for the_day in
        select c.relname, to_date(right(c.relname, 8), 'YYYYMMDD') as day
        from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'messaging.outbox'::regclass and c.relname ~ '^outbox_[0-9]{8}$'
    loop
        continue when the_day.day >= before
            or not exists (select 1 from messaging.closed_days where through >= the_day.day);
        execute format('select exists (select 1 from messaging.%I where position > $2
                                       and not pg_visible_in_snapshot(xid, $1))',
                       the_day.relname) into unsent using last_sent, rebased;
        continue when unsent;
        execute format('drop table messaging.%I', the_day.relname);
        dropped := dropped + 1;
    end loop;
    if dropped > 0 then
        delete from messaging.tick_lanes l using messaging.ticks t
        where t.number = l.tick
          and t.last_position < coalesce((select min(position) from messaging.outbox), 9223372036854775807);
        delete from messaging.ticks t
        where t.number < (select max(number) from messaging.ticks)
          and not exists (select 1 from messaging.tick_lanes l where l.tick = t.number);
    end if;
    return dropped;
end
$$;
