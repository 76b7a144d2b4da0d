#!/usr/bin/env bash
# Tries the packages of Deploy/package.sh in a clean root folder: Deploy/package-test.sh [FOLDER]
# Has Lintian look at the .deb. Unpacks the tarball into an oddly named folder of a new Debian 12 (mmdebstrap) with no
# library in it, and fits the quickstart model there. Then installs the .deb with apt, fits with either program from what it
# brought, looks at results and processes, removes it and sees that nothing is left; at last units, completions and manual
# page.
#   FOLDER     where the packages are; .build/packages unless said. The newest of each kind is taken.
# Removes what it made. Needs root, Debian's mirror, and some minutes, so it is not part of CI.
set -euo pipefail
start=$(pwd)
cd "$(dirname "$0")/.."
case ${1:-.build/packages} in
--help | -h)
    sed -n '2,/^set/{s/^# \{0,1\}//;/^set/!p}' Deploy/package-test.sh
    exit 0
    ;;
/*) packages=$1 ;;
*) packages=$([ $# -eq 0 ] && echo "$PWD/.build/packages" || echo "$start/$1") ;;
esac
[ "$(id -u)" -eq 0 ] || { echo "SKIPPED: a chroot needs root." >&2; exit 0; }
newest() {
    local found
    found=$(find "$packages" -maxdepth 1 -name "$1" -printf '%T@ %p\n' 2>/dev/null | sort -n | tail -1 | cut -d' ' -f2-)
    [ -n "$found" ] || { echo "No $1 in $packages: run Deploy/package.sh first." >&2; exit 2; }
    echo "$found"
}
deb=$(newest 'tutti_*.deb')
tarball=$(newest 'tutti-*.tar.xz')
Deploy/system-packages.sh lintian mmdebstrap xz-utils

work=$(mktemp -d)
root=$work/root
# Whatever still runs from the root goes with it; /proc names each program by the path that it has out here.
inside() {
    local process program
    for process in /proc/[0-9]*; do
        program=$(readlink "$process/exe" 2>/dev/null) || continue
        case $program in "$root"/*) echo "${process#/proc/} $program" ;; esac
    done
}
finish() {
    inside | while read -r process _; do kill -KILL "$process" 2>/dev/null || true; done
    for place in proc dev; do if mountpoint -q "$root/$place"; then umount -l "$root/$place" || true; fi; done
    # Nothing of this machine may be mounted there any more when the folder goes.
    if grep -q " $work/" /proc/mounts; then echo "still mounted: $work" >&2; else rm -rf --one-file-system "$work"; fi
}
trap finish EXIT

fail() {
    echo "FAILED: $*" >&2
    exit 1
}
say() { printf '%s\n' "$*"; }
in_root() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
# An analyst who is nobody special and has a folder of their own.
analyst=(chroot --userspec=4321:4321 "$root" env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 HOME=/home/analyst)
as_analyst() { "${analyst[@]}" "$@"; }
quietly() { "$@" >"$work/log" 2>&1 || { tail -20 "$work/log" >&2; fail "$*"; }; }

say "Lintian: $(basename "$deb")"
quietly lintian --allow-root --fail-on error,warning "$deb"

say "A clean Debian 12"
mmdebstrap --quiet --variant=minbase bookworm "$root" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
cp /etc/resolv.conf "$root/etc/resolv.conf"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
install -d -o 4321 -g 4321 "$root/home/analyst"
quietly in_root apt-get update -q

# Every file, folder and link with its mode, owner and size, but for the books that apt and dpkg keep of what they did.
everything() {
    (cd "$root" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./tmp -o -path ./home/analyst \) -prune -o \
        -printf '%p %M %u:%g %y' \( -type f -printf ' %s\n' -o -type l -printf ' %l\n' -o -printf '\n' \)) |
        grep -vE '^\./(var/(log|cache|lib/(apt|dpkg|systemd))|etc/ld\.so\.cache|etc/machine-id|run)(/|~| )' | LC_ALL=C sort
}
account() { cat "$root/etc/passwd" "$root/etc/group"; }

wide=no
# The list is read whole: a reader that leaves early would have the list's writer, and with it the question, fail.
dpkg-deb --contents "$deb" >"$work/contents"
if grep -q '/usr/lib/tutti/tutti-v3$' "$work/contents"; then wide=yes; fi
processor=no
if grep -qw avx2 /proc/cpuinfo; then processor=yes; fi

# Which program each process of a fit is. The launcher must be gone, and slots must be what their parent is.
fit() {
    local name=$1 into=$2 program=$3 code=0 number
    shift 3
    # Not by the function, whose number in the background would be that of a shell.
    "${analyst[@]}" "$@" fit "$models/quickstart.yaml" --out "/home/analyst/$into" --quiet &
    number=$!
    for _ in $(seq 100); do
        inside >"$work/processes"
        [ "$(wc -l <"$work/processes")" -lt 3 ] || break
        sleep 0.1
    done
    [ "$(readlink "/proc/$number/exe")" = "$root$program" ] || fail "$name: process $number is not $program"
    if cut -d' ' -f2- "$work/processes" | grep -vxF "$root$program"; then fail "$name: another program runs beside it"; fi
    wait "$number" || code=$?
    [ "$code" -eq 0 ] || fail "$name: tutti fit ended with $code"
    say "$name: $(wc -l <"$work/processes") processes, all of them $program"
}
compare() {
    diff -r --exclude run.json "$root/home/analyst/one" "$root/home/analyst/$1" >&2 || fail "$1: other bytes"
    say "its $(find "$root/home/analyst/$1" -type f ! -name run.json | wc -l) files of results have the same bytes"
}

program=tutti
if [ "$wide" = yes ] && [ "$processor" = yes ]; then program=tutti-v3; fi

say "Unpack $(basename "$tarball")"
odd="/home/analyst/an odd (folder) & ünï"
install -d -o 4321 -g 4321 "$root$odd"
xz -dc "$tarball" | as_analyst tar -x -C "$odd"
unpacked=$odd/$(basename "$tarball" .tar.xz)
chroot "$root" ln -s "$unpacked/bin/tutti" /usr/local/bin/tutti
models=$unpacked/share/doc/tutti/examples/models
version=$(as_analyst "$unpacked/bin/tutti" --version)
say "bin/tutti --version: $version"
[ "$(as_analyst /usr/local/bin/tutti --version)" = "$version" ] || fail "a link to it starts something else"
# All libraries are its own, but for the C library's.
if in_root ldd "$unpacked/lib/tutti/tutti" | grep '=>' | grep -vF "$odd" |
    grep -vE '^\s*(libc|libm|libpthread|libdl|librt|libresolv|libutil)\.so'; then
    fail "a library of the system is used"
fi
fit "A fit" one "$unpacked/lib/tutti/$program" /usr/local/bin/tutti
rm "$root/usr/local/bin/tutti"
rm -r "${root:?}$odd"

say "Install $(basename "$deb")"
install -m 644 "$deb" "$root/tmp/tutti.deb"
# What it depends on comes first, so that what is left afterwards is its own.
quietly in_root apt-get satisfy -q -y --no-install-recommends "$(dpkg-deb --field "$deb" Depends)"
everything >"$work/before"
account >"$work/accounts"
quietly in_root apt-get install -q -y --no-install-recommends /tmp/tutti.deb
grep -q '^0 upgraded, 1 newly installed' "$work/log" || fail "apt found that it depends on more than it says"
models=/usr/share/doc/tutti/examples/models
[ "$(as_analyst tutti --version)" = "$version" ] || fail "the packages have different versions"
say "tutti --version: $version"
if [ "$program" = tutti-v3 ]; then
    [[ $version == *x86-64-v3* ]] || fail "the processor has AVX2 and the plain program was taken"
    plain=$(as_analyst TUTTI_PLAIN=1 tutti --version)
    say "TUTTI_PLAIN=1 tutti --version: $plain"
    [[ $plain != *x86-64-v3* ]] || fail "TUTTI_PLAIN=1 was not heeded"
fi
if in_root ldd "/usr/lib/tutti/$program" | grep 'not found'; then fail "libraries are missing"; fi

fit "A fit" two "/usr/lib/tutti/$program" tutti
compare two
results=$root/home/analyst/two
for channel in tv ooh print facebook search; do
    grep -q "^$channel," "$results/channels.csv" || fail "channels.csv lacks $channel"
done
for file in posterior.nc report.html run.json summary.csv; do [ -s "$results/$file" ] || fail "$file is missing"; done
say "its channels:"
cut -d, -f1,2,10,11,13 "$results/channels.csv" | sed 's/^/    /'
if [ "$program" = tutti-v3 ]; then
    fit "The plain program" plain /usr/lib/tutti/tutti TUTTI_PLAIN=1 tutti
    compare plain
fi

# A processor without AVX2, as the launcher sees it.
sed 's/^flags.*/flags : fpu sse sse2 pni ssse3 cx16 sse4_1 sse4_2 popcnt/' /proc/cpuinfo >"$root/tmp/cpuinfo"
sed 's|/proc/cpuinfo|/tmp/cpuinfo|g' "$root/usr/bin/tutti" >"$root/tmp/launcher"
old=$(as_analyst sh /tmp/launcher --version)
[[ $old != *x86-64-v3* ]] || fail "a processor without AVX2 got the wide program"
say "without AVX2: $old"
code=0
as_analyst tutti fit /no/such/model.yaml --out /home/analyst/none >/dev/null 2>&1 || code=$?
[ "$code" -eq 2 ] || fail "an exit code was lost on the way: $code"

say "Remove it"
awk '$6 !~ /\/$/ { print $6 }' "$work/contents" >"$work/files"
quietly in_root apt-get purge -q -y tutti
while read -r file; do [ ! -e "$root/$file" ] || fail "$file is left"; done <"$work/files"
if ls "$root"/var/lib/dpkg/info/tutti.* 2>/dev/null; then fail "dpkg still has scripts of it"; fi
everything >"$work/after"
diff "$work/before" "$work/after" >&2 || fail "something is left"
account | diff "$work/accounts" - >&2 || fail "an account is left"
say "nothing is left of its $(wc -l <"$work/files") files, nothing else, and no account"

say "With systemd and shells"
quietly in_root apt-get install -q -y --no-install-recommends systemd zsh fish groff-base
quietly in_root apt-get install -q -y --no-install-recommends /tmp/tutti.deb
grep -q '^tutti:' "$root/etc/passwd" || fail "the user tutti was not made"
for unit in tutti-coordinator.service tutti-worker@1.service tutti-recalibrate@night.service tutti-recalibrate@night.timer; do
    said=$(in_root systemd-analyze verify --man=no "$unit" 2>&1) || fail "$unit: $said"
    [ -z "$said" ] || fail "$unit: $said"
done
share=/usr/share
quietly in_root bash -c ". $share/bash-completion/completions/tutti && complete -p tutti"
quietly in_root zsh -n "$share/zsh/vendor-completions/_tutti"
quietly in_root fish -c "source $share/fish/vendor_completions.d/tutti.fish; complete -C 'tutti fi' | grep -q ^fit"
said=$(zcat "$root$share/man/man1/tutti.1.gz" | in_root groff -Kutf8 -man -Tutf8 -ww 2>&1 >"$work/page")
[ -z "$said" ] || fail "the manual page: $said"
say "units verify, three shells read their completions, the manual page has $(wc -l <"$work/page") lines"
quietly in_root apt-get purge -q -y tutti
say "Done."
