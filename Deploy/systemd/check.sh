#!/usr/bin/env bash
# Checks the units of this folder without starting one: that systemd understands every line, how much each may touch, what
# must hold beside that, and when the timer fires. Installs systemd's tools where they are missing.
set -euo pipefail
cd "$(dirname "$0")"
../system-packages.sh systemd

# Exposure from 0 to 10 in tenths, as systemd counts it: what is above is an error.
exposure_max=20
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
fail() { echo "$*" >&2; failed=1; }

# A unit of a program that is not there is wrong for systemd, so each gets one that is.
cp /bin/true "$work/tutti"
for unit in *.service *.timer; do sed "s|/usr/bin/tutti|$work/tutti|" "$unit" >"$work/$unit"; done

# It ends with 0 after a word that it does not know, so what it says counts too.
verify() {
    local said code=0
    said=$(systemd-analyze verify --man=no "$@" 2>&1) || code=$?
    [ "$code" -eq 0 ] && [ -z "$said" ] || { echo "$said"; return 1; }
}
for unit in *.service *.timer; do
    # A template is looked at by one of its instances.
    if verify "$work/${unit/@./@night.}"; then echo "$unit: systemd understands all of it"; else fail "$unit: see above"; fi
done

# The check itself: a misspelt word must not pass.
sed 's/^WatchdogSec=/WatchDogSec=/' "$work/tutti-coordinator.service" >"$work/tutti-slip.service"
if verify "$work/tutti-slip.service" >/dev/null; then fail "a misspelt word was not seen"; fi

for unit in *.service; do
    code=0
    said=$(systemd-analyze security --no-pager --offline=true --threshold=$exposure_max "$work/$unit" 2>&1) || code=$?
    level=$(sed -n 's/.*exposure level for [^:]*: \([0-9.]*\).*/\1/p' <<<"$said")
    echo "$unit: exposure $level, $((exposure_max / 10)).$((exposure_max % 10)) at most"
    [ "$code" -eq 0 ] || { fail "$unit: is exposed more than that:"; grep '✗' <<<"$said" >&2; }
done

# What must hold whatever systemd thinks of it.
has() { grep -qx -- "$2" "$1" || fail "$1 has no line '$2'"; }
seconds() { sed -n "s/^$2=\([0-9]*\)\$/\1/p" "$1"; }
for unit in tutti-coordinator.service tutti-worker@.service; do
    has "$unit" 'Type=notify'
    has "$unit" 'WatchdogSec=60'
    has "$unit" 'Restart=always'
done
# A worker may take `drain_limit`, a minute, to leave.
[ "$(seconds tutti-worker@.service TimeoutStopSec)" -gt 60 ] || fail "tutti-worker@.service: no time to leave"
# The signal to leave is for the worker, not for its slots.
has tutti-worker@.service 'KillMode=mixed'
has tutti-worker@.service 'OOMPolicy=continue'
has tutti-recalibrate@.timer 'Persistent=true'
for unit in *.service; do
    ! grep -qiE '^(Environment|ExecStart)=.*(token|secret)=' "$unit" || fail "$unit: a secret in the open"
    grep -q '^MemoryMax=' "$unit" || fail "$unit: no bound of its memory"
done

calendar=$(sed -n 's/^OnCalendar=//p' tutti-recalibrate@.timer)
next=$(systemd-analyze calendar --base-time='2030-01-01 12:00:00' "$calendar" | sed -n 's/ *Next elapse: //p')
echo "tutti-recalibrate@.timer: after noon of 2030-01-01 it fires on $next"
[[ $next == *2030-01-02\ 01:30:00* ]] || fail "tutti-recalibrate@.timer: not the next night"
exit $failed
