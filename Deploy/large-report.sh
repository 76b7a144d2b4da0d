#!/usr/bin/env bash
# Fits a panel of 20 channels in 50 geos and reads its report in Chromium: the size of the page, how fast it opens, and its
# planner, move by move and against `tutti optimize`. A few minutes on two cores. Needs a built program, Python and Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 Deploy/browser/large.py write "$work"
.build/release/tutti fit "$work/model.yaml" --resamples 0 --quiet --out "$work/results"
python3 Deploy/browser/large.py hold "$PWD/.build/release/tutti" "$work"
