#!/usr/bin/env bash
# Follows the container file where there is no engine for containers: container-steps.sh [--program FILE]
# Each stage becomes a plain root folder of Debian (mmdebstrap) in which its lines are carried out one after another, as
# root in a chroot; then the program is started there as the file's user, with a root that is read-only: doctor, and a
# short fit. Removes what it made. Needs root, Debian's mirror, and ten minutes where it builds, so it is not part of CI.
#   --program   takes this program for what the first stage builds, with the libraries of Swift that it is linked with;
#               else the stage is carried out too, with the toolchain of this machine for that of its image.
set -euo pipefail
program=''
if [ "${1:-}" = --program ]; then program=$(realpath "$2"); fi
cd "$(dirname "$0")/../.."
[ "$(id -u)" -eq 0 ] || { echo "SKIPPED: a chroot needs root." >&2; exit 0; }
Deploy/system-packages.sh mmdebstrap

work=$(mktemp -d)
finish() {
    local root place
    for root in "$work"/*/; do
        for place in $(sed 's|^/||' "$work/mirrors" 2>/dev/null) opt/swift proc dev tmp run var/lib/tutti var/cache/tutti ''; do
            if mountpoint -q "$root$place"; then umount -l "$root$place" 2>/dev/null || true; fi
        done
    done
    # Nothing of this machine may be mounted there any more when the folders go.
    if grep -q " $work/" /proc/mounts; then echo "still mounted: $work" >&2; else rm -rf --one-file-system "$work"; fi
}
trap finish EXIT

stage='' name='' folder=/ user=0:0 entry='' step=0 variables=()

# A program sees neither its arguments nor a random number without these.
enter() {
    local root=$1
    mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
    mountpoint -q "$root/dev" || mount --bind /dev "$root/dev"
}

begin() {
    local image=$1
    name=${2:-last} folder=/ user=0:0 variables=()
    stage=$work/$name
    mmdebstrap --quiet --variant=minbase bookworm "$stage" >/dev/null 2>"$work/mmdebstrap.log" ||
        { cat "$work/mmdebstrap.log" >&2; exit 1; }
    cp /etc/resolv.conf "$stage/etc/resolv.conf"
    enter "$stage"
    case $image in
    */swift:*)
        local toolchain
        toolchain=$(dirname "$(dirname "$(dirname "$(realpath "$(command -v swift)")")")")
        mkdir -p "$stage/opt/swift"
        mount --bind -o ro "$toolchain" "$stage/opt/swift"
        variables=(PATH="/opt/swift/usr/bin:$PATH")
        # Where this machine's git goes to a mirror in a folder, so does the stage's.
        if [ -f /etc/gitconfig ]; then
            cp /etc/gitconfig "$stage/etc/gitconfig"
            git config --system --get-regexp '^url\..*\.insteadof$' | sed -n 's|^url\.\(/.*\)\.insteadof .*|\1|p' | sort -u |
                while read -r mirror; do
                    mkdir -p "$stage$mirror"
                    mount --bind -o ro "$mirror" "$stage$mirror"
                    echo "$mirror" >>"$work/mirrors"
                done
        fi
        # What the image has beside the toolchain.
        chroot "$stage" sh -ec 'apt-get update -q && apt-get install -q -y --no-install-recommends binutils \
            libc6-dev libstdc++-12-dev libcurl4-openssl-dev libncurses6 libxml2-dev zlib1g-dev git ca-certificates' >/dev/null
        ;;
    esac
}

follow() {
    local word=$1 rest=$2 from
    case $word in
    FROM)
        # shellcheck disable=SC2086
        set -- $rest
        name=${3:-last}
        if [ "$name" = build ] && [ -n "$program" ]; then
            stage=''
            echo "     [left out: $program stands for what it builds]"
            return
        fi
        begin "$1" "$name"
        ;;
    *) [ -n "$stage" ] || return 0 ;;&
    RUN)
        chroot "$stage" env "${variables[@]}" sh -ec "cd '$folder'; $rest" >"$work/log" 2>&1 || { tail -20 "$work/log" >&2; exit 1; }
        ;;
    WORKDIR)
        folder=$rest
        mkdir -p "$stage$folder"
        ;;
    COPY)
        case $rest in
        --from=*)
            from=${rest#--from=}
            rest=${from#* }
            from=${from%% *}
            if [ "$from" = build ] && [ -n "$program" ]; then
                install -D -m 755 "$program" "$stage${rest#* }"
                # A program that is not linked statically brings Swift's libraries.
                ldd "$program" | awk '$3 ~ /\/swift\// { print $3 }' | while read -r library; do
                    install -D -m 644 "$library" "$stage$library"
                done
            else
                cp -a "$work/$from${rest% *}" "$stage${rest#* }"
            fi
            ;;
        *) cp -a "${rest% *}" "$stage${rest#* }" ;;
        esac
        ;;
    USER) user=$rest ;;
    ENTRYPOINT) entry=$(sed 's/^\["//; s/"\]$//' <<<"$rest") ;;
    *)
        echo "a line that this script does not know: $word $rest" >&2
        exit 1
        ;;
    esac
}

while IFS= read -r line; do
    step=$((step + 1))
    printf '%2d  %s\n' "$step" "$(cut -c1-120 <<<"$line")"
    follow "${line%% *}" "${line#* }"
done < <(grep -v '^#' Deploy/kubernetes/Containerfile | sed -e ':a' -e '/\\$/N; s/ *\\\n */ /; ta' | grep .)

# Started as a pod would be: the user, a root that cannot be written, and volumes in memory where it writes.
mkdir -p "$stage/models"
cp -r Configs/models/. "$stage/models/"
umount "$stage/proc" "$stage/dev"
mount --bind "$stage" "$stage"
mount -o remount,bind,ro "$stage"
enter "$stage"
for place in tmp run var/lib/tutti var/cache/tutti; do mount -t tmpfs -o mode=1777 tmpfs "$stage/$place"; done
start() { chroot --userspec="$user" "$stage" env HOME=/var/lib/tutti "$entry" "$@"; }
echo
echo "As user $user, on a root that is read-only:"
if chroot --userspec="$user" "$stage" touch /usr/x 2>/dev/null; then echo "the root can be written" >&2; exit 1; fi
start --version
start doctor
code=0
start fit /models/mmm_example.yaml --chains 2 --warmup 200 --draws 200 --out /tmp/results --quiet || code=$?
case $code in
0 | 3) echo "a fit ended with $code and wrote $(chroot "$stage" ls /tmp/results | wc -l) files" ;;
*) exit "$code" ;;
esac
echo "$(du -sm --exclude=models --one-file-system "$stage" | cut -f1) MB in all, $(du -m "$stage$entry" | cut -f1) MB of it the program"
