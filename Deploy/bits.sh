#!/bin/sh
# Compares the bits that the numeric core computes: Deploy/bits.sh
# The plain build, the build for x86-64-v3 where the processor has AVX2, and each again while the C library believes that
# the processor lacks AVX2 and FMA. Prints what it compared; ends with 1 on a difference. Builds lie in .build, or in the
# folder that TUTTI_SCRATCH names.
set -eu
cd "$(dirname "$0")/.."
scratch=${TUTTI_SCRATCH:-.build}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
status=0

# compare NAME PROGRAM [TUNABLES]: the first call sets what the others must give.
compare() {
    if ! GLIBC_TUNABLES=${3:-} "$2" >"$folder/found"; then
        echo "bits: $1: ended by itself"
        status=1
    elif [ ! -e "$folder/expected" ]; then
        mv "$folder/found" "$folder/expected"
        cat "$folder/expected"
        echo "bits: $1: that is what the others must give"
    elif diff "$folder/expected" "$folder/found"; then
        echo "bits: $1: the same"
    else
        echo "bits: $1: DIFFERENT"
        status=1
    fi
}

masked=glibc.cpu.hwcaps=-AVX2,-FMA
swift build -c release --product tutti-fingerprint --scratch-path "$scratch" >&2
compare plain "$scratch/release/tutti-fingerprint"
compare "plain, masked" "$scratch/release/tutti-fingerprint" $masked
if grep -qw avx2 /proc/cpuinfo; then
    swift build -c release --product tutti-fingerprint --scratch-path "$scratch/v3" -Xcc -march=x86-64-v3 >&2
    compare x86-64-v3 "$scratch/v3/release/tutti-fingerprint"
    compare "x86-64-v3, masked" "$scratch/v3/release/tutti-fingerprint" $masked
else
    echo "bits: x86-64-v3: not compared, this processor has no AVX2"
fi
exit $status
