-- Pairings of units with communities and villages. A unit and a target are paired once at a time (INV-21).
create table pairing.pairings (
    id uuid primary key,
    unit_code text collate "C" not null references pairing.units (code),
    target_code text collate "C" not null check (target_code ~ '^[0-9]{12}$'),
    from_day date not null,
    to_day date not null,
    activated_at timestamptz not null,
    changed_at timestamptz not null,
    constraint pairings_unit_code_target_code_key unique (unit_code, target_code),
    constraint pairings_term_check check (from_day <= to_day)
);

-- Lists go by target, whose prefix is the scope of who asks; those of one unit go by the unique key above.
create index pairings_target_code_idx on pairing.pairings (target_code, unit_code);
