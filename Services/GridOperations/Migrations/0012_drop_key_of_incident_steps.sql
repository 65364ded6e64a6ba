-- The row of an incident is locked whenever a step of it is written, incidents are never removed, and the fence of the steps
-- looks for the incident anyway: the foreign key looked for it once more with every step.
alter table grid.incident_steps drop constraint incident_steps_incident_id_fkey;
