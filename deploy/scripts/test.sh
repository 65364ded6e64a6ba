#!/bin/bash
# Builds once and runs all tests; prints what was skipped and why, and writes the totals to .build/test-totals as
# `N passed, N failed, N skipped`. The exit code is that of the tests.
#   deploy/scripts/test.sh [filter]     only the tests whose name matches
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

totals=.build/test-totals
mkdir -p .build
rm -f "$totals"
if ! deploy/scripts/build.sh; then
    # A build that fails is a failure, though no test could say so.
    echo "0 passed, 1 failed, 0 skipped" >"$totals"
    echo "编译失败 the build failed" >&2
    exit 1
fi
log=.build/test.log
# Four tests at a time: hundreds at once on a few cores only measure how long each waits for its turn.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH="${SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH:-4}"
filter=()
[ $# -eq 0 ] || filter=(--filter "$1")
# What failed at once and in full, what passed as a count; everything is in the log.
show() {
    local is_terminal=0
    [ -t 1 ] && is_terminal=1
    awk -v terminal="$is_terminal" '
        { gsub(/\033\[[0-9;]*m/, "") }
        /recorded an issue|: error:|^error:|^Fatal|Test .* failed after/ {
            if (terminal) printf "\r\033[K"
            print
            fflush()
            next
        }
        / Test ("[^"]*"|[^" ]+)( with [0-9]+ test cases?)? passed after / {
            passed++
            if (terminal) printf "\r\033[K%d passed", passed
            else if (passed % 100 == 0) print "  " passed " passed"
            fflush()
        }
        END { if (terminal) printf "\r\033[K" }'
}
echo "测试（约需六分钟，日志 $log）testing; it takes about six minutes, the log is $log"
# A test that hangs ends the run as a failure instead of holding it for ever.
timeout --kill-after=10 1500 swift test -c release --skip-build ${filter[@]+"${filter[@]}"} 2>&1 | tee "$log" | show
status=${PIPESTATUS[0]}

# Lines of Swift Testing: "✔ Test name passed after …", "✘ Test name failed after …", "➜ Test name skipped: reason".
# Cases of one test and the summary of the run are not tests.
# A long line of a case may be cut, with the next line glued to it.
sed 's/\([^ ]\)\(✔ Test\|✘ Test\|➜ Test\)/\1\n\2/g' "$log" | awk -v totals="$totals" -v status="$status" '
    { gsub(/\033\[[0-9;]*m/, ""); sub(/^[^A-Za-z]+/, "") }
    # A line of a test may be lost where many write at once; the run itself counts right.
    /^Test run with [0-9]+ tests?/ { if (status == 0) ran += $4; next }
    /^Test case / { next }
    /^Test .* passed after / { passed++; next }
    /^Test .* failed after / { failed++; names = names "  " $0 "\n"; next }
    # After the name: a test may have the word in its name.
    /^Test ("[^"]*"|[^" ]+) skipped/ { skipped++; reasons = reasons "  " $0 "\n"; next }
    /^Suite ("[^"]*"|[^" ]+) skipped/ { reasons = reasons "  " $0 "\n" }
    END {
        if (reasons != "") printf "\n跳过 skipped:\n%s", reasons
        if (names != "") printf "\n失败 failed:\n%s", names
        # A crash ends the run before the tests could say that they failed.
        if (status != 0 && failed == 0) failed = 1
        if (ran > passed) passed = ran
        printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped > totals
    }'
cat "$totals"
exit "$status"
