-- Grids are merged and split (decision 0027): the old code stays on record with its successors, and a code that was ever used
-- is never given again. Days are those of the county; a grid is in force from the first to before the second.
alter table grid.grids
    -- Null: since before it came on record.
    add column valid_from date,
    -- Null while it is in force.
    add column valid_to date,
    add column version integer not null default 1,
    -- A grid that is changed twice on a day is in force on no day.
    add constraint grids_validity_check check (valid_to >= valid_from);

-- The key of grids is the register of codes, so nothing may leave it, and what has ended stays as it was.
create function grid.keep_grid() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'grid % stays on record', old.code using errcode = 'restrict_violation';
    end if;
    if old.valid_to is not null or new.code <> old.code then
        raise exception 'grid % has ended and stays as it was', old.code using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger grids_keep before update or delete on grid.grids for each row execute function grid.keep_grid();

create table grid.grid_successors (
    grid_code text collate "C" not null references grid.grids (code),
    successor_code text collate "C" not null references grid.grids (code),
    kind text not null,
    day date not null,
    primary key (grid_code, successor_code),
    constraint grid_successors_other_check check (grid_code <> successor_code)
);
comment on table grid.grid_successors is 'append-only: what became of a grid stays so';
-- What a grid was made of.
create index grid_successors_successor_code_idx on grid.grid_successors (successor_code);

-- Part of the public map, as grids are.
alter table grid.grid_successors enable row level security, force row level security;
create policy map_read on grid.grid_successors for select using (true);
create policy scope_insert on grid.grid_successors for insert
    with check (service_kit.in_scope(grid_code, (select service_kit.scopes()))
                and service_kit.in_scope(successor_code, (select service_kit.scopes())));
