-- Lists of incidents beside those of grids and states, and their map. Conditions keep out what they never show: a new report
-- costs an entry for its clock and one for the map.

-- What a person of the staff has handled.
create index incidents_handled_by_id_idx on grid.incidents (handled_by, id) where handled_by is not null;
-- What lies with an organisation.
create index incidents_organisation_id_idx on grid.incidents (organisation, id) where state in ('dispatched', 'inProgress');
-- What is due in a grid, the longest due first.
create index clocks_grid_code_due_at_idx on grid.clocks (grid_code, due_at, incident_id, kind) where state = 'running';
-- Open incidents by place, for the map: it counts them from the index alone, which the fence needs the reporter and the
-- organisation for.
create index incidents_open_place_idx on grid.incidents (longitude, latitude, grid_code, id) include (reporter_id, organisation)
    where state in ('reported', 'filed', 'dispatched', 'inProgress', 'handled');
