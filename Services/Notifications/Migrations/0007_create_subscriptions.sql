-- Who asked to hear of what: those who take what comes to an organisation, those who follow a division, those who stand
-- above the work in it. Ids alone.
create table notify.subscriptions (
    person_id uuid not null,
    kind text not null check (kind in ('organisation', 'division', 'supervision')),
    -- A code of an organisation, or the digits of a division.
    code text not null check (length(code) between 1 and 64),
    -- Empty for every event.
    event text not null default '',
    created_at timestamptz not null,
    primary key (kind, code, person_id, event)
);
create index subscriptions_person_id_idx on notify.subscriptions (person_id);

alter table notify.subscriptions enable row level security, force row level security;
create policy owner on notify.subscriptions
    using (coalesce('' = any ((select service_kit.scopes())::text[]), false)
           or coalesce('self:' || person_id = any ((select service_kit.scopes())::text[]), false));
