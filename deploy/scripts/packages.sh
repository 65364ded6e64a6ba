#!/bin/bash
# Installs the system packages that are missing (Debian 12 and later, Ubuntu). Does nothing when all are there.
#   deploy/scripts/packages.sh [package…]     these too
set -euo pipefail

wanted="libpq-dev librdkafka-dev libzip-dev libxml2-dev libxlsxwriter-dev libssl-dev libturbojpeg0-dev libcurl4-openssl-dev openssl pkg-config postgresql $*"
missing=
installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ]; }

command -v dpkg-query >/dev/null || {
    echo "不是 Debian 系统，请自行安装 not a Debian system, please install: $wanted postgis" >&2
    exit 0
}
for package in $wanted; do installed "$package" || missing="$missing $package"; done
# PostGIS is packaged for each major release of PostgreSQL; any that is installed will do.
ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 || missing="$missing postgis-for-server"
[ -n "$missing" ] || exit 0

run=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
        echo "缺少软件包，又没有 sudo：请让管理员安装 packages are missing and there is no sudo, ask for:$missing" >&2
        exit 69
    }
    run=sudo
fi
echo "安装软件包 installing packages:$missing"
export DEBIAN_FRONTEND=noninteractive
$run apt-get update -qq
case $missing in *postgis-for-server*)
    if apt-cache show postgresql-15-postgis-3 >/dev/null 2>&1; then
        postgis=postgresql-15-postgis-3
    else
        postgis=$(apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' | cut -d ' ' -f 1 | sort -V | tail -n 1)
    fi
    missing=${missing/postgis-for-server/$postgis}
    ;;
esac
# shellcheck disable=SC2086 # a list of words
$run env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
