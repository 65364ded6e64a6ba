#!/bin/bash
# Tries Open311 with a client that others wrote (three), in a Python environment of its own under .build.
#   deploy/scripts/open311_client.sh --install          only that; fails where PyPI cannot be reached
#   deploy/scripts/open311_client.sh ADDRESS KEY        against a running service, with an API key
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

REQUIREMENTS=deploy/scripts/open311-requirements.txt
ENVIRONMENT=$PWD/.build/open311-python-$(cksum <"$REQUIREMENTS" | cut -d ' ' -f 1)
if [ ! -f "$ENVIRONMENT/ready" ]; then
    PYTHON=python3
    for candidate in /usr/bin/python3 python3; do
        if "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
            PYTHON=$candidate
            break
        fi
    done
    rm -rf "$ENVIRONMENT"
    if ! { "$PYTHON" -m venv "$ENVIRONMENT" &&
        timeout 120 "$ENVIRONMENT/bin/python" -m pip install -q --disable-pip-version-check -r "$REQUIREMENTS" &&
        touch "$ENVIRONMENT/ready"; } >"$ENVIRONMENT.log" 2>&1; then
        tail -n 20 "$ENVIRONMENT.log" >&2
        echo "three 安装失败，需要能访问 PyPI three could not be installed: PyPI must be reachable" >&2
        exit 69
    fi
fi
[ "${1:-}" = --install ] && exit 0
exec "$ENVIRONMENT/bin/python" deploy/scripts/open311_client.py "$@"
