#!/bin/bash
# Holds the sources against the house style, and the shell scripts against their grammar.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

swift format lint --strict -r Package.swift Shared Services Tests
status=0
while IFS= read -r script; do
    bash -n "$script" || status=1
    [ -x "$script" ] || case $script in */common.sh) ;; *)
        echo "$script: 不可执行 is not executable" >&2
        status=1
        ;;
    esac
done < <(find deploy .ci -type f \( -name '*.sh' -o -path '.ci/run' \) | sort)
if command -v shellcheck >/dev/null; then
    find deploy .ci -type f \( -name '*.sh' -o -path '.ci/run' \) -print0 | xargs -0 shellcheck -x || status=1
fi
[ $status -eq 0 ] && echo "格式检查通过 lint passed"
exit $status
