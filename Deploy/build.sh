#!/bin/sh
# Builds the program: Deploy/build.sh [--v3] [--into FOLDER]
#   plain     tutti runs on every x86-64 and arm64 processor.
#   --v3      builds tutti-v3 too, for processors with AVX2 (x86-64-v3; Intel from 2013, AMD from 2015). It is faster and
#             computes the same bits, so both may work in one cluster. On an older processor it says so and ends with 4.
#   --into    the folder for the programs; .build/bin unless said.
# Builds lie in .build, or in the folder that TUTTI_SCRATCH names.
set -eu
start=$(pwd)
cd "$(dirname "$0")/.."

usage() {
    sed -n '2,/^set/{s/^# \{0,1\}//;/^set/!p}' Deploy/build.sh
}

scratch=${TUTTI_SCRATCH:-.build}
folder=$(pwd)/.build/bin
v3=no
while [ $# -gt 0 ]; do
    case $1 in
    --v3) v3=yes ;;
    --into)
        [ $# -gt 1 ] || { usage >&2; exit 2; }
        case $2 in
        /*) folder=$2 ;;
        *) folder=$start/$2 ;;
        esac
        shift
        ;;
    --help | -h)
        usage
        exit 0
        ;;
    *)
        usage >&2
        exit 2
        ;;
    esac
    shift
done
if [ "$v3" = yes ] && [ "$(uname -m)" != x86_64 ]; then
    echo "Deploy/build.sh: --v3 is for x86-64, and this machine is $(uname -m)." >&2
    exit 2
fi

Deploy/system-packages.sh
mkdir -p "$folder"
swift build -c release --product tutti --scratch-path "$scratch"
install -m 755 "$scratch/release/tutti" "$folder/tutti"
if [ "$v3" = yes ]; then
    swift build -c release --product tutti --scratch-path "$scratch/v3" -Xcc -march=x86-64-v3
    install -m 755 "$scratch/v3/release/tutti" "$folder/tutti-v3"
fi
ls -l "$folder"
