#!/bin/sh
# Plants one bug at a time and runs the tests that should see it: Deploy/mutate.sh [PATCH...]
# A patch names tests of one target: Caught-by: TARGET, or some of TARGET.SUITE and TARGET.SUITE/TEST. Works on a copy of the
# package whose manifest is cut to what that target needs, so that a build takes a minute or so. The copy and the rows stay
# in .build-mutations: a run goes on where the last one stopped, and a bug is planted again once its patch, its tests or
# their sources have changed. It takes one core, so that it can go on beside other work.
# Prints a table; for all patches writes it to Deploy/mutations/results.md. Ends with 1 when a bug went unseen.
set -u
cd "$(dirname "$0")/.."
root=$(pwd)
work=$root/.build-mutations
package=$work/package
mkdir -p "$work/rows" "$package"

# The package for a target of tests, with the unplanted sources.
copy() {
    find Sources Tests Configs -type f | LC_ALL=C sort >"$work/files"
    (
        cd "$package" && find . -path ./.build -prune -o -path '*/*/*' -type f -printf '%P\n' | LC_ALL=C sort |
            LC_ALL=C comm -23 - "$work/files" | xargs -r -d '\n' rm
    )
    # With their times, so that what has not changed is not built again.
    cp -rp Sources Tests Configs "$package/"
    if [ -e Package.resolved ]; then cp -p Package.resolved "$package/"; fi
    {
        cat Package.swift
        printf '\nvar waiting = ["%s"]\n' "$1"
        cat <<'SWIFT'
var kept = Set(waiting)
while let name = waiting.popLast() {
    for dependency in package.targets.first(where: { $0.name == name })?.dependencies ?? [] {
        if case .byNameItem(let name, _) = dependency, kept.insert(name).inserted { waiting.append(name) }
    }
}
package.products = []
package.targets.removeAll { !kept.contains($0.name) }
SWIFT
    } >"$work/manifest"
    if ! cmp -s "$work/manifest" "$package/Package.swift"; then
        mv "$work/manifest" "$package/Package.swift"
        (cd "$package" && swift package describe --type json) | sed -n 's|^ *"path" : "\([^/"][^"]*\)",*$|\1|p' >"$work/parts"
    fi
}

# Of everything that the tests are built from.
digest() {
    (
        cd "$package" || exit 2
        find Package.swift Configs $(cat "$work/parts") -type f | LC_ALL=C sort | xargs -d '\n' cat | sha256sum | cut -c 1-64
    )
}

# As Deploy/test.sh builds. Some tests start the program, which is not part of theirs.
build() {
    (
        cd "$package" || exit 2
        if grep -q -x Sources/tutti "$work/parts"; then swift build -c release --product tutti -j 1 || exit; fi
        swift build -c release --product tuttiPackageTests -j 1
    ) >"$work/build.log" 2>&1
}
tests() {
    filters=$(printf ' --filter %s' $1)
    (
        cd "$package" || exit 2
        timeout 600 swift test -c release --skip-build --disable-testable-imports --no-parallel $filters
    ) >"$work/test.log" 2>&1
}

# Whether all tests that patches and this one name of a target pass without any planted bug.
sound() {
    all=$({ sed -n 's/^Caught-by: //p' Deploy/mutations/*.patch && echo "$3"; } | tr ' ' '\n' | grep "^$1\($\|\.\)" | sort -u | tr '\n' ' ')
    mark=$work/rows/sound-$(printf '%s' "$2 $all" | sha256sum | cut -c 1-64)
    if [ -e "$mark" ]; then return; fi
    if ! build; then
        tail "$work/build.log" >&2
        return 1
    fi
    if ! tests "$all"; then
        grep -a '✘' "$work/test.log" >&2
        echo "$1 fails without any planted bug" >&2
        return 1
    fi
    touch "$mark"
}

# The row of a patch: the bug, its tests, and how many of them failed.
row() {
    name=$(basename "$1" .patch)
    filter=$(sed -n 's/^Caught-by: //p' "$1")
    target=${filter%%[. ]*}
    copy "$target"
    sources=$(digest)
    kept=$work/rows/$(printf '%s' "$sources $(cat "$1")" | sha256sum | cut -c 1-64)
    if [ -e "$kept" ]; then
        cat "$kept"
        return
    fi
    sound "$target" "$sources" "$filter" || exit 2
    if ! (cd "$package" && patch -s -p1) <"$1" >&2; then
        seen="**does not apply**"
    elif ! build; then
        seen="**does not build**"
    elif tests "$filter"; then
        seen="**none**"
    elif [ $? -eq 124 ]; then
        seen="did not end"
    else
        seen=$(grep -a -o '✘ Test [^"]*"[^"]*"' "$work/test.log" | sed 's/✘ Test //' | sort -u | wc -l)
        if [ "$seen" = 0 ]; then seen="stopped"; fi
        cp "$work/test.log" "$work/$name.log"
    fi
    printf '| %s | %s | %s |\n' "$name" "$filter" "$seen" | tee "$kept"
}

count=$#
if [ $# -eq 0 ]; then set -- Deploy/mutations/*.patch; fi
table=$(mktemp)
trap 'rm -f "$table"' EXIT
printf '| planted bug | seen by | tests that failed |\n| --- | --- | --- |\n' >"$table"
for patch in "$@"; do
    found=$(row "$patch") || exit 2
    printf '%s\n' "$found" | tee -a "$table"
done
if [ "$count" -eq 0 ]; then
    {
        printf '# Planted bugs\n\nWritten by Deploy/mutate.sh. Every bug must be seen by the tests named beside it.\n\n'
        cat "$table"
    } >Deploy/mutations/results.md
fi
if grep -q -F '**' "$table"; then exit 1; fi
