#!/bin/sh
# Plants one bug at a time and runs the tests that should see it: Deploy/mutate.sh [PATCH...]
# A patch names tests of one target: Caught-by: TARGET, or some of TARGET.SUITE and TARGET.SUITE/TEST. Each target of tests
# has a copy of the package that holds what this target needs and no more, so that a build takes a minute or so. Copies and
# rows stay in .build-mutations: a run goes on where the last one stopped, and a bug is planted again once its patch, its
# tests or their sources have changed.
# Prints a table; for all patches writes it to Deploy/mutations/results.md. Ends with 1 when a bug went unseen.
set -u
cd "$(dirname "$0")/.."
root=$(pwd)
work=$root/.build-mutations
mkdir -p "$work/rows"

# Copies the package for a target of tests, with the unplanted sources.
copy() {
    mkdir -p "$work/$1/Tests"
    find Sources Configs "Tests/$1" -type f | LC_ALL=C sort >"$work/files"
    (
        cd "$work/$1" && find . -path ./.build -prune -o -path '*/*/*' -type f -printf '%P\n' | LC_ALL=C sort |
            LC_ALL=C comm -23 - "$work/files" | xargs -r -d '\n' rm
    )
    # With their times, so that what has not changed is not built again.
    cp -rp Sources Configs "$work/$1/"
    cp -rp "Tests/$1" "$work/$1/Tests/"
    if [ -e Package.resolved ]; then cp -p Package.resolved "$work/$1/"; fi
    {
        cat Package.swift
        printf '\nvar waiting = ["%s"]\n' "$1"
        cat <<'SWIFT'
var kept = Set(waiting)
var packages = Set<String>()
while let name = waiting.popLast() {
    for dependency in package.targets.first(where: { $0.name == name })?.dependencies ?? [] {
        switch dependency {
        case .byNameItem(let name, _): if kept.insert(name).inserted { waiting.append(name) }
        case .productItem(_, let package, _, _): packages.insert(package ?? "")
        default: fatalError("a dependency that is neither a target nor a product of a package")
        }
    }
}
package.products = []
package.targets.removeAll { !kept.contains($0.name) }
package.dependencies.removeAll { dependency in
    guard case .sourceControl(_, let location, _) = dependency.kind else { return false }
    return !packages.contains { location.hasSuffix("/" + $0) }
}
SWIFT
    } >"$work/manifest"
    if ! cmp -s "$work/manifest" "$work/$1/Package.swift"; then
        mv "$work/manifest" "$work/$1/Package.swift"
        (cd "$work/$1" && swift package describe --type json) | sed -n 's|^ *"path" : "\([^/"][^"]*\)",*$|\1|p' >"$work/$1/parts"
    fi
}
# Of everything that a target of tests is built from.
digest() {
    (
        cd "$work/$1" || exit 2
        find Package.swift Configs $(cat parts) -type f | LC_ALL=C sort | xargs -d '\n' cat | sha256sum | cut -c 1-64
    )
}
build() { (cd "$work/$1" && swift build -c release --build-tests) >"$work/$1/build.log" 2>&1; }
tests() {
    filters=$(printf ' --filter %s' $2)
    (cd "$work/$1" && timeout 600 swift test -c release --skip-build $filters) >"$work/$1/test.log" 2>&1
}

# The row of a patch: the bug, its tests, and how many of them failed.
row() {
    name=$(basename "$1" .patch)
    filter=$(sed -n 's/^Caught-by: //p' "$1")
    target=${filter%%[. ]*}
    copy "$target"
    sources=$(digest "$target")
    kept=$work/rows/$(printf '%s' "$sources $(cat "$1")" | sha256sum | cut -c 1-64)
    if [ -e "$kept" ]; then
        cat "$kept"
        return
    fi
    sound=$work/rows/sound-$(printf '%s' "$sources $filter" | sha256sum | cut -c 1-64)
    if [ ! -e "$sound" ]; then
        build "$target" || { tail "$work/$target/build.log" >&2; exit 2; }
        tests "$target" "$filter" || {
            grep -a '✘' "$work/$target/test.log" >&2
            echo "$filter fails without any planted bug" >&2
            exit 2
        }
        touch "$sound"
    fi
    if ! (cd "$work/$target" && patch -s -p1) <"$1" >&2; then
        seen="**does not apply**"
    elif ! build "$target"; then
        seen="**does not build**"
    elif tests "$target" "$filter"; then
        seen="**none**"
    elif [ $? -eq 124 ]; then
        seen="did not end"
    else
        seen=$(grep -a -o '✘ Test [^"]*"[^"]*"' "$work/$target/test.log" | sed 's/✘ Test //' | sort -u | wc -l)
        if [ "$seen" = 0 ]; then seen="stopped"; fi
        cp "$work/$target/test.log" "$work/$name.log"
    fi
    printf '| %s | %s | %s |\n' "$name" "$filter" "$seen" | tee "$kept"
}

all=$#
if [ $# -eq 0 ]; then set -- Deploy/mutations/*.patch; fi
table=$(mktemp)
trap 'rm -f "$table"' EXIT
printf '| planted bug | seen by | tests that failed |\n| --- | --- | --- |\n' >"$table"
for patch in "$@"; do
    found=$(row "$patch") || exit 2
    printf '%s\n' "$found" | tee -a "$table"
done
if [ "$all" -eq 0 ]; then
    {
        printf '# Planted bugs\n\nWritten by Deploy/mutate.sh. Every bug must be seen by the tests named beside it.\n\n'
        cat "$table"
    } >Deploy/mutations/results.md
fi
if grep -q -F '**' "$table"; then exit 1; fi
