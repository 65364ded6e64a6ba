-- The second fence (DESIGN 6): figures are counted within the transaction's scope, and divisions are the public map.
alter table gateway.party_organisations enable row level security, force row level security;
create policy scope on gateway.party_organisations
    using (service_kit.in_scope(division_code, (select service_kit.scopes())));

alter table gateway.member_counts enable row level security, force row level security;
create policy scope on gateway.member_counts
    using (service_kit.in_scope(division_code, (select service_kit.scopes())));

alter table gateway.talents enable row level security, force row level security;
create policy scope on gateway.talents
    using (service_kit.in_scope(division_code, (select service_kit.scopes())));

alter table gateway.pairings enable row level security, force row level security;
create policy scope on gateway.pairings
    using (service_kit.in_scope(target_code, (select service_kit.scopes()))
           or coalesce('unit:' || unit_code = any ((select service_kit.scopes())::text[]), false));

alter table gateway.units enable row level security, force row level security;
create policy scope on gateway.units
    using (service_kit.has_county((select service_kit.scopes()))
           or coalesce('unit:' || unit_code = any ((select service_kit.scopes())::text[]), false)
           or exists (select from gateway.pairings p where p.unit_code = units.unit_code));

alter table gateway.grids enable row level security, force row level security;
create policy scope on gateway.grids using (service_kit.in_scope(code, (select service_kit.scopes())));

alter table gateway.grid_assignments enable row level security, force row level security;
create policy scope on gateway.grid_assignments
    using (service_kit.in_scope(grid_code, (select service_kit.scopes())));

alter table gateway.incidents enable row level security, force row level security;
create policy scope on gateway.incidents
    using (service_kit.in_scope(grid_code, (select service_kit.scopes())));

-- Functions are counted within a scope from an index alone.
create index incidents_function_grid_code_idx on gateway.incidents (function, grid_code);
drop index gateway.incidents_function_idx;
-- A unit is in a scope when one of its pairings is.
create index pairings_unit_code_idx on gateway.pairings (unit_code);
