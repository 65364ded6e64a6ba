#!/bin/bash
# Starts the broker (unless KAFKA_BOOTSTRAP_SERVERS names one) and the five services in the background.
# Programs that were built anew since they were started are started again.
# shellcheck source=deploy/local/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

TIAOKUAI=$LOCAL/bin/tiaokuai
READY_SECONDS=60

start_broker() {
    if is_running broker "$(broker_marker)" && is_outdated broker; then stop_process broker "$(broker_marker)"; fi
    is_running broker "$(broker_marker)" && return
    start_process broker "$TIAOKUAI" broker --port "$BROKER_PORT" \
        ${TIAOKUAI_LOCAL_TOPIC_PREFIX:+--topic-prefix "$TIAOKUAI_LOCAL_TOPIC_PREFIX"}
}

start_service() {
    if is_running "$1" "$(service_marker "$1")" && is_outdated "$1"; then
        stop_process "$1" "$(service_marker "$1")"
    fi
    is_running "$1" "$(service_marker "$1")" && return
    start_process "$1" "$BINARIES/$1" serve --config "$(service_marker "$1")"
}

wait_ready() {
    local url waited=0
    url=http://127.0.0.1:$(port_of "$1")/readyz
    while true; do
        # First whether it lives: another program might answer in its place.
        if ! is_running "$1" "$(service_marker "$1")"; then
            tail -n 20 "$LOGS/$1.log" >&2
            fail "$1 已退出，日志见 $LOGS/$1.log" "$1 has ended; its log is $LOGS/$1.log"
        fi
        curl -fsS -o /dev/null -m 2 "$url" 2>/dev/null && return
        if [ $waited -ge $((READY_SECONDS * 10)) ]; then
            curl -sS -m 2 "$url" >&2 || true
            tail -n 20 "$LOGS/$1.log" >&2
            fail "$1 在 $READY_SECONDS 秒内没有就绪，日志见 $LOGS/$1.log" "$1 is not ready; its log is $LOGS/$1.log"
        fi
        sleep 0.1
        waited=$((waited + 1))
    done
}

if [ -z "${KAFKA_BOOTSTRAP_SERVERS:-}" ]; then start_broker; fi
waited=0
until TIAOKUAI_LOCAL=$LOCAL "$TIAOKUAI" topics >"$LOGS/topics.log" 2>&1; do
    if [ $waited -ge 10 ]; then
        cat "$LOGS/topics.log" >&2
        fail "消息代理或主题不可用 the broker or its topics cannot be used"
    fi
    if [ -z "${KAFKA_BOOTSTRAP_SERVERS:-}" ] && ! is_running broker "$(broker_marker)"; then
        tail -n 20 "$LOGS/broker.log" >&2
        fail "本地代理已退出，日志见 $LOGS/broker.log" "the local broker has ended; its log is $LOGS/broker.log"
    fi
    sleep 0.2
    waited=$((waited + 1))
done
TIAOKUAI_LOCAL=$LOCAL "$TIAOKUAI" migrate >>"$LOGS/migrate.log" 2>&1 || {
    tail -n 20 "$LOGS/migrate.log" >&2
    fail "数据库升级失败 the migration failed"
}
for service in $SERVICES; do start_service "$service"; done
for service in $SERVICES; do wait_ready "$service"; done
