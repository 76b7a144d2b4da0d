#!/usr/bin/env bash
# Has LibreOffice work out the workbook of a fit anew and holds every total against what Tutti wrote, to the cent:
# Deploy/workbook.sh [RESULTS]. Fits the quickstart unless results are named. Needs a built program, Python and LibreOffice
# Calc (libreoffice-calc); it is no part of .ci/run, since that is 400 MB.
set -euo pipefail
cd "$(dirname "$0")/.."

Deploy/system-packages.sh libreoffice-calc
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
results=${1:-$work/results}
if [ $# -eq 0 ]; then
    # The gate is not what is looked at.
    .build/release/tutti fit Configs/models/quickstart.yaml --out "$results" --quiet || [ $? -eq 3 ]
fi
for language in en fr; do
    .build/release/tutti export "$results" --xlsx "$work/$language.xlsx" --lang "$language"
    python3 Deploy/workbook/check.py "$work/$language.xlsx" "$work/$language"
done
