#!/bin/sh
# Proves the statistics: Deploy/calibration.sh [WORKERS]. Draws worlds from the prior of two models, fits them all, and asks
# whether the truth ranks evenly among posterior draws and whether intervals of each ROI hold it as often as they say.
# Writes Deploy/calibration/results.md; ends with 1 when a model is not calibrated.
set -u
cd "$(dirname "$0")/.."
workers=${1:-$(nproc)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

swift build -c release --product tutti >&2 || exit 1
tutti=.build/release/tutti
page=$folder/results.md
failed=0

study() {
    title=$1 model=$2 worlds=$3
    printf '\n## %s\n\n`tutti check --sbc %s --replications %s`\n\n```text\n' "$title" "$model" "$worlds" >>"$page"
    "$tutti" check --sbc "$model" --replications "$worlds" --workers "$workers" --out "$folder/study" \
        >"$folder/words" || failed=1
    sed '/^Results: /d; s/ *$//' "$folder/words" >>"$page"
    printf '```\n' >>"$page"
    rm -rf "$folder/study"
}

cat >"$page" <<'HEAD'
# Calibration

Written by Deploy/calibration.sh. p is the probability of ranks as far from uniform; a model fails when that of any
quantity is below 0.05 ÷ their number, or when intervals of an ROI hold the truth more or less often than they say by over
three binomial standard deviations.
HEAD
study "A small model" Deploy/calibration/small.yaml 1000
study "The default national model" Configs/models/quickstart.yaml 400
cp "$page" Deploy/calibration/results.md
exit "$failed"
