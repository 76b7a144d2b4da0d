#!/usr/bin/env bash
# Reads results as people do, in Chromium: submits a fit through the API, watches it finish on the dashboard, opens the report
# from there, moves its planner, and holds what is shown against channels.csv and `tutti optimize`; then counts the pages that
# the report prints on, and asks axe-core about all pages. Needs a built program, Python and Chromium (CHROMIUM names another).
set -euo pipefail
cd "$(dirname "$0")/.."

. Deploy/coordinator.sh

start_coordinator state
export TUTTI_URL=$address
"$tutti" submit Configs/models/quickstart.yaml --chains 4 --warmup 1000 --draws 1000 --resamples 0 >/dev/null
start_worker --slots 2 --no-spool
python3 Deploy/browser/browse.py "$address" 1 "$tutti" "$work"
python3 Deploy/browser/print.py "$tutti" "$work/results" "$work"

# What axe-core says of the report in both languages and of the coordinator's pages.
python=$(Deploy/python.sh axe-core-python) || { echo "axe-core was not asked: it cannot be installed." >&2; exit 0; }
axe=$("$python" -c 'import os, axe_core_python; print(os.path.dirname(axe_core_python.__file__))')/axe.min.js
pages=()
for language in en fr; do
    "$tutti" report "$work/results" --lang "$language" --audience full --out "$work/$language.html" >/dev/null
    pages+=("report-$language=file://$work/$language.html")
done
for page in overview=/ jobs=/jobs queue=/queue workers=/workers events=/events nights=/nights job=/jobs/1 \
    'compare=/compare?left=1&right=1'; do
    pages+=("${page%%=*}=$address${page#*=}")
done
python3 Deploy/browser/axe.py "$axe" "${pages[@]}"
