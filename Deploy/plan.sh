#!/bin/sh
# Shows what `tutti plan` is worth: Deploy/plan.sh [WORKERS]. Predicts fits, runs each right after, and writes both into
# Deploy/plan/results.md; ends with 1 when processor time or memory of a fit is not within 25 % of what was predicted, or its
# wall time on a machine that had little else to do.
set -eu
cd "$(dirname "$0")/.."
workers=${1:-$(nproc)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

swift build -c release --product tutti >&2
tutti=$PWD/.build/release/tutti
page=$folder/results.md
failed=0

# value KEY FILE: the number of a key at the outermost level of a JSON document.
value() { sed -n "s/^  \"$1\" : \([0-9.e+-]*\),*$/\1/p" "$2"; }

# children PID...: processes whose parent one of them is.
children() { for parent in "$@"; do cat /proc/"$parent"/task/*/children 2>/dev/null || true; done; }

# Runs a fit. What workers and slots come to is read from /proc while it lasts, to $folder/seen: of each process its number,
# kind, seconds of processor time, and bytes of memory of its own.
watch_fit() {
    /usr/bin/time -f '%e %M' -o "$folder/time" "$tutti" fit "$@" --out "$folder/out" --quiet --workers "$workers" &
    timer=$!
    : >"$folder/seen"
    while kill -0 "$timer" 2>/dev/null; do
        coordinator=$(children "$timer")
        agents=$(children $coordinator)
        slots=$(children $agents)
        for process in $coordinator $agents; do cat "/proc/$process/stat" 2>/dev/null || true; done |
            awk -v tick="$(getconf CLK_TCK)" '{ print $1, "cpu", ($14 + $15) / tick, 0 }' >>"$folder/seen"
        for process in $slots; do
            awk -v process="$process" '{ print process, "slot", 0, ($2 - $3) * 4096 }' "/proc/$process/statm" \
                2>/dev/null || true
        done >>"$folder/seen"
        sleep 0.05
    done
    code=0
    wait "$timer" || code=$?
    # A fit that does not pass its gate has taken as long as any.
    [ "$code" = 0 ] || [ "$code" = 3 ]
}

# row NAME WHAT PREDICTED MEASURED UNIT CHECKED
row() {
    awk -v name="$1" -v what="$2" -v predicted="$3" -v measured="$4" -v unit="$5" 'BEGIN {
        printf "| %s | %s | %.1f %s | %.1f %s | %+.0f %% |\n", name, what, predicted, unit, measured, unit,
            100 * (predicted / measured - 1)
    }' | tee -a "$page" >&2
    if [ "$6" = yes ] && ! awk -v p="$3" -v m="$4" 'BEGIN { exit !(p > 0.75 * m && p < 1.25 * m) }'; then failed=1; fi
}

study() {
    name=$1
    shift
    "$tutti" plan "$@" --workers "$workers" --json >"$folder/plan.json" 2>/dev/null
    watch_fit "$@"
    read -r wall peak <"$folder/time"
    # What slots use for tasks is in run.json.
    tasks=$(value cpu_seconds "$folder/out/run.json")
    cpu=$(awk -v sum="$tasks" '$2 == "cpu" { if ($3 > most[$1]) { sum += $3 - most[$1]; most[$1] = $3 } } END { print sum }' \
        "$folder/seen")
    slot=$(awk '$2 == "slot" && $4 > most { most = $4 } END { print most / 1048576 }' "$folder/seen")
    peak=$(awk -v kibi="$peak" 'BEGIN { print kibi / 1024 }')
    share=$(value processor_share "$folder/plan.json")
    idle=$(awk -v s="$share" 'BEGIN { print (s > 0.9 ? "yes" : "no") }')
    row "$name" "wall time" "$(value wall_seconds "$folder/plan.json")" "$wall" s "$idle"
    row "" "processor time" "$(value cpu_seconds "$folder/plan.json")" "$cpu" s yes
    row "" "that of its tasks" "$(value task_cpu_seconds "$folder/plan.json")" "$tasks" s yes
    row "" "memory of a slot" "$(mebi slot_bytes)" "$slot" MiB yes
    row "" "memory of the coordinator" "$(mebi coordinator_bytes)" "$peak" MiB yes
    printf '| | a task had of a core | %.0f %% | | |\n' "$(awk -v s="$share" 'BEGIN { print 100 * s }')" >>"$page"
    rm -rf "$folder/out" "$folder/out.state"
}

# mebi KEY: a number of bytes of the plan.
mebi() { value "$1" "$folder/plan.json" | awk '{ print $1 / 1048576 }'; }

cat >"$page" <<'HEAD'
# What a plan is worth

Written by Deploy/plan.sh: what `tutti plan` says, and what `tutti fit` took right after. Where other work left tasks less
than 90 % of a core, wall time says how steady that work was, not how good the plan is.

| fit | what | predicted | measured | off by |
| --- | --- | ---: | ---: | ---: |
HEAD
study "quickstart" Configs/models/quickstart.yaml
study "8 chains of 4,000 draws" Configs/models/quickstart.yaml --chains 8 --draws 4000
study "200 resamples" Configs/models/quickstart.yaml --resamples 200
study "a panel" Configs/models/mmm_panel_hierarchical.yaml
printf '\nOn %s workers of a machine with %s processors.\n' "$workers" "$(nproc)" >>"$page"
cp "$page" Deploy/plan/results.md
exit "$failed"
