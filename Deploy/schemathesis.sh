#!/usr/bin/env bash
# Holds a running coordinator against the OpenAPI document that it serves, with thousands of made-up requests, well-formed
# and not: no answer may be an error of the server's, and none may be one that the document does not have.
# Needs Python, and PyPI where Schemathesis is not there yet. Options are handed to `schemathesis run`.
set -euo pipefail
cd "$(dirname "$0")/.."

. Deploy/coordinator.sh

schemathesis=$(dirname "$(Deploy/python.sh schemathesis)")/schemathesis

"$tutti" tokens new operator --role operator --into "$work/token" --folder "$work/tokens" >/dev/null
start_coordinator state --tokens "$work/tokens"
export TUTTI_URL=$address
export TUTTI_TOKEN_FILE="$work/token"
start_worker

# A job whose results are there to be asked for, and one that is cancelled; streams of both end at once.
"$tutti" submit Configs/models/mmm_example.yaml --wait --chains 1 --warmup 50 --draws 50 --resamples 0 \
    2>/dev/null >/dev/null || [ $? -eq 3 ]
"$tutti" submit Configs/models/mmm_example.yaml --chains 1 --draws 100000 >/dev/null
"$tutti" cancel 2 >/dev/null

# What is well-formed need not be a model, so a 422 is no fault: that check is left out.
common=(--header "Authorization: Bearer $(cat "$work/token")" --checks all
    --exclude-checks positive_data_acceptance --continue-on-failure --request-timeout 30)
cat >"$work/known.toml" <<'TOML'
[parameters]
"path.job" = "1"
"path.file" = "channels.csv"
TOML
# It leaves notes where it runs.
cd "$work"
result=0
"$schemathesis" run "$TUTTI_URL/v1/openapi.json" "${common[@]}" "$@" || result=$?
echo "The same with a job that is there:"
"$schemathesis" --config-file "$work/known.toml" run "$TUTTI_URL/v1/openapi.json" "${common[@]}" "$@" || result=$?
kill -0 "${running[0]}" || { echo "the coordinator has ended:" >&2; tail -5 "$work/state.log" >&2; exit 1; }
if grep 'a request failed' "$work/state.log" >&2; then exit 1; fi
exit $result
