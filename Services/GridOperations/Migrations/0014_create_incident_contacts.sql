-- How the reporter of an incident can be reached, encrypted, apart from the incident: it is read one by one with a purpose,
-- and goes half a year after the close. The hash finds a person's own reports at the desk, and nothing else (H02).
create table grid.incident_contacts (
    incident_id uuid primary key,
    grid_code text collate "C" not null,
    name_encrypted bytea,
    mobile_encrypted bytea not null,
    mobile_hash bytea not null check (octet_length(mobile_hash) = 32),
    created_at timestamptz not null default now()
);
create index incident_contacts_mobile_hash_idx on grid.incident_contacts (mobile_hash);

alter table grid.incident_contacts enable row level security, force row level security;
create policy scope on grid.incident_contacts
    using (service_kit.in_scope(grid_code, (select service_kit.scopes()))
           or grid.is_own_report(incident_id, (select service_kit.scopes())));
