-- Who had himself erased, by a keyed hash alone: so that a sheet that still names him does not bring him back unasked. The row
-- goes when he agrees again at the desk.
create table service_kit.erasures (
    object_type text not null,
    hash bytea not null check (octet_length(hash) = 32),
    erased_at timestamptz not null default now(),
    primary key (object_type, hash)
);
