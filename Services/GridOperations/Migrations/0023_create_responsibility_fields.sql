-- Responsibility fields 责任田: a few buildings of a service group, for which one person answers. At any time from its beginning
-- a field has exactly one owner, and the database sees to it: no two at once (exclusion constraint), and no gap (a check at
-- the end of each transaction). Days are those of the county, half-open.
create table grid.responsibility_fields (
    id uuid primary key,
    grid_code text collate "C" not null references grid.grids (code),
    -- Buildings and stairs, never persons.
    name text not null,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index responsibility_fields_grid_code_id_idx on grid.responsibility_fields (grid_code, id);

create table grid.field_owners (
    field_id uuid not null references grid.responsibility_fields (id),
    -- Of the field, for the fence.
    grid_code text collate "C" not null,
    person_id uuid not null references grid.people (id),
    during daterange not null,
    constraint field_owners_during_check check (not isempty(during) and not lower_inf(during)),
    constraint field_owners_one_at_a_time exclude using gist (field_id with =, during with &&)
);
create index field_owners_person_id_idx on grid.field_owners (person_id);

create function grid.check_field_owners() returns trigger language plpgsql as $$
declare
    field uuid;
    owned datemultirange;
begin
    -- Records have the columns of their table, so each branch reads only its own.
    if tg_table_name = 'responsibility_fields' then
        field := new.id;
    elsif tg_op = 'DELETE' then
        field := old.field_id;
    else
        field := new.field_id;
    end if;
    select range_agg(o.during) into owned from grid.field_owners o where o.field_id = field;
    if owned is null or not upper_inf(owned) or (select count(*) from unnest(owned)) <> 1 then
        raise exception 'field % has days without an owner', field
            using errcode = 'integrity_constraint_violation', constraint = 'field_owners_no_gap';
    end if;
    return null;
end
$$;
create constraint trigger field_owners_no_gap after insert or update or delete on grid.field_owners
    deferrable initially deferred for each row execute function grid.check_field_owners();
create constraint trigger responsibility_fields_owned after insert on grid.responsibility_fields
    deferrable initially deferred for each row execute function grid.check_field_owners();

alter table grid.responsibility_fields enable row level security, force row level security;
create policy scope on grid.responsibility_fields
    using (service_kit.in_scope(grid_code, (select service_kit.scopes())));
alter table grid.field_owners enable row level security, force row level security;
create policy scope on grid.field_owners
    using (service_kit.in_scope(grid_code, (select service_kit.scopes())));
