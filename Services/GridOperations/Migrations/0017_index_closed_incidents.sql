-- What retention archives, the longest closed first.
create index incidents_closed_at_idx on grid.incidents (closed_at) where state = 'closed';
