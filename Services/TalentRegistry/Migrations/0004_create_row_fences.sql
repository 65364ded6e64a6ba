-- The second fence (DESIGN 6): the database itself shows and changes only what lies in the transaction's scope.
-- Divisions are a copy of the public map and need no fence.
alter table talent.party_organisations enable row level security, force row level security;
create policy scope on talent.party_organisations
    using (service_kit.in_scope(division_code, (select service_kit.scopes())));

alter table talent.member_counts enable row level security, force row level security;
create policy of_organisation on talent.member_counts
    using (exists (select from talent.party_organisations o where o.code = organisation_code));

alter table talent.talents enable row level security, force row level security;
create policy scope on talent.talents
    using (service_kit.in_scope(division_code, (select service_kit.scopes())));

-- A person is seen by whoever sees the entry; one without an entry, by the service alone.
alter table talent.persons enable row level security, force row level security;
create policy of_entry on talent.persons
    using (coalesce('' = any ((select service_kit.scopes())::text[]), false)
           or exists (select from talent.talents t where t.person_id = persons.id));
