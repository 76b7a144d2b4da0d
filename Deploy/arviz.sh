#!/usr/bin/env bash
# Fits an example under two presets and holds summary.csv, run.json, `tutti compare` and exported draws against ArviZ, 0.23
# and the newest (which needs Python 3.12). Needs a built program; installs ArviZ from PyPI into folders of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=${TUTTI_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/tutti-tools}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp -r Configs/models/data "$work"
for preset in pymc-marketing tutti; do
    sed "s/^preset: .*/preset: $preset/" Configs/models/mmm_example.yaml >"$work/$preset.yaml"
    # The gate is not what is looked at.
    .build/release/tutti fit "$work/$preset.yaml" --out "$work/$preset" --quiet || [ $? -eq 3 ]
done
.build/release/tutti compare "$work/pymc-marketing" "$work/tutti" --json >"$work/comparison.jsonl"
.build/release/tutti export "$work/tutti" --cmdstan "$work/draws"

check() { # FOLDER-OF-TOOLS
    "$1/bin/python" -W ignore Deploy/arviz/check.py "$work/pymc-marketing" "$work/tutti" "$work/comparison.jsonl" \
        "$work/draws"
}
check "$(dirname "$(dirname "$(TUTTI_TOOLS=$tools/arviz-0.23 Deploy/python.sh 'arviz<0.24' requests)")")"

newer=
for python in python3.14 python3.13 python3.12 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[234]*/bin/python3; do
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && { newer=$python; break; }
done
if [ -z "$newer" ]; then
    echo "ArviZ from 1.0 on was not tried: it needs Python 3.12." >&2
    exit 0
fi
[ -x "$tools/arviz-1/bin/python" ] || "$newer" -m venv "$tools/arviz-1" >&2
"$tools/arviz-1/bin/pip" install --quiet --disable-pip-version-check 'arviz>=1' h5netcdf netcdf4 >&2
check "$tools/arviz-1"
