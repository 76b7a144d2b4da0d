#!/bin/sh
# Compares the bits of a fixed battery of numerics: the plain build, the build for CPUs with AVX2, and each where the C
# library may not use FMA and AVX2. Ends with 1 on a difference.
set -eu
cd "$(dirname "$0")/.."

swift build -c release --product tutti-benchmarks >&2
plain=.build/release/tutti-benchmarks
expected=$("$plain" --bits)
failed=0
compare() {
    found=$("$@" --bits)
    if [ "$found" = "$expected" ]; then verdict=same; else verdict=DIFFERENT failed=1; fi
    printf '%s  %-9s  %s\n' "$found" "$verdict" "$*"
}
masked='env GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-AVX2'
compare "$plain"
compare $masked "$plain"
if grep -qw avx2 /proc/cpuinfo; then
    swift build -c release --product tutti-benchmarks --scratch-path .build/v3 -Xcc -march=x86-64-v3 >&2
    wide=.build/v3/release/tutti-benchmarks
    compare "$wide"
    compare $masked "$wide"
fi
exit $failed
