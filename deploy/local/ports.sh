#!/bin/bash
# Looks before anything is started or written: a running stack keeps its ports, and a port of this stack must not be
# another program's.
# shellcheck source=deploy/local/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

if [ -n "$STORED_PORTS" ] && [ "$STORED_PORTS" != "$PORTS" ] && runs_anything; then
    fail "这套环境正在端口 $STORED_PORTS 起运行：请先 make down（TIAOKUAI_LOCAL=$LOCAL），再换端口。" \
        "This stack is running on ports from $STORED_PORTS: make down first (TIAOKUAI_LOCAL=$LOCAL), then change ports."
fi

# What runs here already may hold its ports.
is_ours() {
    case $1 in
    postgres) [ -f "$LOCAL/postgres.path" ] && postgres_is_running "$(cat "$LOCAL/postgres.path")" ;;
    broker) is_running broker "$(broker_marker)" ;;
    *) is_running "$1" "$(service_marker "$1")" ;;
    esac
}

taken=
while read -r port name; do
    if ! is_ours "$name" && is_listening "$port"; then taken="$taken $port($name)"; fi
done < <(stack_ports)
[ -z "$taken" ] || fail "端口已被占用：$taken。请停掉占用的程序，或换一个 TIAOKUAI_PORTS（从它起占用 12 个端口）再试。" \
    "Ports are taken:$taken. Stop what holds them, or try another TIAOKUAI_PORTS (a dozen ports from it on are used)."
