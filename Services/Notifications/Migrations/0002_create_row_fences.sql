-- The second fence (DESIGN 6): a delivery is seen by the person it is for and, as a finding, within its area; an inbox by
-- its owner alone. Routes and counts of unaddressed events are about nobody.
alter table notify.grid_assignments enable row level security, force row level security;
create policy scope on notify.grid_assignments
    using (service_kit.in_scope(grid_code, (select service_kit.scopes())));

alter table notify.deliveries enable row level security, force row level security;
create policy scope on notify.deliveries
    using (service_kit.in_scope(area_code, (select service_kit.scopes()))
           or coalesce('self:' || person_id = any ((select service_kit.scopes())::text[]), false));

alter table notify.inboxes enable row level security, force row level security;
create policy owner on notify.inboxes
    using (coalesce('' = any ((select service_kit.scopes())::text[]), false)
           or coalesce('self:' || person_id = any ((select service_kit.scopes())::text[]), false));
