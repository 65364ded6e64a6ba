#!/bin/bash
# Runs once in the container of PostgreSQL when its data folder is new: a database for each service, a role that owns its
# tables and migrates, and a role that runs it and is held by row-level security.
set -euo pipefail

for service in cloud-gateway grid-operations talent-registry community-pairing notifications; do
    name=tiaokuai_${service//-/_}
    # The password is read by psql itself, so that no list of processes shows it.
    PASSWORD_FILE=/run/secrets/$service.password OWNER_FILE=/run/secrets/$service.owner.password psql -X -q -v ON_ERROR_STOP=1 -v name="$name" \
        --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\set password `cat "$PASSWORD_FILE"`
\set owner_password `cat "$OWNER_FILE"`
\set owner :name '_owner'
create role :"name" login nosuperuser nobypassrls password :'password';
create role :"owner" login nosuperuser nobypassrls password :'owner_password';
create database :"name" owner :"owner";
revoke all on database :"name" from public;
grant connect on database :"name" to :"name";
SQL
done
# PostGIS is not a trusted extension, so that the service's own role may not create it.
psql -X -q -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname tiaokuai_grid_operations \
    -c 'create extension if not exists postgis'
