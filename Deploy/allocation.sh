#!/bin/sh
# What splitting a budget is worth in truth: Deploy/allocation.sh. Draws worlds, fits their data, splits the budget by each fit,
# and scores the plan by what made the data; times a large budget. Writes Deploy/allocation/results.md; ends with 1 when a
# figure misses its bound (`tutti-benchmarks worlds --help`).
set -u
cd "$(dirname "$0")/.."
swift build -c release --product tutti-benchmarks >&2 || exit 1
mkdir -p Deploy/allocation
page=$(mktemp)
trap 'rm -f "$page"' EXIT
cat >"$page" <<'HEAD'
# What splitting a budget is worth

Written by Deploy/allocation.sh. The truth of a world is drawn from the prior of its model: three channels over 130 weeks, with
carry-over, saturation, trend and season. The last 13 weeks are the current plan; every other world's plan earns within 5 % of
what the best split of its money would, the others' less. Each world's data are fitted, and the money of the next 13 weeks is
split by that fit, each channel between half and twice what it had. Gains are shares of what media of the current plan earn
before their cost, which is the same in both plans. A gain on halves is that of the two plans that fits to alternate blocks of
eight weeks choose, each scored by the other fit; what they hoped for is their gain by their own.

HEAD
.build/release/tutti-benchmarks worlds >>"$page"
status=$?
cp "$page" Deploy/allocation/results.md
exit "$status"
