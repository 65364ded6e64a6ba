-- The outbox and the relay's state (DESIGN 3.1 to 3.3). The outbox is append-only: no row is ever updated, whole days go.
create schema messaging;

-- Cache 1: a number is drawn at its use, after the aggregate's row is locked, so that numbers follow the locks.
create sequence messaging.outbox_position as bigint cache 1;

-- The transaction id stands before the position: defaults are computed in this order, and the relay relies on a
-- transaction having its id before it draws a position.
create table messaging.outbox (
    day date not null default (now() at time zone 'UTC')::date,
    xid xid8 not null default pg_current_xact_id(),
    position bigint not null default nextval('messaging.outbox_position'),
    event_id uuid not null,
    topic text not null,
    lane integer not null,
    key text not null,
    type text not null,
    occurred_at timestamptz not null,
    division_code text,
    traceparent text,
    data bytea not null
) partition by range (day);

create table messaging.outbox_default partition of messaging.outbox default;
create index outbox_position_idx on messaging.outbox (position);
create index outbox_xid_idx on messaging.outbox (xid, position);

-- Makes the partitions of today and the days after. A day whose rows already lie in the default partition stays there.
create function messaging.ensure_outbox_days(ahead integer) returns void language plpgsql as $$
declare
    the_day date;
begin
    for the_day in
        select d::date from generate_series((now() at time zone 'UTC')::date,
                                            (now() at time zone 'UTC')::date + ahead, interval '1 day') d
    loop
        if to_regclass(format('messaging.outbox_%s', to_char(the_day, 'YYYYMMDD'))) is null then
            begin
                execute format('create table messaging.%I partition of messaging.outbox for values from (%L) to (%L)',
                               'outbox_' || to_char(the_day, 'YYYYMMDD'), the_day, the_day + 1);
            exception when check_violation then
                null;
            end;
        end if;
    end loop;
end
$$;
select messaging.ensure_outbox_days(7);

-- A tick is a stored snapshot; its batch is what it sees and the one before did not, in the order of position.
create table messaging.ticks (
    number bigint primary key,
    previous pg_snapshot not null,
    snapshot pg_snapshot not null,
    first_position bigint not null,
    last_position bigint not null,
    records bigint not null,
    cut_at timestamptz not null default now(),
    acknowledged_at timestamptz
);
-- The tick before the first sees nothing.
insert into messaging.ticks values (0, '1:1:', '1:1:', 0, 0, 0, now(), now());

-- Which numbers of which lane a tick gave out: from here any range of a lane can be sent again.
create table messaging.tick_lanes (
    topic text not null,
    lane integer not null,
    first_number bigint not null,
    records bigint not null,
    tick bigint not null,
    primary key (topic, lane, first_number)
);

create table messaging.lane_heads (
    topic text not null,
    lane integer not null,
    head bigint not null,
    primary key (topic, lane)
);

-- Snapshots mean nothing in another cluster: the relay refuses to start where this does not fit.
create table messaging.relay_cluster (
    only_row boolean primary key default true check (only_row),
    system_identifier text not null
);
