-- Bookings of rooms 场所预约. That no two hold the same time is kept here and nowhere else for sure: an exclusion constraint
-- over room and time (INV-18), which holds for requests too, so that who came first is approved or refused first. Others
-- wait without holding anything, in the order of their numbers, which are drawn under the room's lock.
create extension if not exists btree_gist;

create table grid.bookings (
    id uuid primary key,
    number bigint not null generated always as identity,
    room_id uuid not null references grid.rooms (id),
    division_code text collate "C" not null,
    during tstzrange not null,
    state text not null,
    -- Erased with the contact three months after (retention rule booking-applicants).
    purpose text not null,
    headcount integer not null check (headcount > 0),
    organisation text,
    -- The identity provider's id of who booked as himself.
    applicant text,
    contact_name_encrypted bytea,
    contact_mobile_encrypted bytea,
    reason text,
    alternative_room_id uuid references grid.rooms (id),
    alternative_during tstzrange,
    requested_at timestamptz not null,
    changed_at timestamptz not null,
    -- When nothing more could happen to it.
    settled_at timestamptz,
    erased_at timestamptz,
    version integer not null default 1,
    constraint bookings_during_check check (
        not isempty(during) and lower_inc(during) and not upper_inc(during)
        and upper(during) - lower(during) <= interval '1 day'),
    constraint bookings_alternative_check check ((alternative_room_id is null) = (alternative_during is null)),
    constraint bookings_no_overlap exclude using gist (room_id with =, during with &&)
        where (state in ('requested', 'approved', 'inUse'))
);

-- The waiting list of a room, first come first.
create index bookings_waiting_idx on grid.bookings (room_id, number) where state = 'waiting';
-- The lists of a community and of a room, newest first; a person's own ones.
create index bookings_division_code_id_idx on grid.bookings (division_code, id);
create index bookings_room_id_id_idx on grid.bookings (room_id, id);
create index bookings_applicant_id_idx on grid.bookings (applicant, id) where applicant is not null;
-- What retention has not erased yet, by when its time began.
create index bookings_retention_idx on grid.bookings (coalesce(settled_at, upper(during))) where erased_at is null;

-- Whoever booked as himself sees it too.
alter table grid.bookings enable row level security, force row level security;
create policy scope on grid.bookings
    using (service_kit.in_scope(division_code, (select service_kit.scopes()))
           or coalesce('self:' || applicant = any ((select service_kit.scopes())::text[]), false));
