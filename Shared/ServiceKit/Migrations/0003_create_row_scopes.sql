-- The second fence: what rows a transaction may see (DESIGN 6). A service says it with each transaction as the setting
-- tiaokuai.scope: '*', or prefixes of division codes, 'unit:<code>' and 'self:<subject>' separated by commas. Where it
-- says nothing, there is nothing to see. The policies are on the services' own tables.
create function service_kit.scopes() returns text[] language sql stable parallel safe
    return case current_setting('tiaokuai.scope', true)
        when '*' then array['']
        else string_to_array(current_setting('tiaokuai.scope', true), ',')
    end;

-- Whether a code begins with one of the scopes. Called with `(select service_kit.scopes())`, which is computed once a
-- statement. Coalesce also keeps the planner from taking the condition for a selective one.
create function service_kit.in_scope(code text, scopes text[]) returns boolean language sql immutable parallel safe
    return coalesce(code ^@ any (scopes), false);

-- Whether one of the scopes is a whole county or more: for rows that belong to no part of one.
create function service_kit.has_county(scopes text[]) returns boolean language sql immutable parallel safe
    return coalesce(exists (select from unnest(scopes) as entry(scope) where scope = '' or scope ~ '^[0-9]{2,6}$'), false);

-- Gives the role that a service runs as what it needs on the tables of the role that migrates: rows, no structure. A
-- table whose comment begins with `append-only` gets no update and no delete. Called after each migration.
create function service_kit.grant_runtime(runtime name) returns void language plpgsql as $$
declare
    thing record;
    rights text;
begin
    for thing in
        select nspname as name from pg_namespace where nspowner = current_user::regrole and nspname <> 'audit_trail'
    loop
        execute format('grant usage on schema %I to %I', thing.name, runtime);
    end loop;
    for thing in
        select c.oid::regclass as name, c.relkind as kind,
               coalesce(obj_description(c.oid, 'pg_class') like 'append-only%', false) as append_only
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relowner = current_user::regrole and c.relkind in ('r', 'p', 'v', 'm', 'S')
          and n.nspname not like 'pg\_%' and n.nspname <> 'audit_trail'
    loop
        rights := case when thing.kind = 'S' then 'usage, select'
                       when thing.append_only then 'select, insert'
                       else 'select, insert, update, delete' end;
        execute format('grant %s on %s %s to %I', rights,
                       case when thing.kind = 'S' then 'sequence' else 'table' end, thing.name, runtime);
    end loop;
    -- The audit trail gives what is its own.
    if to_regprocedure('audit_trail.admit(text)') is not null then
        execute format('select audit_trail.admit(%L)', runtime);
    end if;
end
$$;

-- The service itself makes and drops the outbox's days, which are the owner's tables. Tests of the kit alone have no outbox.
do $$
begin
    if to_regprocedure('messaging.ensure_outbox_days(integer)') is not null then
        alter function messaging.ensure_outbox_days(integer) security definer set search_path = pg_catalog, pg_temp;
        alter function messaging.drop_outbox_days(date) security definer set search_path = pg_catalog, pg_temp;
    end if;
end
$$;
