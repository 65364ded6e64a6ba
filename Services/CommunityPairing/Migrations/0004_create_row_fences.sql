-- The second fence (DESIGN 6): the database itself shows and changes only what lies in the transaction's scope.
-- Divisions are a copy of the public map and need no fence.
alter table pairing.pairings enable row level security, force row level security;
create policy scope on pairing.pairings
    using (service_kit.in_scope(target_code, (select service_kit.scopes()))
           or coalesce('unit:' || unit_code = any ((select service_kit.scopes())::text[]), false));

-- A unit is seen by the county, by itself, and by whoever sees one of its pairings.
alter table pairing.units enable row level security, force row level security;
create policy scope on pairing.units
    using (service_kit.has_county((select service_kit.scopes()))
           or coalesce('unit:' || code = any ((select service_kit.scopes())::text[]), false)
           or exists (select from pairing.pairings p where p.unit_code = code));
