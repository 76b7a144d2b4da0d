#!/usr/bin/env bash
# Installs what is missing, builds program and tests once in release configuration, runs every test.
# Options are handed to `swift test`, for example --filter SamplingTests.
set -euo pipefail
cd "$(dirname "$0")/.."

Deploy/system-packages.sh
swift build -c release --build-tests
swift test -c release --skip-build "$@"
