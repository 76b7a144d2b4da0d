#!/bin/sh
# What the checks before a fit see: Deploy/slips.sh. Draws worlds from the prior of the shipped models, plants slips of units,
# files and lift tests in them, and counts those that are named; and clean worlds that are warned of. Writes
# Deploy/slips/results.md; ends with 1 when a slip is seen in fewer than 95 of 100, or more than 2 of 100 clean worlds are
# warned of.
set -u
cd "$(dirname "$0")/.."
swift build -c release --product tutti-benchmarks >&2 || exit 1
mkdir -p Deploy/slips
page=$(mktemp)
trap 'rm -f "$page"' EXIT
cat >"$page" <<'HEAD'
# Slips that are seen before a fit

Written by Deploy/slips.sh. The KPI of a world is drawn from the prior of each model at its own media: the first of 20 draws
that is above 0 throughout, as sales are; where none is, each geo of the last is raised until its lowest week is a quarter
of its mean. Under Meridian's preset knots, controls and noise have priors of half a standard deviation of the KPI: drawn
from its own, which are ten times as wide, nearly no KPI is above 0. A slip is seen when a message that names it comes, of
100; – where the model has no place for it. What can be seen by nobody is not planted: 100 times a week of next to no KPI
or spend is a usual week.

HEAD
.build/release/tutti-benchmarks slips >>"$page"
status=$?
cp "$page" Deploy/slips/results.md
exit "$status"
