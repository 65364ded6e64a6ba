#!/bin/bash
# Writes the settings of the stack and of each service. What exists already (passwords, keys) is kept.
# shellcheck source=deploy/local/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

mkdir -p "$SECRETS" "$LOGS" "$RUN" "$LOCAL/bin"
if [ -n "${KAFKA_BOOTSTRAP_SERVERS:-}" ]; then
    BROKERS=$KAFKA_BOOTSTRAP_SERVERS
    FETCH_WAIT=100ms
else
    BROKERS=127.0.0.1:$BROKER_PORT
    # The emulation always waits that long before it says that there is nothing new.
    FETCH_WAIT=5ms
fi
PREFIX=${TIAOKUAI_LOCAL_TOPIC_PREFIX:-}
COMMIT=$(git -C "$ROOT" rev-parse --short HEAD 2>/dev/null || echo unknown)
COUNTY=$(sed -n 's/.*"county": *"\([0-9]*\)".*/\1/p' "$ROOT/deploy/local/xiangyun/pack.json" 2>/dev/null || true)

write() {
    # Whole or not at all: a service may start while this runs.
    cat >"$1.new" && mv "$1.new" "$1"
}

if [ ! -s "$SECRETS/field-keys.json" ]; then
    key() { head -c 32 /dev/urandom | base64 -w 0; }
    write "$SECRETS/field-keys.json" <<JSON
{"current": "local1", "keys": {"local1": "$(key)"}, "lookup": "$(key)"}
JSON
fi

# The stack's own issuer of tokens; services read its public keys from the file.
[ -s "$SECRETS/jwks.json" ] || "$BINARIES/tiaokuai" token rotate-keys --directory "$SECRETS" >/dev/null

for service in $SERVICES; do
    for name in "$service" "$service.owner"; do
        [ -s "$SECRETS/$name.password" ] || random_word >"$SECRETS/$name.password"
    done
    name=tiaokuai_${service//-/_}
    prefix_line=
    [ -z "$PREFIX" ] || prefix_line="\"topicPrefix\": \"$PREFIX\", "
    write "$SECRETS/$service.json" <<JSON
{
  "http": {"host": "127.0.0.1", "port": $(port_of "$service")},
  "database": {
    "url": "postgres://$name:$(cat "$SECRETS/$service.password")@127.0.0.1:$POSTGRES_PORT/$name?sslmode=disable",
    "ownerUrl": "postgres://${name}_owner:$(cat "$SECRETS/$service.owner.password")@127.0.0.1:$POSTGRES_PORT/$name?sslmode=disable"
  },
  "auth": {"issuer": "urn:tiaokuai:local", "jwks": "file:$SECRETS/jwks.json"},
  "kafka": {$prefix_line"bootstrapServers": "$BROKERS", "fetchWait": "$FETCH_WAIT"},
  "crypto": {"keysFile": "$SECRETS/field-keys.json"},
  "build": {"commit": "$COMMIT"},
  "county": "${COUNTY:-532923}"
}
JSON
done

write "$LOCAL/settings.json" <<JSON
{"basePort": $PORTS, "kafkaBootstrapServers": "$BROKERS", "topicPrefix": "$PREFIX", "county": "${COUNTY:-532923}"}
JSON
ln -sfn "$BINARIES/tiaokuai" "$LOCAL/bin/tiaokuai"
