-- The second fence (DESIGN 6): the database itself shows and changes only what lies in the transaction's scope.
--
-- Divisions and grids are the public map: everybody may read them, since a report is placed by its point before anybody
-- knows whose it is; a policy on reading would also keep the index of boundaries from being used, because PostGIS is not
-- leakproof. They are written within the scope alone. People have no division: what says who they are is encrypted.
-- Counters hold numbers alone.
alter table grid.divisions enable row level security, force row level security;
create policy map_read on grid.divisions for select using (true);
create policy scope_insert on grid.divisions for insert
    with check (service_kit.in_scope(code, (select service_kit.scopes())));
create policy scope_update on grid.divisions for update
    using (service_kit.in_scope(code, (select service_kit.scopes())));

alter table grid.grids enable row level security, force row level security;
create policy map_read on grid.grids for select using (true);
create policy scope_insert on grid.grids for insert
    with check (service_kit.in_scope(code, (select service_kit.scopes())));
create policy scope_update on grid.grids for update
    using (service_kit.in_scope(code, (select service_kit.scopes())));

alter table grid.assignments enable row level security, force row level security;
create policy scope on grid.assignments
    using (service_kit.in_scope(grid_code, (select service_kit.scopes())));

-- Whoever reported an incident sees it too.
alter table grid.incidents enable row level security, force row level security;
create policy scope on grid.incidents
    using (service_kit.in_scope(grid_code, (select service_kit.scopes()))
           or coalesce('self:' || reporter_id = any ((select service_kit.scopes())::text[]), false));

alter table grid.incident_steps enable row level security, force row level security;
create policy of_incident on grid.incident_steps
    using (exists (select from grid.incidents i where i.id = incident_id));

-- A person's own reports, newest first.
create index incidents_reporter_id_idx on grid.incidents (reporter_id, id) where reporter_id is not null;
