#!/bin/sh
# Measures the numeric core: Deploy/bench.sh [--json]. Builds the benchmarks twice, plainly and for CPUs with AVX2, and
# runs each pinned to the last core; the build for AVX2 runs where the CPU has it.
#
# Measures the coordinator: Deploy/bench.sh --cluster [--json] [--only PART] [--folder FOLDER ON THE DISK TO MEASURE].
# The parts flow (10 GB of draws pass) and fit (a whole fit beside the same in one loop) take minutes and run only by --only.
set -eu
cd "$(dirname "$0")/.."
core=$(($(nproc) - 1))

run() {
    build=$1
    shift
    if [ "$build" = plain ]; then set -- "$@"; else set -- "$@" --wide; fi
    case " $* " in
    *" --json "*) printf '{"build":"%s"}\n' "$build" ;;
    *) printf '\nBuild: %s\n' "$build" ;;
    esac
    taskset -c "$core" "$binary" "$@"
}

swift build -c release --product tutti-benchmarks >&2
binary=.build/release/tutti-benchmarks
if [ "${1:-}" = --cluster ]; then
    shift
    swift build -c release --product tutti >&2
    exec "$binary" cluster "$@"
fi
run plain "$@"
if grep -qw avx2 /proc/cpuinfo; then
    swift build -c release --product tutti-benchmarks --scratch-path .build/v3 -Xcc -march=x86-64-v3 >&2
    binary=.build/v3/release/tutti-benchmarks
    run x86-64-v3 "$@"
fi
