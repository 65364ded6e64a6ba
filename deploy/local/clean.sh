#!/bin/bash
# Stops the local stack and removes it with all its data.
# shellcheck source=deploy/local/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

take_turn
"$ROOT/deploy/local/down.sh"
if [ -f "$LOCAL/postgres.path" ]; then
    directory=$(cat "$LOCAL/postgres.path")
    # Only what initdb made here is removed, whatever the file says.
    case $directory in */postgres)
        if [ -f "$directory/PG_VERSION" ]; then rm -rf -- "$directory"; fi
        rmdir -- "$(dirname "$directory")" 2>/dev/null || true
        ;;
    esac
fi
for part in bin log run secrets postgres.path settings.json imported turn; do rm -rf -- "${LOCAL:?}/$part"; done
rmdir -- "$LOCAL" 2>/dev/null || true
say "已清除 removed: $LOCAL"
