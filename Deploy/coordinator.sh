# Not run but sourced, by scripts that talk to a coordinator: coordinators and workers on free ports of this host, in a
# temporary folder `work`; all of it is gone when the script ends.
tutti=$PWD/.build/release/tutti
work=$(mktemp -d)
running=()
finish() {
    # Workers would finish what they have, and their slots go with them.
    for process in "${running[@]}"; do kill -KILL "$process" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

# start_coordinator NAME [OPTION]...: sets `address`, that of its API, and `broker`, where workers connect to. The log is
# "$work/NAME.log".
start_coordinator() {
    local log="$work/$1.log"
    "$tutti" coordinator --state "$work/$1" --bind 'tcp://127.0.0.1:*' --http 127.0.0.1:0 "${@:2}" 2>"$log" &
    running+=($!)
    # It says where it is as soon as it listens.
    until grep -qs 'the HTTP API answers' "$log"; do
        kill -0 "${running[-1]}" || { cat "$log" >&2; exit 1; }
        sleep 0.1
    done
    address="http://127.0.0.1:$(grep 'the HTTP API answers' "$log" | grep -o '[0-9]*$')"
    broker="tcp://127.0.0.1:$(grep -o 'workers connect to .*' "$log" | grep -o '[0-9]*$')"
}

# start_worker [OPTION]...: of the coordinator that was started last.
start_worker() {
    "$tutti" worker --connect "$broker" "$@" 2>/dev/null &
    running+=($!)
}
