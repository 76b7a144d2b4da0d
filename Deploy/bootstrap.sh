#!/bin/sh
# What resamples and the infinitesimal jackknife say of models whose answer is known: Deploy/bootstrap.sh. Writes
# Deploy/bootstrap/results.md; ends with 1 when a mismatch index is not what it should be, or the infinitesimal jackknife is
# more than a tenth from refits under weights near 1.
set -u
cd "$(dirname "$0")/.."
swift build -c release --product tutti-benchmarks >&2 || exit 1
mkdir -p Deploy/bootstrap
page=$(mktemp)
trap 'rm -f "$page"' EXIT
cat >"$page" <<'HEAD'
# Resamples

Written by Deploy/bootstrap.sh. The mean of 160 normal numbers, fitted as if they were independent: 300 series a row, 200
resamples each by Block-Gamma weights. The mismatch index is 0 for a right model and 1 − 2 v ÷ (v + true variance) if blocks
saw all of the correlation: 0.40 of an AR(1) of 0.4, 0.70 of one of 0.7. Weights without blocks see none, and those of blocks
a part. It should be within 0.05 of what is expected. Shipped models are refitted under the weights of 200 resamples, which
know a standard deviation within 5 %. The infinitesimal jackknife (IJ) has it from the one fit as a derivative, which holds for
weights near 1; the weights of resamples go from 0 to several. So it should be within a tenth, over all contributions of a
model, of refits whose weights deviate from 1 a quarter as far; how far it is from the resamples as they are is told beside it.

HEAD
.build/release/tutti-benchmarks bootstrap >>"$page"
status=$?
cp "$page" Deploy/bootstrap/results.md
exit "$status"
