#!/bin/bash
# Runs the benchmarks on a release build and prints their table.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

deploy/scripts/build.sh
exec .build/release/benchmarks "$@"
