-- Terms of staff, and absences with substitutes. Days are those of the county, half-open: a holding with a term is held to before
-- that day, and the running service ends it then.
alter table grid.assignments add column term_to date;
-- What ends next.
create index assignments_term_to_idx on grid.assignments (term_to) where ended_at is null and term_to is not null;

create table grid.absences (
    id uuid primary key,
    assignment_id uuid not null references grid.assignments (id),
    -- Of the holding, for the fence.
    grid_code text collate "C" not null,
    during daterange not null,
    -- Who stands in; null for nobody.
    substitute_id uuid references grid.people (id),
    constraint absences_during_check check (not isempty(during) and not lower_inf(during) and not upper_inf(during)),
    constraint absences_one_at_a_time exclude using gist (assignment_id with =, during with &&)
);
create index absences_substitute_id_idx on grid.absences (substitute_id) where substitute_id is not null;
alter table grid.absences enable row level security, force row level security;
create policy scope on grid.absences
    using (service_kit.in_scope(grid_code, (select service_kit.scopes())));
