#!/bin/sh
# How often evidence grades are right: Deploy/evidence.sh. Fits 200 simulated worlds of four kinds, of which it is known what
# the channels' returns stand on, and counts grades. Writes Deploy/evidence/results.md; ends with 1 when fewer than 85 of 100
# are right, or a figure is called prior-driven whose interval is under half the prior's.
set -u
cd "$(dirname "$0")/.."
swift build -c release --product tutti-benchmarks >&2 || exit 1
mkdir -p Deploy/evidence
page=$(mktemp)
trap 'rm -f "$page"' EXIT
cat >"$page" <<'HEAD'
# Evidence grades

Written by Deploy/evidence.sh. Fifty worlds of each kind: three years of weeks, two paid channels, carry-over and saturation
drawn from their priors and not known to the fit. Spend sets how much the data can say. With everything but the returns
known and independent errors, the standard error of each return would be

- rich: a sixth of the standard deviation that its prior (log-normal, sd 0.9 of the logarithm) has about the true return;
- poor: ten times the standard deviation of its prior;
- conflicting: what the prior (sd 0.3) has half-way between its median and the true return, which lies three standard
  deviations off;
- autocorrelated: as rich, but errors follow on each other with a correlation of 0.8, and the model has them independent.

Limits were set on other worlds (seeds from 1001 on) than those counted here.

HEAD
.build/release/tutti-benchmarks evidence >>"$page"
status=$?
cp "$page" Deploy/evidence/results.md
exit "$status"
