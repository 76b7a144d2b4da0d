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
swift build -c release --product tutti
# Not --build-tests, which builds the compiler of protocol buffers as well, 293 C++ files, twice.
swift build -c release --product tuttiPackageTests
# Nothing here imports with @testable; with testable imports all would be compiled a second time.
swift test -c release --skip-build --disable-testable-imports "$@"
