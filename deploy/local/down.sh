#!/bin/bash
# Stops the local stack, process by process by its number. Data stay where they are.
# shellcheck source=deploy/local/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

[ -d "$LOCAL" ] || exit 0
take_turn
for service in $SERVICES; do
    # All at once first, so that each spends its time on its own work and not on waiting for the others.
    if is_running "$service" "$(service_marker "$service")"; then kill -TERM "$(cat "$RUN/$service.pid")" 2>/dev/null || true; fi
done
for service in $SERVICES; do stop_process "$service" "$(service_marker "$service")"; done
stop_process broker "$(broker_marker)"
stop_postgres
say "已停止 stopped: $LOCAL"
