# shellcheck shell=bash
# What the scripts of the local stack share: places, ports, and how to start and stop processes by their number.
# Sourced, never run. `TIAOKUAI_LOCAL` and `TIAOKUAI_PORTS` make a second stack beside the first.

set -euo pipefail
umask 077

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
LOCAL=${TIAOKUAI_LOCAL:-$ROOT/.local}
case $LOCAL in /*) ;; *) LOCAL=$PWD/$LOCAL ;; esac
STORED_PORTS=
if [ -f "$LOCAL/settings.json" ]; then
    STORED_PORTS=$(sed -n 's/.*"basePort": *\([0-9]*\).*/\1/p' "$LOCAL/settings.json")
fi
PORTS=${TIAOKUAI_PORTS:-${STORED_PORTS:-8100}}
case $PORTS in '' | *[!0-9]*)
    echo "TIAOKUAI_PORTS 应为端口号 must be a port number" >&2
    exit 64
    ;;
esac
if [ "$PORTS" -lt 1024 ] || [ "$PORTS" -gt 65500 ]; then
    echo "TIAOKUAI_PORTS 应在 1024 到 65500 之间 must be between 1024 and 65500" >&2
    exit 64
fi

LOGS=$LOCAL/log
RUN=$LOCAL/run
SECRETS=$LOCAL/secrets
# shellcheck disable=SC2034 # used by those that source this
BINARIES=$ROOT/.build/release
POSTGRES_PORT=$((PORTS + 10))
BROKER_PORT=$((PORTS + 11))
# The order is that of the ports, from PORTS on.
SERVICES="cloud-gateway grid-operations talent-registry community-pairing notifications"

say() { printf '%s\n' "$*"; }
fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

port_of() {
    local offset=0 service
    for service in $SERVICES; do
        if [ "$service" = "$1" ]; then
            echo $((PORTS + offset))
            return
        fi
        offset=$((offset + 1))
    done
    return 1
}

# A random word of 48 characters that needs no quoting anywhere.
random_word() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# --- processes ---------------------------------------------------------------------------------------------------

# Says whether the process in a pid file still is what was started: after a reboot the number may be another's.
# $1 name, $2 a word of its command line
is_running() {
    local pid
    [ -f "$RUN/$1.pid" ] || return 1
    pid=$(cat "$RUN/$1.pid")
    [ -n "$pid" ] && [ -r "/proc/$pid/cmdline" ] || return 1
    tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF -- "$2"
}

# Says whether a running process was started from a program that has been built anew since.
is_outdated() {
    case $(readlink "/proc/$(cat "$RUN/$1.pid")/exe" 2>/dev/null || true) in *' (deleted)') return 0 ;; *) return 1 ;; esac
}

# Closes what the caller has open but the first three files: a server would hold a caller's lock or pipe for as long as it
# lives. Only in a shell of its own.
close_files() {
    local file
    for file in "/proc/$BASHPID/fd"/*; do
        file=${file##*/}
        if [ "$file" -gt 2 ]; then eval "exec $file>&-"; fi
    done
}

# Starts a program in a session of its own, so that closing the terminal does not end it.
# $1 name, rest the command
start_process() {
    local name=$1
    shift
    (close_files && exec setsid nohup "$@") >>"$LOGS/$name.log" 2>&1 </dev/null &
    echo $! >"$RUN/$name.pid"
}

# Waits until no other command starts, stops or removes this stack, and keeps the others waiting until this one has ended,
# however it ends. What it calls has its turn too.
take_turn() {
    [ "${STACK_TURN:-}" != "$LOCAL" ] || return 0
    while true; do
        mkdir -p "$LOCAL"
        exec 9>"$LOCAL/turn"
        flock -n 9 || {
            say "另一个命令正在启动或停止这套环境，等它结束 another command is starting or stopping this stack; waiting for it"
            flock 9
        }
        # The one before may have removed the stack, and the file with it.
        [ ! "$LOCAL/turn" -ef "/proc/$$/fd/9" ] || break
    done
    export STACK_TURN=$LOCAL
}

# Ends a process by its number: TERM, and KILL when it has not gone after 25 s (a service allows itself 20 s).
# $1 name, $2 a word of its command line
stop_process() {
    local pid waited=0
    if is_running "$1" "$2"; then
        pid=$(cat "$RUN/$1.pid")
        kill -TERM "$pid" 2>/dev/null || true
        while is_running "$1" "$2"; do
            if [ $waited -ge 250 ]; then
                say "$1 没有按时结束，强行终止 did not end in time and is killed"
                kill -KILL "$pid" 2>/dev/null || true
                break
            fi
            sleep 0.1
            waited=$((waited + 1))
        done
    fi
    rm -f "$RUN/$1.pid"
}

# The ports that this stack listens on, with the name of what does.
stack_ports() {
    local service
    for service in $SERVICES; do echo "$(port_of "$service") $service"; done
    echo "$POSTGRES_PORT postgres"
    [ -n "${KAFKA_BOOTSTRAP_SERVERS:-}" ] || echo "$BROKER_PORT broker"
}

# Says whether something listens on a loopback port.
is_listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Whether anything of this stack runs, whatever its ports.
runs_anything() {
    local name
    for name in $SERVICES; do if is_running "$name" "$(service_marker "$name")"; then return 0; fi; done
    if is_running broker "$(broker_marker)"; then return 0; fi
    [ -f "$LOCAL/postgres.path" ] && postgres_is_running "$(cat "$LOCAL/postgres.path")"
}

service_marker() { echo "$SECRETS/$1.json"; }
# By the stack's own link to the program and without the port, which may be another one by now.
broker_marker() { echo "$LOCAL/bin/tiaokuai broker"; }

# --- PostgreSQL --------------------------------------------------------------------------------------------------

# The newest installed server that has PostGIS.
postgres_binaries() {
    local version
    for version in $(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' 2>/dev/null | sort -rn); do
        if [ -x "/usr/lib/postgresql/$version/bin/initdb" ] &&
            [ -f "/usr/share/postgresql/$version/extension/postgis.control" ]; then
            echo "/usr/lib/postgresql/$version/bin"
            return
        fi
    done
    return 1
}

# PostgreSQL refuses to run as root.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && setpriv --reuid=postgres --regid=postgres --clear-groups "$@")
    else
        "$@"
    fi
}

# Where the data lies: under the stack's folder, unless the user postgres cannot reach it (/root is closed to it).
postgres_directory() {
    local directory=$LOCAL
    if [ -f "$LOCAL/postgres.path" ]; then
        cat "$LOCAL/postgres.path"
        return
    fi
    if [ "$(id -u)" = 0 ]; then
        chmod a+x "$LOCAL"
        if ! as_postgres test -x "$LOCAL"; then
            directory=/var/lib/tiaokuai/$(printf '%s' "$LOCAL" | cksum | cut -d ' ' -f 1)
        fi
    fi
    echo "$directory/postgres"
}

# Says whether the server of a data folder runs. Not by `pg_ctl status`: after a reboot the number in postmaster.pid may
# be another program's.
postgres_is_running() {
    local pid
    pid=$(as_postgres head -n 1 "$1/postmaster.pid" 2>/dev/null) || return 1
    [ -n "$pid" ] && tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "-D $1"
}

# Takes away a postmaster.pid whose number now belongs to another program, since PostgreSQL would refuse to start.
# A number that belongs to nobody PostgreSQL sees through by itself.
forget_stale_postmaster() {
    local pid process waited=0
    pid=$(as_postgres head -n 1 "$1/postmaster.pid" 2>/dev/null) || return 0
    if [ -z "$pid" ] || [ ! -e "/proc/$pid" ]; then return 0; fi
    # Children of a server that was killed may live a moment longer, and still have the data open.
    while [ $waited -lt 50 ]; do
        process=
        for process in /proc/[0-9]*; do
            [ "$(readlink "$process/cwd" 2>/dev/null || true)" != "$1" ] || break
            process=
        done
        [ -n "$process" ] || break
        sleep 0.1
        waited=$((waited + 1))
    done
    [ -n "$process" ] || as_postgres rm -f "$1/postmaster.pid"
}

stop_postgres() {
    local directory
    [ -f "$LOCAL/postgres.path" ] || return 0
    directory=$(cat "$LOCAL/postgres.path")
    if postgres_is_running "$directory"; then
        as_postgres "$(postgres_binaries)/pg_ctl" -D "$directory" -m fast -w -t 60 -s stop
    fi
}
