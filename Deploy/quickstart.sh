#!/usr/bin/env bash
# From a fresh clone to a fitted model: installs what is missing, builds, fits Configs/models/quickstart.yaml.
# Options are handed to `tutti fit`, for example --workers 1 or --force.
set -euo pipefail
cd "$(dirname "$0")/.."

Deploy/system-packages.sh
echo "Building (the first time takes some minutes)."
swift build -c release --product tutti
tutti=.build/release/tutti

echo "Fitting Configs/models/quickstart.yaml."
"$tutti" fit Configs/models/quickstart.yaml --out results/quickstart "$@"
