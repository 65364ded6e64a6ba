-- What the digest counts, it counts from an index alone where a table may grow large.
create index party_organisations_division_code_idx on gateway.party_organisations (division_code, kind);
create index talents_division_code_idx on gateway.talents (division_code);
create index pairings_target_code_idx on gateway.pairings (target_code);
create index grid_assignments_grid_code_idx on gateway.grid_assignments (grid_code, role);
create index incidents_function_idx on gateway.incidents (function);
