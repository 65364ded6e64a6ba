-- The second fence (DESIGN 6): the log of a sending is seen within its division; what is somebody's own by him alone; what
-- the engine reckons with by the service alone.
alter table notify.sendings enable row level security, force row level security;
create policy scope on notify.sendings
    using (service_kit.in_scope(division_code, (select service_kit.scopes())));

alter table notify.preferences enable row level security, force row level security;
create policy owner on notify.preferences
    using (coalesce('' = any ((select service_kit.scopes())::text[]), false)
           or coalesce('self:' || person_id = any ((select service_kit.scopes())::text[]), false));

alter table notify.contacts enable row level security, force row level security;
create policy service on notify.contacts
    using (coalesce('' = any ((select service_kit.scopes())::text[]), false)
           or service_kit.in_scope(division_code, (select service_kit.scopes())));

alter table notify.digest_items enable row level security, force row level security;
create policy service on notify.digest_items
    using (coalesce('' = any ((select service_kit.scopes())::text[]), false));
alter table notify.opt_outs enable row level security, force row level security;
create policy service on notify.opt_outs
    using (coalesce('' = any ((select service_kit.scopes())::text[]), false));
alter table notify.daily_counts enable row level security, force row level security;
create policy service on notify.daily_counts
    using (coalesce('' = any ((select service_kit.scopes())::text[]), false));
alter table notify.reminders enable row level security, force row level security;
create policy service on notify.reminders
    using (service_kit.in_scope(division_code, (select service_kit.scopes())));
