#!/usr/bin/env bash
# Installs the system packages that Tutti is built on, or those that are named, where they are missing (Debian, Ubuntu).
# Asks for nothing; says what it does. Needs root or sudo only when something is missing.
set -euo pipefail

packages=("$@")
[ $# -gt 0 ] || packages=(libzmq3-dev libsqlite3-dev libnetcdf-dev libcsv-dev libpq-dev libssl-dev libxlsxwriter-dev pkg-config)

missing=()
for package in "${packages[@]}"; do
    status=$(dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null || true)
    [ "$status" = "install ok installed" ] || missing+=("$package")
done

if [ ${#missing[@]} -eq 0 ]; then
    echo "System packages: all present (${packages[*]})."
    exit 0
fi

echo "System packages: installing ${missing[*]}."
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "Run as root, or install: ${missing[*]}" >&2; exit 1; }
    as_root=(sudo)
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
{
    "${as_root[@]}" apt-get update -q &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -q -y --no-install-recommends "${missing[@]}"
} >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
