#!/bin/bash
# Makes sure that the private PostgreSQL of the local stack runs, with a database and two roles for each service: one owns
# the tables and migrates, the other runs the service and is held by row-level security.
# shellcheck source=deploy/local/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

PG=$(postgres_binaries) || fail "没有找到带 PostGIS 的 PostgreSQL no PostgreSQL with PostGIS was found: make packages"
mkdir -p "$LOGS" "$RUN" "$SECRETS"
DATA=$(postgres_directory)

password_of() {
    [ -s "$SECRETS/$1.password" ] || random_word >"$SECRETS/$1.password"
    cat "$SECRETS/$1.password"
}

create_cluster() {
    say "建立私有 PostgreSQL：$DATA creating a private PostgreSQL"
    # The folder above must let the user postgres through; the data themselves are closed to all others.
    (umask 022 && mkdir -p "$(dirname "$DATA")")
    mkdir -p "$DATA"
    if [ "$(id -u)" = 0 ]; then chown postgres: "$DATA"; fi
    # Through a pipe, since the user postgres cannot read the folder of secrets, into a file of its own for a moment.
    # shellcheck disable=SC2016 # the inner shell expands it
    password_of postgres | as_postgres sh -c 'file=$(mktemp) && cat >"$file" &&
        "$0/initdb" -D "$1" -U postgres -A scram-sha-256 --pwfile="$file" -E UTF8 --locale=C.UTF-8 --no-instructions
        status=$?
        rm -f "$file"
        exit $status' "$PG" "$DATA" >>"$LOGS/postgres-create.log"
}

write_settings() {
    # Loopback only, by password: no socket, whose path might be longer than the 107 bytes that a system allows.
    # 5 services × 8 connections of their pools, the relays' and the administrators' stay far below 150.
    # shellcheck disable=SC2016 # the inner shell expands it
    as_postgres sh -c 'cat >"$0/tiaokuai.conf" && { grep -q tiaokuai.conf "$0/postgresql.conf" ||
        echo "include '\''tiaokuai.conf'\''" >>"$0/postgresql.conf"; }' "$DATA" <<SETTINGS
port = $POSTGRES_PORT
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 150
shared_buffers = '256MB'
fsync = on
synchronous_commit = on
max_wal_size = '2GB'
checkpoint_timeout = '15min'
wal_compression = on
log_min_duration_statement = '1s'
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_line_prefix = '%m [%p] %q%u@%d '
timezone = 'UTC'
SETTINGS
}

run_sql() {
    PGPASSWORD=$(password_of postgres) "$PG/psql" -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$POSTGRES_PORT" \
        -U postgres -d "$1" -At
}

create_role() {
    if [ "$(echo "select 1 from pg_roles where rolname = '$1'" | run_sql postgres)" != 1 ]; then
        echo "create role $1 login" | run_sql postgres
    fi
    echo "alter role $1 nosuperuser nocreatedb nocreaterole nobypassrls password '$(password_of "$2")'" | run_sql postgres
}

create_database() {
    local name=tiaokuai_${1//-/_}
    create_role "$name" "$1"
    create_role "${name}_owner" "$1.owner"
    if [ "$(echo "select 1 from pg_database where datname = '$name'" | run_sql postgres)" != 1 ]; then
        echo "create database $name owner ${name}_owner" | run_sql postgres
    fi
    # A stack of an earlier release, in which the service's role owned its tables, is handed over.
    run_sql "$name" <<SQL
reassign owned by $name to ${name}_owner;
revoke all on database $name from public;
grant connect on database $name to $name;
SQL
    if [ "$1" = grid-operations ]; then
        # PostGIS is not a trusted extension, so that the service's own role may not create it.
        echo "create extension if not exists postgis" | PGOPTIONS='-c client_min_messages=warning' run_sql "$name"
    fi
}

if ! postgres_is_running "$DATA"; then
    [ -f "$DATA/PG_VERSION" ] || as_postgres test -f "$DATA/PG_VERSION" || create_cluster
    echo "$DATA" >"$LOCAL/postgres.path"
    forget_stale_postmaster "$DATA"
    write_settings
    touch "$LOGS/postgres.log"
    # The server's own user writes the log; it gets the open file, not the right to the folder.
    if ! (close_files && as_postgres "$PG/pg_ctl" -D "$DATA" -w -t 60 -s start) >>"$LOGS/postgres.log" 2>&1 </dev/null; then
        tail -n 20 "$LOGS/postgres.log" >&2
        fail "PostgreSQL 没有启动：端口 $POSTGRES_PORT 可能被占用，换 TIAOKUAI_PORTS 再试。" \
            "PostgreSQL did not start: the port $POSTGRES_PORT may be taken; try another TIAOKUAI_PORTS."
    fi
fi
for service in $SERVICES; do create_database "$service"; done
say "PostgreSQL: 127.0.0.1:$POSTGRES_PORT ($DATA)"
