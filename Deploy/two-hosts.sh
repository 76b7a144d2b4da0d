#!/usr/bin/env bash
# Follows the README's 'On a cluster' from top to bottom, as a new user would, on two hosts: two network namespaces and a
# wire between them, each with folders of its own. Every command is the README's, and its real output is printed;
# remarks and what is checked beyond it stand in brackets. Needs root and iproute2; elsewhere it says so and does nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
package=$PWD

name=tutti-$$
if [ "$(id -u)" -ne 0 ] || ! ip netns add "$name-a" 2>/dev/null; then
    echo "SKIPPED: two hosts need root and iproute2's network namespaces." >&2
    exit 0
fi
work=$(mktemp -d)
running=()
finish() {
    for process in "${running[@]}"; do kill "$process" 2>/dev/null || true; done
    wait 2>/dev/null || true
    for host in a b; do ip netns del "$name-$host" 2>/dev/null || true; done
    rm -rf "$work"
}
trap finish EXIT

ip netns add "$name-b"
ip link add "ta$$" netns "$name-a" type veth peer name "tb$$" netns "$name-b"
number=1
for host in a b; do
    ip -n "$name-$host" addr add "10.77.0.$number/24" dev "t$host$$"
    ip -n "$name-$host" link set "t$host$$" up
    ip -n "$name-$host" link set lo up
    number=2
    mkdir -p "$work/$host/var" "$work/$host/home"
done
cp Configs/models/quickstart.yaml "$work/a/model.yaml"
cp -r Configs/models/data "$work/a/data"
printf 'portfolio: own\nsettings: {draws: 400, seed: 2}\nmodels:\n  - {name: one, model: model.yaml}\n  - {name: other, model: model.yaml, seed: 3}\n' >"$work/a/portfolio.yaml"

unset XDG_STATE_HOME TUTTI_URL TUTTI_TOKEN TUTTI_TOKEN_FILE
export PATH="$package/.build/release:$PATH"
# What the README exports, on the first host.
exported=()

# Becomes a command of a host, in its own folder and with its own /var/lib.
at() {
    local host=$1
    shift
    local settings=("HOME=$work/$host/home")
    if [ "$host" = a ]; then settings+=("${exported[@]}"); fi
    exec ip netns exec "$name-$host" unshare --mount -- env "${settings[@]}" sh -c \
        'mount --bind "$1/var" /var/lib && cd "$1" && shift && exec "$@"' sh "$work/$host" "$@"
}

remark() { printf '  [%s]\n' "$*"; }

# Starts a command that stays, and waits until its log has the words.
start() {
    local host=$1 words=$2 log=$work/log-${#running[@]}
    shift 2
    at "$host" "$@" >"$log" 2>&1 &
    running+=($!)
    until grep -q "$words" "$log"; do
        kill -0 $! 2>/dev/null || { cat "$log"; echo "It has ended." >&2; exit 1; }
        sleep 0.05
    done
    cat "$log"
}

# Ends what was started last on a host and stays.
coordinator='' workers=()
stop() {
    kill "$1"
    wait "$1" || true
}

follow() {
    local line=$1 command host=a
    command=$(sed 's/ *#.*//; s/HOST/10.77.0.1/' <<<"$line")
    # Where it is done: on the worker's machine, as the remark behind it says, or where the coordinator is not at hand.
    case $line in *"on the worker's"* | *'--connect tcp://HOST'*) host=b ;; esac
    printf '\n%s$ %s\n' "$host" "$command"
    local words
    read -r -a words <<<"$command"
    case $command in
    'export '*) exported+=("${words[1]}") ;;
    'tutti coordinator '*)
        if [ -n "$coordinator" ]; then
            for process in "${workers[@]}"; do stop "$process"; done
            workers=()
            stop "$coordinator"
            remark "after ctrl-C of the coordinator before, and of its workers"
        fi
        start "$host" 'HTTP API answers' "${words[@]}"
        coordinator=${running[-1]}
        ;;
    'tutti worker '*)
        start "$host" 'joined' "${words[@]}"
        workers+=("${running[-1]}")
        if [ "$host" = b ]; then check_worker; fi
        ;;
    *) (at "$host" "${words[@]}") 2>&1 || { local code=$?; remark "ends with $code"; [ "$code" -eq 3 ] || exit 1; } ;;
    esac
    case $command in
    'tutti keys new worker-1 '*)
        cp "$work/b/keys/worker-1.public" "$work/a/keys/"
        cp "$work/a/keys/coordinator.public" "$work/b/keys/"
        remark "worker-1.public is copied to a, coordinator.public to b"
        ;;
    'tutti keys revoke '*)
        local log=$work/log-$((${#running[@]} - 2))
        until grep -q 'key revoked' "$log"; do sleep 0.05; done
        remark "the coordinator's log:"
        grep 'no longer work\|key revoked' "$log"
        ;;
    esac
}

# What the worker on the other host computes is what one process does.
check_worker() {
    (at a tutti submit model.yaml --again --seed 7 --wait >"$work/job" 2>/dev/null) || [ $? -eq 3 ]
    local job
    job=$(grep -o '[0-9]*' "$work/job" | head -1)
    (at a tutti results "$job" --into remote >/dev/null 2>&1) || [ $? -eq 3 ]
    (at a tutti fit model.yaml --seed 7 --out local --quiet >/dev/null 2>&1) || [ $? -eq 3 ]
    diff -r --exclude run.json "$work/a/remote" "$work/a/local"
    remark "checked: job $job was computed on b, and its $(ls "$work/a/remote" | grep -vc run.json) files have the bytes of tutti fit"
}

while IFS= read -r line; do
    [ -z "$line" ] || follow "$line"
done < <(awk '/^## /{ here = /^## On a cluster/ } here && /^```/ { inside = /^```sh/; next } here && inside' README.md)

printf '\na$ tutti jobs\n'
(at a tutti jobs)
echo
echo "The README's 'On a cluster' was followed to its end."
