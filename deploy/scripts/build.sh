#!/bin/bash
# Builds everything once, tests too, so that `make up` and `make test` share one compilation (release); installs the system
# packages that are missing first. When no source is newer than the last build, it says so at once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

command -v swift >/dev/null || {
    echo "没有找到 swift：请安装 Swift 6.3 工具链并加入 PATH swift was not found: install a Swift 6.3 toolchain (swift.org)" >&2
    exit 69
}
stamp=.build/built
if [ -f "$stamp" ] && [ -x .build/release/tiaokuai ] &&
    [ -z "$(find Package.swift Shared Services Tests -newer "$stamp" -not -name '*.md' -print -quit)" ]; then
    echo "已是最新，无需编译 nothing to build"
    exit 0
fi
deploy/scripts/packages.sh
log=.build/build.log
# One moving line on a terminal, one line for each tenth elsewhere (not of the few steps before the build proper); what the
# package manager says beside it is in the log.
progress() {
    local is_terminal=0
    [ -t 1 ] && is_terminal=1
    awk -v terminal="$is_terminal" '
        match($0, /^\[[0-9]+\/[0-9]+\]/) {
            split(substr($0, 2, RLENGTH - 2), step, "/")
            if (terminal) printf "\r\033[K%s", substr($0, 1, 78)
            else if (step[2] > 20 && int(10 * step[1] / step[2]) > tenths) {
                tenths = int(10 * step[1] / step[2])
                print "  " step[1] "/" step[2]
            }
            fflush()
        }
        END { if (terminal) printf "\r\033[K" }'
}

echo "编译（首次约需五到十五分钟，日志 $log）building; the first time takes five to fifteen minutes, the log is $log"
# What changes while the compiler runs must count as newer than the build.
mkdir -p .build
touch "$stamp.begun"
if ! swift build -c release --build-tests "$@" 2>&1 | tee "$log" | progress; then
    grep -A 12 'error:' "$log" | head -n 60 >&2 || tail -n 30 "$log" >&2
    echo "编译失败，日志见 $log the build failed, its log is $log" >&2
    exit 1
fi
mv "$stamp.begun" "$stamp"
