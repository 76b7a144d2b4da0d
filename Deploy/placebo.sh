#!/bin/sh
# How often intervals of channels that cannot work hold 0: Deploy/placebo.sh. Adds placebos to 800 simulated worlds and to
# shipped models, fits them and counts. Writes Deploy/placebo/results.md; ends with 1 when fewer than 90 of 100 do in worlds
# whose model is right.
set -u
cd "$(dirname "$0")/.."
swift build -c release --product tutti-benchmarks >&2 || exit 1
mkdir -p Deploy/placebo
page=$(mktemp)
trap 'rm -f "$page"' EXIT
cat >"$page" <<'HEAD'
# Placebos

Written by Deploy/placebo.sh. A placebo is a channel that cannot work: it has the media of one of the model's own, its periods
reordered by whole blocks, and an effect of either sign whose prior is normal about 0 and as wide as that of the channel. The
truth is 0, and 90 % intervals should hold it nine times in ten; or more often where the prior, which has its middle there,
says much: an interval s times as wide as its prior's holds it with probability 2 Φ(1.645 ÷ √(1 − s²)) − 1 if all is normal, 0.90
for s = 0.1, 0.94 for s = 0.5.

The first table counts over 200 worlds of each kind (those of Deploy/evidence, under other seeds) with two placebos each, both
in one fit of 2 chains × 500 draws. The errors of `autocorrelated` follow on each other with a correlation of 0.8: fitted as if
they did not, which the check is there to find, and as they are. The second counts placebos of shipped models, up to four in
one fit, as `tutti check --placebo` does; theirs share one series of errors, so that chance is more than if each stood alone.

HEAD
.build/release/tutti-benchmarks placebo >>"$page"
status=$?
cp "$page" Deploy/placebo/results.md
exit "$status"
