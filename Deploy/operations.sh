#!/usr/bin/env bash
# Follows Operations.md from top to bottom, as a new operator would, then brings about its alerts: on a host of its own, with
# the page's folders, the page's ports, and no network but loopback. Every command is the page's, and its real output is
# printed; remarks and what is done beyond the page stand in brackets. What it prints is Deploy/operations/followed.md. Takes
# some five minutes and needs root; elsewhere it says so and does nothing.
#
#     Deploy/operations.sh [PROGRAM] >Deploy/operations/followed.md
set -euo pipefail

# A host made of this one: its programs, new folders, its own processes and network.
if [ "${1:-}" = --inside ]; then
    host=$2
    for folder in bin lib lib64 sbin usr opt dev proc sys; do
        if [ -L "/$folder" ]; then cp -a "/$folder" "$host/"; continue; fi
        [ -d "/$folder" ] || continue
        mkdir "$host/$folder"
        mount --rbind "/$folder" "$host/$folder"
    done
    for name in passwd group ld.so.cache localtime alternatives hosts; do cp -a "/etc/$name" "$host/etc/" 2>/dev/null || true; done
    mount -t tmpfs -o size=384m state "$host/var/lib"
    mkdir "$host/var/lib/tutti-recalibrate"
    mount -t tmpfs -o size=48m nights "$host/var/lib/tutti-recalibrate"
    hostname host
    ip link set lo up
    exec chroot "$host" /usr/bin/env -i PATH=/program:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root /program/operations.sh --there
fi
if [ "${1:-}" != --there ]; then
    cd "$(dirname "$0")/.."
    if [ "$(id -u)" -ne 0 ] || ! unshare --mount --net --pid --fork --uts true 2>/dev/null; then
        echo "SKIPPED: a host of its own needs root and namespaces." >&2
        exit 0
    fi
    work=$(mktemp -d)
    trap 'rm -rf --one-file-system "$work"' EXIT
    mkdir -p "$work"/{etc/tutti,var/lib,backup,root,tmp,program}
    cp "${1:-.build/release/tutti}" "$work/program/tutti"
    cp Deploy/operations.sh Deploy/operations/alerts.sh "$work/program/"
    cp Sources/tutti/Documentation.docc/Operations.md "$work/program/"
    cp Configs/models/quickstart.yaml "$work/root/model.yaml"
    cp -r Configs/models/data "$work/root/data"
    unshare --mount --net --pid --fork --uts --mount-proc "$0" --inside "$work"
    exit
fi

cd /root
declare -A process=()
# What an operator may see without being alarmed: 3 is a fit that has not passed its gate.
isFine() { [ "$1" -eq 0 ] || [ "$1" -eq 3 ]; }
remark() { printf '  [%s]\n' "$*"; }

# Shows a command and what it prints; ends the script where it ends otherwise than it should.
show() {
    local code=0
    printf '\n$ %s\n' "$(sed 's/ *#.*//' <<<"$1")"
    eval "$1" 2>&1 || code=$?
    if [ -n "${2:-}" ]; then [ "$code" -eq "$2" ] || { echo "It ends with $code, not with $2."; exit 1; }
    elif ! isFine "$code"; then echo "It ends with $code."; exit 1; fi
    [ "$code" -eq 0 ] || remark "ends with $code"
}

# Shows a command again and again until what it prints has the words, then that.
await() {
    local words=$1 tries
    for ((tries = 0; tries < 900; tries++)); do
        if eval "$2" 2>&1 | grep -q -- "$words"; then show "$2" "${3:-}"; return; fi
        sleep 0.2
    done
    echo "'$2' never says '$words'."
    exit 1
}

# What the units of Deploy/systemd do, where there is no systemd.
systemctl() {
    local verb=$1 unit=${*: -1} words=joined section=worker old before
    if [ "$unit" = tutti-coordinator ]; then words='HTTP API answers' section=coordinator; fi
    old=${process[$unit]:-}
    case "$verb" in
    stop) kill "$old"; wait "$old" || true; remark "SIGTERM; the end of its log:"; tail -n 2 "/tmp/$unit.log" ;;
    kill) kill -KILL "$old"; wait "$old" 2>/dev/null || true; remark "SIGKILL, and Restart=always"; systemctl start "$unit" ;;
    start)
        touch "/tmp/$unit.log"
        before=$(wc -l <"/tmp/$unit.log")
        tutti "$section" --config /etc/tutti/cluster.yaml >>"/tmp/$unit.log" 2>&1 &
        process[$unit]=$!
        until tail -n "+$((before + 1))" "/tmp/$unit.log" | grep -q "$words"; do
            kill -0 "${process[$unit]}" || { tail "/tmp/$unit.log"; exit 1; }
            sleep 0.05
        done
        remark "its ExecStart; its log:"
        tail -n "+$((before + 1))" "/tmp/$unit.log"
        ;;
    esac
}

# Rows of data so far, as the nights find them.
data() { head -n "$1" data/robyn_weekly.csv >nights.csv; }

prepare() {
    show 'tutti keys new coordinator --folder /etc/tutti/keys'
    show 'tutti keys new worker --folder /etc/tutti'
    show 'tutti keys allow /etc/tutti/worker.public --folder /etc/tutti/keys'
    show 'cp /etc/tutti/keys/coordinator.public /etc/tutti/'
    show 'tutti tokens new admin --role operator --folder /etc/tutti/tokens --into admin.token'
    cat >/etc/tutti/cluster.yaml <<'END'
coordinator: {state: /var/lib/tutti, keys: /etc/tutti/keys, tokens: /etc/tutti/tokens}
worker: {connect: "tcp://127.0.0.1:5570", key: /etc/tutti/worker.secret, coordinator_key: /etc/tutti/coordinator.public}
END
    sed 's|data/robyn_weekly.csv|nights.csv|' model.yaml >nights.yaml
    cat >plan.yaml <<'END'
recalibration: nights
folder: /var/lib/tutti-recalibrate/nights
audit: never
settings: {chains: 4, warmup: 500, draws: 500, resamples: 0}
models: [{name: own, model: nights.yaml}]
END
    show 'cat /etc/tutti/cluster.yaml plan.yaml'
    show 'systemctl start tutti-coordinator'
    show 'systemctl start tutti-worker@1'
}

# What a cluster has behind it when an operator comes to it: a job, and a night.
work() {
    show 'tutti submit model.yaml --wait'
    data 201
    show 'tutti recalibrate plan.yaml --date 2030-01-07'
}

# Nothing of a job that was disturbed is other than what one process does.
check() {
    show "grep 'attempt ended\\|worker lost' /tmp/tutti-coordinator.log"
    show 'tutti results "$job" --into remote'
    show 'tutti fit model.yaml --seed 5 --warmup 20000 --resamples 0 --out local --quiet'
    show 'diff -r --exclude run.json remote local && echo the same bytes'
}

lines=$(awk '/^## / { print } /^```/ { inside = /^```sh/; next } inside' /program/Operations.md)
heading() { printf '```\n\n## %s\n\n```text\n' "$1"; }

cat <<END
# Operations.md, followed from top to bottom

Written by \`Deploy/operations.sh\` on $(date -u '+%Y-%m-%d'): $(tutti doctor | sed -n 's/^version *//p'), Linux on $(uname -m), $(nproc) processors, with other work
beside it. Lines in brackets are remarks.

What the page says and could not be run here: \`systemctl\`, for want of a systemd (what its units run was run, and the same
signals sent), and the change to a program with another fingerprint, for want of one (the refusal is an acceptance test).

## First, as Cluster.md says

\`\`\`text
END
prepare
while IFS= read -r line; do
    case $line in
    '## '*) heading "${line#\#\# }"; if [ "$line" = '## Sizing' ]; then remark "what others do with the cluster:"; work; fi ;;
    '') ;;
    *)
        case $line in
        'tutti recover '*) mv /var/lib/tutti /tmp/old; remark "a new machine: /var/lib/tutti is gone" ;;
        'kill '* | 'systemctl kill '*) sleep 2 ;;
        esac
        show "$line"
        case $line in
        'tutti keys allow '*) show 'TUTTI_KEY=/etc/tutti/worker-7.secret systemctl start tutti-worker@7' ;;
        'tutti keys revoke '*) await 'no longer work' "grep 'no longer work\\|key revoked' /tmp/tutti-coordinator.log" ;;
        'tutti watch '*) check ;;
        esac
        ;;
    esac
done <<<"$lines"
. /program/alerts.sh
printf '```\n'
