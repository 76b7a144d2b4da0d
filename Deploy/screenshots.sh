#!/usr/bin/env bash
# Takes pictures of every page of a coordinator, at 1280 and at 390 pixels, in light and in dark surroundings, while a job
# runs, another waits and others are over; and looks in each for contrasts that are too low, text that is too small or cut,
# targets that are too small, and a focus that does not show. Further pages may be named: files, or addresses.
#
#   Deploy/screenshots.sh FOLDER [NAME=ADDRESS]...
#
# Needs Python and Chromium (CHROMIUM names another).
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${1:?give a folder for the pictures}
shift
. Deploy/coordinator.sh

# Two nights of a plan, for the page of nights.
mkdir -p "$work/nights/brand"
python3 - "$work/nights/brand/trail.jsonl" <<'PY'
import hashlib, json, sys
last, lines = "", []
for night, verdict, sentence in [
    ("2026-11-16", "promote", "Every gate passes."),
    ("2026-11-23", "hold", "The ROI of tv moved by 0.6 of its standard deviations more than the new data account for."),
]:
    entry = {"night": night, "kind": "night", "folder": night, "at": night + "T03:12:44Z", "verdict": verdict,
             "accepts": verdict == "promote", "sentence": sentence, "gates": [],
             "hashes": {"inputs": night, "binary": "b"}, "previous": last}
    lines.append(json.dumps(entry))
    last = hashlib.sha256(lines[-1].encode()).hexdigest()
open(sys.argv[1], "w").write("".join(line + "\n" for line in lines))
PY

options=(--checkpoint-interval 0.5 --nights "$work/nights")

# One that nobody has asked for anything, behind tokens: how one signs in.
"$tutti" tokens new olga --role operator --into "$work/token" --folder "$work/tokens" >/dev/null 2>&1
start_coordinator closed "${options[@]}" --tokens "$work/tokens"
closed=$address

start_coordinator open "${options[@]}"
export TUTTI_URL=$address
start_worker --slots 2 --memory-per-slot 512M --tag zone=a --no-spool
short=(--chains 2 --warmup 200 --draws 200 --wait)
for seed in 1 2; do
    "$tutti" submit Configs/models/mmm_example.yaml "${short[@]}" --resamples 0 --seed "$seed" 2>/dev/null >/dev/null \
        || [ $? -eq 3 ]
done
"$tutti" submit Configs/models/mmm_example.yaml --chains 2 --warmup 300 --draws 300 --seed 3 >/dev/null
"$tutti" cancel 3 >/dev/null
"$tutti" submit Configs/models/mmm_example.yaml --chains 2 --warmup 500 --draws 400000 --resamples 100 --seed 4 >/dev/null
"$tutti" submit Configs/models/quickstart.yaml --priority low --seed 5 >/dev/null
"$tutti" submit Configs/models/quickstart.yaml --seed 6 >/dev/null
"$tutti" pause 6 >/dev/null
# Until its figures form.
until "$tutti" top 4 --once --json | grep -q '"r_hat"'; do sleep 1; done

pages=()
for page in =/ jobs=/jobs queue=/queue workers=/workers events=/events nights=/nights running=/jobs/4 \
    waiting=/jobs/5 finished=/jobs/1 cancelled=/jobs/3 'compare=/compare?left=1&right=2' missing=/jobs/99; do
    name=${page%%=*}
    pages+=("${name:-overview}=$address${page#*=}")
done
pages+=("sign-in=$closed/login" "$@")
python3 Deploy/screenshots/capture.py "$folder" "${pages[@]}"
