#!/usr/bin/env bash
# Reads the spans of a coordinator, a worker and a night by OpenTelemetry's own schema: a job that ends well, one that is
# cancelled, requests, and a night with its fits. Needs a built program and Python with PyPI's opentelemetry-proto.
set -euo pipefail
cd "$(dirname "$0")/.."

python=$(Deploy/python.sh opentelemetry-proto)
. Deploy/coordinator.sh
start_coordinator state --traces "$work/coordinator.jsonl"
coordinator=${running[-1]}
export TUTTI_URL=$address
start_worker --slots 2 --no-spool --traces "$work/worker.jsonl"
worker=${running[-1]}
"$tutti" submit Configs/models/quickstart.yaml --chains 2 --warmup 300 --draws 300 --resamples 0 >/dev/null
"$tutti" watch 1 >/dev/null 2>&1 || [ $? -eq 3 ]
"$tutti" submit Configs/models/mmm_example.yaml --chains 2 --draws 1000000 --resamples 0 >/dev/null
until "$tutti" jobs --state running | grep -q '^ *2 '; do sleep 0.1; done
"$tutti" cancel 2 >/dev/null
# A request that belongs to a trace of the one who asks, and one that comes to nothing.
caller=00f067aa0ba902b7
"$python" Deploy/traces/ask.py "$address" "00-4bf92f3577b34da6a3ce929d0e0e4736-$caller-01"
cat >"$work/plan.yaml" <<YAML
recalibration: traces
folder: accepted
period: day
settings: {chains: 2, warmup: 300, draws: 300, resamples: 0}
models: [{model: $PWD/Configs/models/quickstart.yaml}]
YAML
"$tutti" recalibrate "$work/plan.yaml" --workers 2 --traces "$work/night.jsonl" >/dev/null || [ $? -ge 5 ]
# Whoever leaves in good order writes all.
kill -TERM "$worker"
wait "$worker" || true
kill -TERM "$coordinator"
wait "$coordinator" || true
"$python" Deploy/traces/hold.py "$caller" "$work/coordinator.jsonl" "$work/worker.jsonl" "$work/night.jsonl"
