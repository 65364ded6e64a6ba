#!/bin/bash
# Brings the whole stack up without containers: packages, build, PostgreSQL, broker, topics, migrations, services, the
# county pack. Everything lies under .local (TIAOKUAI_LOCAL); a second run finds it and is ready in seconds.
# shellcheck source=deploy/local/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

HERE=$ROOT/deploy/local
PACK=$HERE/xiangyun
step() { printf '\n==> %s\n' "$*"; }

take_turn
"$HERE/ports.sh"
"$ROOT/deploy/scripts/packages.sh"
"$ROOT/deploy/scripts/build.sh"

mkdir -p "$LOCAL" "$LOGS" "$RUN" "$SECRETS"
step "数据库 database"
"$HERE/settings.sh"
"$HERE/postgres.sh"
step "代理、主题、数据库升级、服务 broker, topics, migrations, services"
"$HERE/services.sh"
export TIAOKUAI_LOCAL=$LOCAL
TIAOKUAI=$LOCAL/bin/tiaokuai
"$TIAOKUAI" status

# What was imported is named by the content of the pack, so that a changed pack is imported again.
stamp=$(find "$PACK" -type f -print0 | sort -z | xargs -0 cksum | cksum | cut -d ' ' -f 1)
if [ "$(cat "$LOCAL/imported" 2>/dev/null || true)" != "$stamp" ]; then
    step "导入县级数据包 importing the county pack"
    "$TIAOKUAI" import "$PACK"
    echo "$stamp" >"$LOCAL/imported"
fi
if ! "$TIAOKUAI" audit --wait 60 >"$LOGS/audit.log" 2>&1; then
    cat "$LOGS/audit.log" >&2
    fail "核对未通过 the audit is not clean"
fi

step "一页通 digest"
"$TIAOKUAI" digest

step "地址 addresses"
for service in $SERVICES; do say "  $service  http://127.0.0.1:$(port_of "$service")"; done
say "  PostgreSQL  127.0.0.1:$POSTGRES_PORT"
say "  Kafka  $(sed -n 's/.*"kafkaBootstrapServers": *"\([^"]*\)".*/\1/p' "$LOCAL/settings.json")"
say "命令行 command line: $TIAOKUAI --help    试一试 try: $TIAOKUAI demo    停止 stop: make down"
