-- Bookings whose time comes by itself: those that nobody approved or made room for when it begins, and those in use when it
-- ends.
create index bookings_lapsing_idx on grid.bookings ((case state when 'inUse' then upper(during) else lower(during) end))
    where state in ('requested', 'waiting', 'inUse');
