#!/bin/bash
# Runs the SMTP server that tests of mail talk to, in a Python environment of its own under .build; made once.
# Exits with 75 where the environment cannot be made, for want of Python or of PyPI.
#   deploy/scripts/smtp.sh prepare                                  only makes the environment
#   deploy/scripts/smtp.sh <certificate> <key> <folder>             writes `port`, and each letter, into the folder
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

REQUIREMENTS=deploy/scripts/smtp_requirements.txt
ENVIRONMENT=$PWD/.build/smtp-python-$(cksum <"$REQUIREMENTS" | cut -d ' ' -f 1)
if [ ! -f "$ENVIRONMENT/ready" ]; then
    PYTHON=/usr/bin/python3
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || PYTHON=python3
    rm -rf "$ENVIRONMENT"
    { "$PYTHON" -m venv "$ENVIRONMENT" &&
        "$ENVIRONMENT/bin/python" -m pip install -q --disable-pip-version-check -r "$REQUIREMENTS" &&
        touch "$ENVIRONMENT/ready"; } >&2 || exit 75
fi
[ "$1" != prepare ] || exit 0
exec "$ENVIRONMENT/bin/python" deploy/scripts/smtp_counterpart.py "$@"
