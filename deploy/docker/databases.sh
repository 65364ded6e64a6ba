#!/bin/bash
# Runs once in the container of PostgreSQL when its data folder is new: a database and a role for each service.
set -euo pipefail

for service in cloud-gateway grid-operations talent-registry community-pairing notifications; do
    name=tiaokuai_${service//-/_}
    # The password is read by psql itself, so that no list of processes shows it.
    PASSWORD_FILE=/run/secrets/$service.password psql -X -q -v ON_ERROR_STOP=1 -v name="$name" \
        --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\set password `cat "$PASSWORD_FILE"`
create role :"name" login password :'password';
create database :"name" owner :"name";
revoke all on database :"name" from public;
SQL
done
# PostGIS is not a trusted extension, so that the service's own role may not create it.
psql -X -q -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname tiaokuai_grid_operations \
    -c 'create extension if not exists postgis'
