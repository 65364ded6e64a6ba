#!/bin/bash
# Holds the running services against their interface documents with a fuzzer (schemathesis): no 5xx, no status, header,
# media type or body that is not described, and every refusal names the field. Starts a stack of its own under
# .build/contract, with the county pack, on ports that are free, and removes it at the end.
# The last line is `contract: N passed, N failed`, where one is an operation in a round; it is also in .build/contract-totals.
#   deploy/scripts/contract.sh [service…]     only these
# TIAOKUAI_CONTRACT_EXAMPLES is the most requests of a kind to an operation, TIAOKUAI_CONTRACT_SEED makes them others.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

ROOT=$PWD
WORK=$ROOT/.build/contract
TOTALS=$ROOT/.build/contract-totals
REQUIREMENTS=$ROOT/deploy/scripts/contract-requirements.txt
EXAMPLES=${TIAOKUAI_CONTRACT_EXAMPLES:-40}
SEED=${TIAOKUAI_CONTRACT_SEED:-}
# The services refuse settings that they do not know.
unset TIAOKUAI_CONTRACT_EXAMPLES TIAOKUAI_CONTRACT_SEED
# Both rounds of the five services stay below five minutes on two cores; one that hangs ends as a failure.
ROUND_SECONDS=120
CHECKS=not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance
CHECKS=$CHECKS,response_schema_conformance,ignored_auth,missing_required_header
CHECKS=$CHECKS,refusal_names_the_field,answer_says_nothing_of_the_inside

mkdir -p "$WORK"
rm -f "$TOTALS"
passed=0
failed=0
finish() {
    trap - EXIT INT TERM
    if [ -n "${TIAOKUAI_LOCAL:-}" ]; then deploy/local/clean.sh >"$WORK/clean.log" 2>&1 || cat "$WORK/clean.log" >&2; fi
    echo "contract: $passed passed, $failed failed" | tee "$TOTALS"
    if [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]; then exit 0; fi
    exit 1
}
give_up() {
    echo "$*" >&2
    failed=$((failed + 1))
    exit 1
}
trap finish EXIT
trap 'failed=$((failed + 1)); exit 1' INT TERM

# --- the fuzzer, in a Python environment of its own --------------------------------------------------------------------

PYTHON=python3
for candidate in /usr/bin/python3 python3; do
    if "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
        PYTHON=$candidate
        break
    fi
done
"$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || {
    deploy/scripts/packages.sh python3 python3-venv || give_up "没有 Python 虚拟环境 there is no Python with venv"
    PYTHON=/usr/bin/python3
}
ENVIRONMENT=$ROOT/.build/contract-python-$(cksum <"$REQUIREMENTS" | cut -d ' ' -f 1)
if [ ! -f "$ENVIRONMENT/ready" ]; then
    rm -rf "$ENVIRONMENT"
    if ! { "$PYTHON" -m venv "$ENVIRONMENT" &&
        "$ENVIRONMENT/bin/python" -m pip install -q --disable-pip-version-check -r "$REQUIREMENTS" &&
        touch "$ENVIRONMENT/ready"; } >"$WORK/python.log" 2>&1; then
        tail -n 20 "$WORK/python.log" >&2
        give_up "schemathesis 安装失败，需要能访问 PyPI schemathesis could not be installed: PyPI must be reachable"
    fi
fi

# --- a stack of its own ------------------------------------------------------------------------------------------------

# Eleven ports in a row that nobody listens on.
free_base() {
    local base offset
    for base in 18600 19600 28600 29600 38600 39600 48600 49600; do
        for offset in 0 1 2 3 4 10 11; do
            if (exec 3<>"/dev/tcp/127.0.0.1/$((base + offset))") 2>/dev/null; then continue 2; fi
        done
        echo $base
        return
    done
    return 1
}

export TIAOKUAI_LOCAL=$WORK/stack
unset KAFKA_BOOTSTRAP_SERVERS TIAOKUAI_LOCAL_TOPIC_PREFIX TIAOKUAI_TOKEN
# What an earlier run left, had it been killed.
[ ! -d "$TIAOKUAI_LOCAL" ] || deploy/local/clean.sh >/dev/null 2>&1
TIAOKUAI_PORTS=$(free_base) || give_up "没有空闲端口 no free ports"
export TIAOKUAI_PORTS
deploy/local/up.sh >"$WORK/up.log" 2>&1 || {
    tail -n 30 "$WORK/up.log" >&2
    give_up "测试环境没有启动 the stack did not start"
}
TIAOKUAI=$TIAOKUAI_LOCAL/bin/tiaokuai

# --- who asks, and what is there to ask about --------------------------------------------------------------------------

COUNTY=$(sed -n 's/.*"county": *"\([0-9]*\)".*/\1/p' "$TIAOKUAI_LOCAL/settings.json")
TOWN=${COUNTY}100
COMMUNITY=${TOWN}001
AREA=${COMMUNITY}001
# Every role in the widest scope that it may have, so that every route is open to the one who asks.
grants=()
for grant in county-admin="$COUNTY" town-officer="$TOWN" gate-reviewer="$COUNTY" assessor="$TOWN" \
    community-secretary="$COMMUNITY" community-desk="$COMMUNITY" grid-leader="$AREA" grid-worker="$AREA" \
    grid-police="$AREA" volunteer=self resident=self cloud-operator='*' privacy-officer='*' audit-admin='*' \
    security-admin='*'; do
    grants+=(--role "${grant%%=*}" --scope "${grant#*=}")
done
PERSON=$(cat /proc/sys/kernel/random/uuid)
umask 077
token() { "$TIAOKUAI" token issue --subject "$PERSON" --expires 1h "${grants[@]}" 2>>"$WORK/token.log"; }
TOKEN=$(token) || give_up "没有令牌 no token"

url_of() {
    local offset=0 name
    for name in cloud-gateway grid-operations talent-registry community-pairing notifications; do
        [ "$name" = "$1" ] && echo "http://127.0.0.1:$((TIAOKUAI_PORTS + offset))" && return
        offset=$((offset + 1))
    done
}
# The first id of a list. $1 service, $2 path, $3 field
first_of() {
    curl -fsS -m 10 -H "@$WORK/authorization" "$(url_of "$1")$2" |
        "$ENVIRONMENT/bin/python" -c 'import json, sys; print(json.load(sys.stdin)["items"][0][sys.argv[1]])' "$3"
}
printf 'Authorization: Bearer %s\n' "$TOKEN" >"$WORK/authorization"
INCIDENT=$(first_of grid-operations "/v1/incidents?limit=1" id) || give_up "没有事件 there is no incident"
GRID=$(first_of grid-operations "/v1/grids?community=$AREA&limit=1" code) || give_up "没有网格 there is no grid"

# --- the rounds --------------------------------------------------------------------------------------------------------

# The first round makes up everything; the second asks about what is there.
write_settings() {
    cat <<TOML
headers = { Authorization = "Bearer $TOKEN" }
[generation]
deterministic = $([ -n "$SEED" ] && echo false || echo true)
database = "none"
[checks]
missing_required_header = { expected-statuses = [400, 401, 428] }
TOML
    [ "$1" = known ] || return 0
    echo '[parameters]'
    case $2 in
    grid-operations)
        echo "\"path.id\" = \"$INCIDENT\""
        echo "\"path.code\" = \"$GRID\""
        echo '"header.If-Match" = "*"'
        ;;
    notifications) echo "\"path.personID\" = \"$PERSON\"" ;;
    *) echo '"path.number" = 1' ;;
    esac
}

run_round() {
    local round=$1 service=$2 folder=$WORK/$2-$1 selection=() code
    rm -rf "$folder"
    mkdir -p "$folder"
    write_settings "$round" "$service" >"$folder/schemathesis.toml"
    [ "$round" = made-up ] || selection=(--include-path-regex '\{(id|code|personID|number)\}')
    # A live stream never ends; ServerTests and the journeys hold it. A rebase waits a second for the relay's lock: it is
    # the same code in all five, so one of them is enough.
    [ "$service" = cloud-gateway ] || selection+=(--exclude-path /v1/messaging/relay/rebase)
    (cd "$folder" && SCHEMATHESIS_HOOKS=contract_checks PYTHONPATH=$ROOT/deploy/scripts PYTHONDONTWRITEBYTECODE=1 \
        timeout --kill-after=10 "$ROUND_SECONDS" "$ENVIRONMENT/bin/schemathesis" --config-file schemathesis.toml run \
        "$(url_of "$service")/openapi.yaml" --url "$(url_of "$service")" --checks "$CHECKS" --phases examples,coverage,fuzzing \
        --max-examples "$EXAMPLES" --workers 1 --request-timeout 20 --continue-on-failure --no-shrink --no-color --warnings off \
        --suppress-health-check all ${SEED:+--seed "$SEED"} \
        --exclude-path '/v1/inbox/{personID}/stream' ${selection[@]+"${selection[@]}"} \
        --report junit --report-junit-path junit.xml >output.log 2>&1)
    code=$?
    count "$folder" "$code" "$service $round"
}

# Adds the operations of a round to the totals, and shows what went wrong.
count() {
    local result good bad
    result=$("$ENVIRONMENT/bin/python" - "$1/junit.xml" <<'PYTHON'
import sys, xml.etree.ElementTree as tree
try:
    cases = list(tree.parse(sys.argv[1]).iter("testcase"))
except (OSError, tree.ParseError):
    cases = []
bad = sum(1 for case in cases if case.find("failure") is not None or case.find("error") is not None)
print(len(cases) - bad, bad)
PYTHON
    )
    good=${result% *}
    bad=${result#* }
    # A run that failed and says of no operation that it did has failed as a whole.
    if [ "$2" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
    if [ "$bad" -ne 0 ]; then sed -n '/^=.*\(FAILURES\|ERRORS\)/,$p' "$1/output.log" | cut -c 1-1000 | head -n 400 >&2; fi
    echo "  $3: $good passed, $bad failed"
    passed=$((passed + good))
    failed=$((failed + bad))
}

[ $# -gt 0 ] || set -- cloud-gateway grid-operations talent-registry community-pairing notifications
for service in "$@"; do
    [ -n "$(url_of "$service")" ] || give_up "没有服务 no service $service"
    run_round made-up "$service"
    run_round known "$service"
done
# What calendar programs read is held against one that others wrote.
for service in "$@"; do
    [ "$service" = grid-operations ] || continue
    if "$ENVIRONMENT/bin/python" deploy/scripts/contract_calendar.py "$(url_of grid-operations)" "$WORK/authorization" \
        "$COMMUNITY"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
done
for log in "$TIAOKUAI_LOCAL"/log/*.log; do
    # What a service itself calls its mistake is one, whatever the answer was.
    if grep -q 'request failed' "$log"; then
        grep 'request failed' "$log" | sort | uniq -c | sort -rn | head -n 10 >&2
        failed=$((failed + 1))
    fi
done
