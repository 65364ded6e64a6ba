#!/bin/bash
# Runs the benchmarks on a release build and prints their table.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

deploy/scripts/build.sh
if [ ! -x .build/release/bench ]; then
    echo "没有 bench 程序 there is no program .build/release/bench" >&2
    exit 69
fi
exec .build/release/bench "$@"
