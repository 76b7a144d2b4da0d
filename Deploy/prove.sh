#!/usr/bin/env bash
# Proves what takes too long for CI: Deploy/prove.sh [NAME...], by default all, which takes most of a day. Writes into
# Deploy/prove/results.md how each proof ended, of which commit and after how long; lines of proofs that did not run stay as
# they were. What a proof found is on a page of its own, which the table names. Ends with 1 when one did not hold.
set -uo pipefail
cd "$(dirname "$0")/.."

prove() {
    case $1 in
    allocation) Deploy/allocation.sh ;;
    bench) Deploy/bench.sh ;;
    bootstrap) Deploy/bootstrap.sh ;;
    calibration) Deploy/calibration.sh ;;
    evidence) Deploy/evidence.sh ;;
    large-report) Deploy/large-report.sh ;;
    mutations) Deploy/mutate.sh ;;
    operations)
        # It prints nothing where it cannot run.
        Deploy/operations.sh >"$printed" && [ -s "$printed" ] && cp "$printed" Deploy/operations/followed.md
        ;;
    packages) Deploy/package.sh && Deploy/package-test.sh ;;
    panels) Deploy/panels.sh ;;
    placebo) Deploy/placebo.sh ;;
    plan) Deploy/plan.sh ;;
    quickstart) Deploy/quickstart.sh ;;
    slips) Deploy/slips.sh ;;
    year)
        swift build -c release --product tutti &&
            Deploy/recalibration/year.py --tutti .build/release/tutti --page Deploy/recalibration/results.md
        ;;
    esac
}

words() {
    case $1 in
    allocation) echo "plans gain in truth what they say; a large budget in seconds ([page](../allocation/results.md))" ;;
    bench) echo "the numeric core is as fast as it was, beside what it is compared with" ;;
    bootstrap) echo "resamples and the jackknife on models whose answer is known ([page](../bootstrap/results.md))" ;;
    calibration) echo "simulation-based calibration ([page](../calibration/results.md))" ;;
    evidence) echo "evidence grades on 200 worlds ([page](../evidence/results.md))" ;;
    large-report) echo "the report of 20 channels in 50 geos in a browser" ;;
    mutations) echo "planted bugs are seen ([page](../mutations/results.md))" ;;
    operations) echo "the operator's guide, followed ([page](../operations/followed.md))" ;;
    packages) echo "packages in a clean root folder" ;;
    panels) echo "panels of many sizes converge ([page](../panels/results.md))" ;;
    placebo) echo "intervals of channels that cannot work hold 0 ([page](../placebo/results.md))" ;;
    plan) echo "what \`tutti plan\` says, beside what fits took ([page](../plan/results.md))" ;;
    quickstart) echo "the README's first fit, from the sources" ;;
    slips) echo "slips of units and files are named ([page](../slips/results.md))" ;;
    year) echo "a year of nights with accidents ([page](../recalibration/results.md))" ;;
    esac
}

all=(allocation bench bootstrap calibration evidence large-report mutations operations packages panels placebo plan
    quickstart slips year)
names=("$@")
[ $# -gt 0 ] || names=("${all[@]}")
for name in "${names[@]}"; do
    [[ " ${all[*]} " == *" $name "* ]] || { echo "'$name' is no proof. Mend: name some of ${all[*]}." >&2 && exit 2; }
done

page=Deploy/prove/results.md
rows=$(mktemp)
printed=$(mktemp)
trap 'rm -f "$rows" "$printed"' EXIT
mkdir -p "${page%/*}"

write() {
    {
        printf '# Proofs that are not part of CI\n\nWritten by Deploy/prove.sh, on two cores of a shared machine.\n\n'
        printf '| proof | of what | commit | day | minutes | ended |\n| --- | --- | --- | --- | ---: | --- |\n'
        cat "$rows"
    } >"$page"
}

failed=0
for name in "${names[@]}"; do
    # What a proof writes is no change of what is proven.
    commit=$(git rev-parse --short=8 HEAD)
    git diff --quiet HEAD -- Package.swift Sources Configs 'Deploy/*.sh' || commit="$commit, changed"
    began=$SECONDS
    if prove "$name"; then ended=held; else
        ended="**did not hold**"
        failed=1
    fi
    row="| $name | $(words "$name") | $commit | $(date +%F) | $(((SECONDS - began + 59) / 60)) | $ended |"
    { [ ! -f "$page" ] || grep '^| [a-z]' "$page" | grep -v -e '^| proof |' -e "^| $name |"; } >"$rows"
    echo "$row" >>"$rows"
    LC_ALL=C sort -o "$rows" "$rows"
    write
    echo "$row"
done
exit $failed
