-- Reports of one matter: those joined to another follow it, and each remembers where it stood, so that it can be split off again.
alter table grid.incidents
    add column joined_to uuid,
    add column state_before_join text,
    add column members integer not null default 0;

create index incidents_joined_to_idx on grid.incidents (joined_to, id) where joined_to is not null;
