#!/bin/sh
# Plants one bug at a time and runs the tests that should see it: Deploy/mutate.sh [PATCH...]
# Works on a copy of the numeric modules. Prints a table and writes it to Deploy/mutations/results.md; ends with 1 when a
# bug went unseen.
set -u
cd "$(dirname "$0")/.."
root=$(pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

modules="Kernels Densities Posterior Sampling MarketingMix Analysis Fitting"
mkdir -p "$copy/Sources" "$copy/Tests"
for module in $modules; do
    cp -r "Sources/$module" "$copy/Sources/"
    cp -r "Tests/${module}Tests" "$copy/Tests/"
done
cat >"$copy/Package.swift" <<'PACKAGE'
// swift-tools-version: 6.2
import PackageDescription

let modules: [(String, [String], Bool)] = [
    ("Kernels", [], true), ("Densities", ["Kernels"], true), ("Posterior", ["Kernels"], true),
    ("Sampling", ["Densities", "Kernels"], true), ("MarketingMix", ["Densities", "Kernels"], true),
    ("Analysis", ["MarketingMix", "Posterior", "Kernels", "Densities"], false),
    ("Fitting", ["MarketingMix", "Analysis", "Sampling", "Posterior", "Densities", "Kernels"], false),
]
let package = Package(
    name: "mutated",
    targets: modules.flatMap { name, needs, hasResources -> [Target] in
        let dependencies = needs.map { Target.Dependency(stringLiteral: $0) }
        return [
            .target(name: name, dependencies: dependencies),
            .testTarget(
                name: name + "Tests", dependencies: dependencies + [Target.Dependency(stringLiteral: name)],
                resources: hasResources ? [.copy("Resources")] : nil),
        ]
    },
    swiftLanguageModes: [.v6])
PACKAGE
if [ ! -d "$copy/Tests/DensitiesTests/Resources" ]; then mkdir "$copy/Tests/DensitiesTests/Resources"; fi

build() { (cd "$copy" && swift build -c release --build-tests) >"$copy/build.log" 2>&1; }
tests() { (cd "$copy" && timeout 300 swift test -c release --skip-build --filter "$1") >"$copy/test.log" 2>&1; }

if [ $# -eq 0 ]; then set -- Deploy/mutations/*.patch; fi
build || { tail "$copy/build.log"; exit 2; }
tests "Tests" || { grep -a '✘' "$copy/test.log"; echo "the tests fail without any planted bug"; exit 2; }

table="$copy/table"
printf '| planted bug | seen by | tests that failed |\n| --- | --- | --- |\n' >"$table"
missed=0
for patch in "$@"; do
    filter=$(sed -n 's/^Caught-by: //p' "$patch")
    name=$(basename "$patch" .patch)
    (cd "$copy" && patch -s -p1 <"$root/$patch") || exit 2
    if ! build; then
        verdict="does not build"
        missed=1
    elif tests "$filter"; then
        verdict="**none**"
        missed=1
    else
        verdict=$(grep -a -o '✘ Test [^"]*"[^"]*"' "$copy/test.log" | sed 's/✘ Test //' | sort -u | wc -l)
        if [ "$verdict" = 0 ]; then verdict="stopped"; fi
    fi
    (cd "$copy" && patch -s -R -p1 <"$root/$patch") || exit 2
    printf '| %s | %s | %s |\n' "$name" "$filter" "$verdict" | tee -a "$table"
done
if [ $# -gt 1 ]; then
    {
        printf '# Planted bugs\n\nWritten by Deploy/mutate.sh. Every bug must be seen by the tests named beside it.\n\n'
        cat "$table"
    } >Deploy/mutations/results.md
fi
exit $missed
