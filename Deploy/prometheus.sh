#!/usr/bin/env bash
# Has Prometheus read a coordinator: checks the alert rules and what brings each of them about, what `/metrics` says while a job
# runs, and that every question of the Grafana dashboard has an answer. Needs a built program, Python and Prometheus with
# promtool.
set -euo pipefail
cd "$(dirname "$0")/.."

promtool check rules Deploy/grafana/alerts.yaml
promtool test rules Deploy/grafana/alerts_test.yaml
. Deploy/coordinator.sh
start_coordinator state
export TUTTI_URL=$address
"$tutti" submit Configs/models/mmm_example.yaml --chains 2 --draws 1000000 --resamples 0 >/dev/null
start_worker --slots 2 --no-spool

cat >"$work/prometheus.yml" <<YAML
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: ["$PWD/Deploy/grafana/alerts.yaml"]
scrape_configs: [{job_name: tutti, static_configs: [{targets: ["${address#http://}"]}]}]
YAML
prometheus --config.file "$work/prometheus.yml" --storage.tsdb.path "$work/series" --web.listen-address 127.0.0.1:0 \
    2>"$work/prometheus.log" &
running+=($!)
until grep -q 'Listening on' "$work/prometheus.log"; do
    kill -0 "${running[-1]}" || { cat "$work/prometheus.log" >&2; exit 1; }
    sleep 0.1
done
python3 Deploy/grafana/ask.py "$(grep 'Listening on' "$work/prometheus.log" | grep -o '127[0-9.]*:[0-9]*')"
python3 -c 'import sys, urllib.request; sys.stdout.write(urllib.request.urlopen(sys.argv[1]).read().decode())' \
    "$address/metrics" | promtool check metrics
echo "Prometheus reads the coordinator, and answers every question of the dashboard."
