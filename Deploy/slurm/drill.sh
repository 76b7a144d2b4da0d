#!/usr/bin/env bash
# Plays what Slurm does to a cluster: Deploy/slurm/drill.sh [PROGRAM [DRILL...]]
# Installs Slurm where it is missing, starts a real one on loopback in a folder of its own (five nodes on this host, its
# own munge; no cgroups, no accounting, and nothing of a Slurm that is there already is touched), and runs the job files
# of this folder on it, with keys and tokens as a site would. Each drill has a fit in progress, and all files of its
# results but run.json are compared with those of `tutti fit`. One line a drill; ends non-zero if one fails.
# PROGRAM is .build/release/tutti unless said, and all drills are played unless some are named, as node_death. Needs root;
# elsewhere it says so and does nothing. With TUTTI_DRILL_KEEP=FOLDER all logs of a failure are kept there.
set -euo pipefail
keep=${TUTTI_DRILL_KEEP:-}
only=" ${*:2} "
program=$(realpath -m "${1:-$(dirname "$0")/../../.build/release/tutti}")
cd "$(dirname "$0")"
jobs_folder=$PWD
model=$(realpath ../../Configs/models/mmm_panel_hierarchical.yaml)
# Long enough, on two processors, to be met in the middle by whatever happens to it.
fit=(--chains 16 --start independent --warmup "${TUTTI_DRILL_WARMUP:-700}" --draws "${TUTTI_DRILL_DRAWS:-300}" --seed 7)

if [ "$(id -u)" -ne 0 ]; then
    echo "SKIPPED: the drill starts Slurm's daemons, which needs root." >&2
    exit 0
fi
[ -x "$program" ] || { echo "There is no program $program. Mend: build it, or name another." >&2; exit 2; }
../system-packages.sh slurmctld slurmd slurm-client munge

unset "${!TUTTI_@}" "${!SLURM_@}" "${!SBATCH_@}"
work=$(mktemp -d /tmp/tutti-slurm-XXXXXX)
# The daemons of munge and Slurm insist that others can pass.
chmod 755 "$work"
export SLURM_CONF=$work/etc/slurm.conf HOME=$work/home XDG_CACHE_HOME=$work/cache XDG_STATE_HOME=$work/xdg TMPDIR=$work/tmp
nodes=(w0 w1 w2 w3 w4)

# The environment of a process, a variable a line; nothing of one that has ended meanwhile.
environment() { { tr '\0' '\n' <"/proc/$1/environ"; } 2>/dev/null || true; }
# Processes of this Slurm's jobs and of its daemons have its configuration in their environment; so has this script.
ours() {
    local folder
    for folder in /proc/[0-9]*; do
        if environment "${folder#/proc/}" | grep -x "SLURM_CONF=$SLURM_CONF" >/dev/null; then echo "${folder#/proc/}"; fi
    done | grep -vx -e $$ -e "$BASHPID" || true
}
# Ends a daemon by the file of its number; one that waits for something is not waited for.
stop_daemon() {
    local process tries=0
    [ -s "$1" ] || return 0
    process=$(cat "$1")
    kill "${2:--TERM}" "$process" 2>/dev/null || return 0
    # One that has ended and is not yet collected by its parent has no command line.
    while grep -q . "/proc/$process/cmdline" 2>/dev/null; do
        sleep 0.05
        tries=$((tries + 1))
        [ $tries -ne 100 ] || kill -9 "$process" 2>/dev/null || true
    done
}
running=''
finish() {
    local code=$? node process
    trap '' INT TERM
    if [ "$code" -ne 0 ] && [ -n "$keep" ]; then
        mkdir -p "$keep"
        cp -r "$work/log" "$work/jobs" "$keep"
    fi
    [ -z "$running" ] || kill "$running" 2>/dev/null || true
    stop_daemon "$work/slurmctld.pid"
    for node in "${nodes[@]}"; do stop_daemon "$work/slurmd-$node.pid" -9; done
    # Jobs, their steps' shepherds, and what a drill has left without its daemon.
    for process in $(ours); do kill -9 "$process" 2>/dev/null || true; done
    stop_daemon "$work/munge/munged.pid"
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# Tries a command until it succeeds. A drill that waits longer than this for a sign of life has failed.
until_true() {
    local what=$1 end=$((SECONDS + 120))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || { echo "waited two minutes for: $what" >&2; return 1; }
        sleep 0.1
    done
}

# Ports that nothing listens on, from a start.
free_port() {
    local port=$1
    while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
    echo "$port"
}

# MARK: Slurm

mkdir -p "$work"/{etc,ctld,log,munge,home,jobs,tmp} "$work"/spool/w{0,1,2,3,4}
chmod 700 "$work/munge"
control_port=$(free_port 26817)
ports=() port=26821
for node in "${nodes[@]}"; do
    port=$(free_port "$port")
    ports+=("$port")
    port=$((port + 1))
done
# A requeued job waits for credentials of its first run to expire, so those are short.
cat >"$SLURM_CONF" <<CONF
ClusterName=loop
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$control_port
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$work/munge.socket,cred_expire=5
StateSaveLocation=$work/ctld
SlurmdSpoolDir=$work/spool/%n
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd-%n.pid
SlurmctldLogFile=$work/log/slurmctld.log
SlurmdLogFile=$work/log/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=5
ScronParameters=enable
ReturnToService=2
SlurmctldTimeout=20
SlurmdTimeout=10
KillWait=5
InactiveLimit=0
MinJobAge=3600
MailProg=/bin/true
$(for i in "${!nodes[@]}"; do
    echo "NodeName=${nodes[$i]} NodeHostname=localhost NodeAddr=127.0.0.1 Port=${ports[$i]} CPUs=2 RealMemory=1000 State=UNKNOWN"
done)
PartitionName=main Nodes=w[1-4] Default=YES MaxTime=INFINITE OverSubscribe=NO PreemptMode=OFF State=UP
PartitionName=service Nodes=w0 MaxTime=INFINITE OverSubscribe=NO PreemptMode=OFF State=UP
CONF
dd if=/dev/urandom of="$work/munge/munge.key" bs=1024 count=1 status=none
chmod 600 "$work/munge/munge.key"
munged --key-file="$work/munge/munge.key" --socket="$work/munge.socket" --pid-file="$work/munge/munged.pid" \
    --log-file="$work/munge/munged.log" --seed-file="$work/munge/munged.seed" 2>"$work/log/munged.err" ||
    { cat "$work/log/munged.err" >&2; exit 1; }
start_controller() { slurmctld -f "$SLURM_CONF" "$@" >>"$work/log/start" 2>&1; }
start_node() { slurmd -f "$SLURM_CONF" -N "$1" >>"$work/log/start" 2>&1; }
start_controller -c
for node in "${nodes[@]}"; do start_node "$node"; done
all_idle() { [ "$(sinfo --noheader -N -o '%N %t' 2>/dev/null | sort -u | grep -c ' idle$')" -eq ${#nodes[@]} ]; }
until_true "five idle nodes" all_idle
echo "Slurm $(sinfo --version | cut -d' ' -f2) on loopback: five nodes, controller on port $control_port."

# MARK: Tutti on it

export TUTTI_PROGRAM=$program TUTTI_FOLDER=$work/tutti TUTTI_HOST=127.0.0.1
TUTTI_PORT=$(free_port 5570)
http_port=$(free_port 8080)
export TUTTI_PORT
mkdir -p "$TUTTI_FOLDER"
{
    "$program" keys new coordinator --folder "$TUTTI_FOLDER/keys"
    "$program" keys new worker --folder "$TUTTI_FOLDER/keys"
    "$program" keys allow "$TUTTI_FOLDER/keys/worker.public" --folder "$TUTTI_FOLDER/keys"
    "$program" tokens new drill --role operator --folder "$TUTTI_FOLDER/tokens" --into "$TUTTI_FOLDER/drill.token"
} >"$work/log/keys" 2>&1 || { cat "$work/log/keys" >&2; exit 1; }
export TUTTI_URL=http://127.0.0.1:$http_port TUTTI_TOKEN_FILE=$TUTTI_FOLDER/drill.token
export TUTTI_SPOOL=$work/tutti-spool TUTTI_CACHE=$work/tutti-cache

cd "$work/jobs"
# Leases and checkpoints are short, as everything in a drill.
coordinator=$(TUTTI_STATE=$work/tutti/state TUTTI_BIND=tcp://127.0.0.1:$TUTTI_PORT TUTTI_HTTP=127.0.0.1:$http_port \
    TUTTI_LEASE=3 TUTTI_CHECKPOINT_INTERVAL=0.1 \
    sbatch --parsable --partition=service --nodelist=w0 "$jobs_folder/coordinator.sbatch")
log=$work/jobs/tutti-coordinator-$coordinator.log
has() { grep -qsE -- "$1" "${2:-$log}"; }
until_true "a coordinator" has 'the HTTP API answers'

array() { sbatch --parsable --time=30 "$@" "$jobs_folder/worker-array.sbatch"; }
# Three workers for a drill that begins with the log's line, the numbers 0 to 2 of the array that is printed.
crew() {
    local id
    id=$(array --array=0-2)
    until_true "three workers" joined "$1" 3
    echo "$id"
}
# What is left of a drill's workers would leave by itself, after ten seconds in which there is nothing to do.
dismiss() {
    scancel --quiet --name=tutti-worker || true
    until_true "workers' leave" eval '[ -z "$(squeue --noheader --name=tutti-worker)" ]'
}
# Lines of the log from a line on, so that each drill sees what has happened in it alone.
mark() { wc -l <"$log"; }
since() { tail -n "+$(($1 + 1))" "$log"; }
seen() { since "$1" | grep -E -- "$2" >/dev/null; }
count() { since "$1" | grep -cE -- "$2" || true; }
joined() { [ "$(count "$1" 'worker joined')" -ge "$2" ]; }
state_of() { scontrol show job "$1" -o 2>/dev/null | grep -o 'JobState=[A-Z_]*' | cut -d= -f2; }
field() { scontrol show job "$1" -o | grep -oE "(^| )$2=[^ ]*" | head -1 | cut -d= -f2; }
in_state() { [ "$(state_of "$1")" = "$2" ]; }

# Processes of the workers that have joined since a line.
crew_since() { since "$1" | sed -n 's/.* worker=[^ ]*:\([0-9]*\) .*worker joined$/\1/p'; }
# Whether one of them has gone. That of the array task of one minute leaves in the middle of whichever drill is played then.
one_has_gone() {
    local process
    for process in $(crew_since "$1"); do
        ! seen "$1" ":$process[: ].*worker (lost|left)$" || return 0
    done
    return 1
}
# The batch process of an array's task: after `exec` it is the worker itself, of those that have joined since a line.
batch_process() {
    local process
    for process in $(crew_since "$1"); do
        if environment "$process" | grep -x "SLURM_ARRAY_TASK_ID=${2#*_}" >/dev/null &&
            environment "$process" | grep -x "SLURM_ARRAY_JOB_ID=${2%_*}" >/dev/null; then
            echo "$process"
            return
        fi
    done
}

# The same fit again and again: a job of its own each time, and the same bytes.
submit() { "$program" submit "$model" "${fit[@]}" --again "$@"; }
# All of the job's results are those of one process.
compare() {
    local job=$1 code=0
    "$program" watch "$job" >"$work/log/watch-$job" 2>&1 || code=$?
    [ "$code" -eq "$reference_code" ] || { echo "job $job ended with $code in place of $reference_code"; return 1; }
    "$program" results "$job" --into "$work/results-$job" >/dev/null 2>&1 || [ $? -eq "$reference_code" ]
    compare_folder "$work/results-$job"
}
compare_folder() {
    diff -r --exclude run.json "$1" "$work/reference" >"$work/log/diff" ||
        { echo "other bytes: $(head -3 "$work/log/diff")"; return 1; }
    rm -rf "$1"
    echo "$(find "$work/reference" -type f ! -name run.json | wc -l) files have the bytes of tutti fit"
}

failed=0
drill() {
    local name=$1 began=$SECONDS word=ok
    shift
    [ "$only" = "  " ] || [ "$1" = reference ] || [[ $only == *" $1 "* ]] || return 0
    # A shell of its own, whose `set -e` ends it at its first failure, and in the background, so that ctrl-C ends all.
    (set -e; "$@") >"$work/log/said" 2>&1 &
    running=$!
    wait $running || { word=FAILED; failed=1; }
    running=''
    dismiss
    printf '%-22s %-6s %3d s  %s\n' "$name" "$word" $((SECONDS - began)) "$(paste -sd'|' "$work/log/said" | sed 's/|/; /g')"
}

reference() {
    local code=0
    "$program" fit "$model" "${fit[@]}" --out "$work/reference" --quiet >"$work/log/fit" 2>&1 || code=$?
    case $code in 0 | 3) echo "$code" >"$work/code" ;; *) cat "$work/log/fit"; return 1 ;; esac
    echo "tutti fit ended with $code"
}

submit_and_scale() {
    local job at
    at=$(mark)
    job=$(submit)
    array --array=0-0 >/dev/null
    until_true "the first worker" joined "$at" 1
    until_true "a task on it" seen "$at" 'granted'
    array --array=0-2 >/dev/null
    until_true "three more workers" joined "$at" 4
    until_true "tasks on all" eval "[ \$(since $at | grep granted | grep -o 'worker=[^ ]*' | sort -u | wc -l) -eq 4 ]"
    echo "one worker, then four"
    compare "$job"
}

preempt() {
    local job at victim process
    at=$(mark)
    job=$(submit)
    victim=$(crew "$at")_0
    process=$(batch_process "$at" "$victim")
    [ -n "$process" ] || { echo "$victim has no process"; return 1; }
    until_true "tasks on the victim" seen "$at" ":$process .*granted$"
    sleep 0.5
    scancel --signal=TERM --batch "$victim"
    until_true "its farewell" seen "$at" ":$process: .*worker left$"
    until_true "its end" in_state "$victim" COMPLETED
    echo "array task $victim left in good order, exit code $(field "$victim" ExitCode)"
    # On the node that has become free; what becomes of it is asked for at the end. No signal warns it, for what it
    # knows of its end is to be enough.
    array --job-name=tutti-short --array=0-0 --time=1 --signal=B:CONT@20 >"$work/array-short"
    compare "$job"
}

requeue() {
    local job at victim process
    at=$(mark)
    job=$(submit)
    victim=$(crew "$at")_1
    process=$(batch_process "$at" "$victim")
    [ -n "$process" ] || { echo "$victim has no process"; return 1; }
    until_true "tasks on the victim" seen "$at" ":$process .*granted$"
    sleep 0.5
    local before
    before=$(count "$at" 'worker joined')
    scontrol requeue "$victim"
    until_true "its farewell" seen "$at" ":$process: .*worker left$"
    until_true "its return" joined "$at" $((before + 1))
    echo "array task $victim left and came again, Restarts=$(field "$victim" Restarts)"
    compare "$job"
}

node_death() {
    local job at killed victim process node shepherd died
    at=$(mark)
    job=$(submit)
    victim=$(crew "$at")_2
    process=$(batch_process "$at" "$victim")
    [ -n "$process" ] || { echo "$victim has no process"; return 1; }
    node=$(field "$victim" NodeList)
    until_true "tasks on the victim" seen "$at" ":$process .*granted$"
    sleep 0.5
    shepherd=$(awk '/^PPid:/ { print $2 }' "/proc/$process/status")
    killed=$(mark)
    kill -9 "$(cat "$work/slurmd-$node.pid")" "$shepherd" "$process"
    died=$(date +%s.%N)
    ! seen "$at" 'job ended$|state=succeeded' || { echo "the fit was over before it died: take a longer one"; return 1; }
    until_true "its loss" seen "$at" ":$process[: ].*worker lost$"
    until_true "its tasks elsewhere" seen "$killed" 'epoch=[2-9] .*granted$'
    echo "$node died, a task went on elsewhere from iteration" \
        "$(since "$killed" | sed -n 's/.*epoch=[2-9] from=\([0-9]*\).*granted$/\1/p' | head -1)" \
        "$(awk -v a="$died" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f", b - a }') s after that"
    compare "$job"
    start_node "$node"
}

controller_death() {
    local job at
    at=$(mark)
    crew "$at" >/dev/null
    # A controller writes down what it does every five seconds. A new one that has not heard of the workers' jobs would give
    # their numbers to others, and Slurm drains nodes that run two jobs of one number.
    touch "$work/crew"
    until_true "the controller's state on disk" eval '[ "$work/ctld/job_state" -nt "$work/crew" ]'
    job=$(submit)
    until_true "tasks" seen "$at" 'granted'
    stop_daemon "$work/slurmctld.pid" -9
    ! sinfo --noheader >/dev/null 2>&1 || { echo "the controller lives on"; return 1; }
    sleep 2
    start_controller
    until_true "a controller" sinfo --noheader >/dev/null 2>&1
    ! one_has_gone "$at" || { echo "a worker went with it"; return 1; }
    in_state "$coordinator" RUNNING || { echo "the coordinator's job is $(state_of "$coordinator")"; return 1; }
    echo "slurmctld was away for 2 s, no worker left"
    compare "$job"
}

coordinator_requeued() {
    local job at
    at=$(mark)
    job=$(submit)
    crew "$at" >/dev/null
    until_true "tasks" seen "$at" 'granted'
    sleep 0.5
    scontrol requeue "$coordinator"
    until_true "a second coordinator" eval "[ \$(count $at 'the HTTP API answers') -ge 1 ]"
    echo "the coordinator's job was requeued, Restarts=$(field "$coordinator" Restarts)"
    compare "$job"
}

walltime() {
    local victim job='' reason
    victim=$(cat "$work/array-short")_0
    # Without the drills between it would leave for want of tasks.
    ! in_state "$victim" RUNNING || job=$(submit --draws 20000)
    until_true "the end of the array task of one minute" eval '! in_state '"$victim"' RUNNING'
    [ -z "$job" ] || "$program" cancel "$job" >/dev/null
    in_state "$victim" COMPLETED || { echo "it is $(state_of "$victim")"; return 1; }
    reason=$(sed -n 's/.*reason=\(.*\) \[Cluster\] draining$/\1/p' "tutti-worker-$victim.log" | tail -1)
    case $reason in
        'too little time'* | "the host's time"*) ;;
        *) echo "it left for another reason: $reason"; return 1 ;;
    esac
    echo "$reason; array task $victim of --time=1 left before its end, exit code $(field "$victim" ExitCode)"
}

self_contained() {
    local id from code=0 out=$work/jobs/own
    id=$(TUTTI_BIND='tcp://127.0.0.1:*' sbatch --parsable "$jobs_folder/self-contained.sbatch" "$model" "$out" "${fit[@]}")
    until_true "tasks of both nodes" eval \
        "[ \$(cat $TMPDIR/tutti-fit-*/log 2>/dev/null | grep -c granted) -ge 4 ]"
    sleep 0.5
    scancel --signal=TERM --batch "$id"
    until_true "its end" eval "! in_state $id RUNNING"
    [ -d "$out.saved" ] || { echo "nothing was saved"; return 1; }
    id=$(TUTTI_BIND='tcp://127.0.0.1:*' sbatch --parsable --wait "$jobs_folder/self-contained.sbatch" "$model" "$out" "${fit[@]}") || code=$?
    [ "$code" -eq "$reference_code" ] || { echo "it ended with $code in place of $reference_code"; return 1; }
    [ ! -e "$out.saved" ] || { echo "what was saved is still there"; return 1; }
    from=$(grep 'granted$' "tutti-fit-$id.log" | grep -o 'from=[0-9]*' | cut -d= -f2 | sort -n | tail -1)
    [ "$from" -gt 0 ] || { echo "it began from the beginning"; return 1; }
    echo "ended by a signal, begun again, went on from iteration $from, job $id ended with $code"
    compare_folder "$out"
}

night() {
    local id
    if ! command -v scrontab >/dev/null; then
        echo "not tried: this Slurm's packages have no scrontab"
        return
    fi
    scrontab "$jobs_folder/night.scrontab"
    id=$(squeue --noheader --name=tutti-night --format=%i)
    [ -n "$id" ] || { echo "no job waits"; return 1; }
    echo "Slurm took night.scrontab: job $id begins $(field "$id" StartTime)"
    scrontab -r
}

drill "reference" reference
[ $failed -eq 0 ] || exit 1
reference_code=$(cat "$work/code")
drill "submit, scale up" submit_and_scale
drill "preemption" preempt
drill "requeue" requeue
drill "node death" node_death
drill "controller death" controller_death
drill "coordinator requeued" coordinator_requeued
drill "walltime" walltime
drill "self-contained job" self_contained
drill "scrontab" night
if [ $failed -eq 0 ]; then echo "All drills passed in $SECONDS s."; else echo "A drill has failed." >&2; fi
exit $failed
