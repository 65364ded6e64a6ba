#!/bin/bash
# Builds everything once, tests too, so that `make up` and `make test` share one compilation (release).
# When no source is newer than the last build, it says so at once.
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
echo "编译（首次约需十分钟）building; the first time takes about ten minutes"
# What changes while the compiler runs must count as newer than the build.
mkdir -p .build
touch "$stamp.begun"
swift build -c release --build-tests "$@"
mv "$stamp.begun" "$stamp"
