#!/bin/bash
# Makes the passwords and keys of the containers under .local/compose. What exists already is kept.
#
# The files can be read by anybody who reaches them, since the containers' users are other than the host's; nobody else
# reaches them, since the folder is closed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

folder=.local/compose
mkdir -p "$folder"
chmod 700 "$folder"
word() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
key() { head -c 32 /dev/urandom | base64 -w 0; }

for service in postgres cloud-gateway grid-operations talent-registry community-pairing notifications; do
    [ -s "$folder/$service.password" ] || word >"$folder/$service.password"
    if [ "$service" = postgres ] || [ -s "$folder/$service.url" ]; then continue; fi
    name=tiaokuai_${service//-/_}
    [ -s "$folder/$service.owner.password" ] || word >"$folder/$service.owner.password"
    # Inside the network of the containers alone, so without TLS; elsewhere sslmode=verify-full.
    printf 'postgres://%s:%s@postgres:5432/%s?sslmode=disable' "$name" "$(cat "$folder/$service.password")" "$name" \
        >"$folder/$service.url"
    # The role that owns the tables: for the migrations alone.
    printf 'postgres://%s_owner:%s@postgres:5432/%s?sslmode=disable' "$name" \
        "$(cat "$folder/$service.owner.password")" "$name" >"$folder/$service.owner.url"
done
if [ ! -s "$folder/field-keys.json" ]; then
    printf '{"current": "compose1", "keys": {"compose1": "%s"}, "lookup": "%s"}\n' "$(key)" "$(key)" >"$folder/field-keys.json"
fi
# Services need the public keys of whoever issues tokens. Without an identity provider the command line is a small one:
#   docker run --rm --user 0 -v "$PWD/.local/compose:/keys" tiaokuai/operator:0.1.0 token rotate-keys --directory /keys
[ -s "$folder/jwks.json" ] || echo '{"keys": []}' >"$folder/jwks.json"
chmod 444 "$folder"/*
[ ! -f "$folder/token-issuer.json" ] || chmod 400 "$folder/token-issuer.json"
echo "密钥已就绪 secrets are ready: $folder"
