#!/usr/bin/env bash
# Installs what is missing, builds program and tests once in release configuration, runs every test.
# Options are handed to `swift test`, for example --filter SamplingTests.
set -euo pipefail
cd "$(dirname "$0")/.."

Deploy/system-packages.sh
# Tests of clusters make two hosts out of one, which only root can.
if [ "$(id -u)" -eq 0 ]; then
    Deploy/system-packages.sh iproute2 nftables || echo "The tests of two hosts will be skipped." >&2
fi
swift build -c release --build-tests
# Nothing here imports with @testable; with testable imports the tests would be built from other objects than the program.
swift test -c release --skip-build --disable-testable-imports "$@"
