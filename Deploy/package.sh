#!/usr/bin/env bash
# Makes packages of the program: Deploy/package.sh [--plain] [--into FOLDER]
#   tutti_VERSION_ARCH.deb             for Debian 12 and what is built on it, with apt's libraries.
#   tutti-VERSION-linux-ARCH.tar.xz    runs wherever it is unpacked, with its libraries beside it; needs a C library (glibc).
# In both lie the plain program and the wide one for processors with AVX2 (x86-64-v3), and a launcher that takes the one
# that suits the processor. Swift's runtime is in the programs. The same programs give the same bytes.
#   --plain    leaves the wide program out, which halves the time; other processors than x86-64 have none anyway.
#   --into     the folder for the packages; .build/packages unless said.
# Builds lie in .build/package, or in the folder `package` of the one that TUTTI_SCRATCH names.
set -euo pipefail
start=$(pwd)
cd "$(dirname "$0")/.."

usage() {
    sed -n '2,/^set/{s/^# \{0,1\}//;/^set/!p}' Deploy/package.sh
}

scratch=${TUTTI_SCRATCH:-.build}/package
into=$(pwd)/.build/packages
wide=no
[ "$(uname -m)" != x86_64 ] || wide=yes
while [ $# -gt 0 ]; do
    case $1 in
    --plain) wide=no ;;
    --into)
        [ $# -gt 1 ] || { usage >&2; exit 2; }
        case $2 in
        /*) into=$2 ;;
        *) into=$start/$2 ;;
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

Deploy/system-packages.sh
Deploy/system-packages.sh dpkg-dev fakeroot libyaml-0-2 patchelf python3-minimal xz-utils

swift build -c release --product tutti --static-swift-stdlib --scratch-path "$scratch"
if [ "$wide" = yes ]; then
    swift build -c release --product tutti --static-swift-stdlib --scratch-path "$scratch/v3" -Xcc -march=x86-64-v3
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Every time in the packages is that of the commit, so that the same programs are packed into the same bytes.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH LC_ALL=C TZ=UTC
day=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%d)
architecture=$(dpkg --print-architecture)
maintainer="${DEBFULLNAME:-Tutti maintainers} <${DEBEMAIL:-maintainers@tutti.example.com}>"

# Programs as they are installed. The names of functions and of compilers are left out; nothing asks for them.
mkdir "$work/programs"
strip --remove-section=.comment -o "$work/programs/tutti" "$scratch/release/tutti"
[ "$wide" = no ] || strip --remove-section=.comment -o "$work/programs/tutti-v3" "$scratch/v3/release/tutti"
for program in "$work"/programs/*; do
    # A folder of the machine that built it may mean something else on another; libraries lie beside the program.
    # shellcheck disable=SC2016
    patchelf --set-rpath '$ORIGIN/lib' "$program"
    if ldd "$program" | grep -E 'not found|libswift|libFoundation'; then
        echo "Deploy/package.sh: $(basename "$program") needs what no package brings." >&2
        exit 1
    fi
done
tutti=$work/programs/tutti

# A commit that no version is of says which one it is, and comes after that version for apt.
version=$("$tutti" --version | cut -d' ' -f1)
if [ "$(git describe --exact-match --tags 2>/dev/null || true)" != "v$version" ]; then
    version=$version+git$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d).$(git rev-parse --short=7 HEAD)
    [ -z "$(git status --porcelain --untracked-files=no)" ] || version=$version.changed
fi

# What both packages have beside the programs: share/.
share=$work/share
install -d "$share/man/man1" "$share/bash-completion/completions" "$share/zsh/vendor-completions" \
    "$share/fish/vendor_completions.d" "$share/doc/tutti/licences"
"$tutti" --experimental-dump-help >"$work/help.json"
python3 Deploy/package/manual.py "$work/help.json" "$version" "$day" | gzip -9n >"$share/man/man1/tutti.1.gz"
# It is read by a shell and never run, so it names none.
"$tutti" --generate-completion-script bash | sed '1{/^#!/d}' >"$share/bash-completion/completions/tutti"
"$tutti" --generate-completion-script zsh >"$share/zsh/vendor-completions/_tutti"
"$tutti" --generate-completion-script fish >"$share/fish/vendor_completions.d/tutti.fish"

documents=$share/doc/tutti
cp -r Sources/tutti/Documentation.docc/. "$documents/"
install -m 644 Sources/Wire/Wire.docc/Protocol.md "$documents/Protocol.md"
install -m 644 Sources/Sampling/Sampling.docc/YourOwnPosterior.md "$documents/YourOwnPosterior.md"
find Deploy -name '*.md' | while read -r page; do install -D -m 644 "$page" "$documents/$page"; done
# Its links lead to where things lie when they are installed, with the folder of the documents before them.
readme() {
    sed -E -e "s#\]\(Sources/[A-Za-z]+/[A-Za-z]+\.docc/?#](${1:-./}#g" \
        -e "s#\]\(Deploy/#](${1}Deploy/#g; s#\]\(Configs#](${1}examples#g; s#\]\(CHANGELOG\.md\)#](${1}changelog.gz)#g" README.md
}
readme '' >"$documents/README.md"
gzip -9nc CHANGELOG.md >"$documents/changelog.gz"
install -d "$documents/examples"
cp -r Configs/. "$documents/examples/"
cp -r Deploy/slurm "$documents/examples/slurm"
install -m 644 Deploy/kubernetes/base/cluster.yaml "$documents/examples/cluster.yaml"

# Licences: ours, that of the packages that are built in, of what they have in them, and of Swift's runtime with its ICU.
licence() {
    install -m 644 "$1" "$documents/licences/$2"
}
for checkout in "$scratch"/checkouts/*/; do
    name=$(basename "$checkout")
    licence "$(ls "$checkout"LICENSE*)" "$name.txt"
    [ ! -f "${checkout}NOTICE.txt" ] || licence "${checkout}NOTICE.txt" "$name-NOTICE.txt"
done
licence "$scratch/checkouts/swift-nio/Sources/CNIOLLHTTP/LICENSE" llhttp.txt
licence Sources/ModelFile/Holidays/LICENSE holidays.txt
licence "$(dirname "$(realpath "$(command -v swift)")")/../share/swift/LICENSE.txt" swift.txt
# Their copies have no file with it; Debian's have, and libnetcdf needs the latter's.
licence /usr/share/doc/libyaml-0-2/copyright libyaml.txt
licence "$(find /usr/share/doc -path '*/libicu[0-9]*/copyright' | sort -V | tail -1)" icu.txt
cat >"$documents/copyright" <<COPYRIGHT
Tutti
Copyright $(date -u -d "@$SOURCE_DATE_EPOCH" +%Y) Tutti maintainers

Licensed under the Apache License, Version 2.0. Its text is in /usr/share/common-licenses/Apache-2.0 on Debian, and in LICENSE
at the top of a tarball. What is built into the programs has the licences of the folder "licences" beside this file.
COPYRIGHT

launcher() {
    sed "s|@PROGRAMS@|$1|" Deploy/package/launcher.sh >"$2"
    chmod 755 "$2"
}

mkdir -p "$into"

# The .deb.
root=$work/root
install -d "$root/DEBIAN" "$root/usr/bin" "$root/usr/lib/tutti" "$root/usr/lib/systemd/system" "$root/usr/lib/sysusers.d"
cp -r "$share" "$root/usr/share"
install -m 755 "$work"/programs/* "$root/usr/lib/tutti/"
for program in "$root"/usr/lib/tutti/*; do patchelf --remove-rpath "$program"; done
launcher /usr/lib/tutti "$root/usr/bin/tutti"
install -m 644 Deploy/systemd/*.service Deploy/systemd/*.timer "$root/usr/lib/systemd/system/"
install -m 644 Deploy/systemd/tutti.sysusers "$root/usr/lib/sysusers.d/tutti.conf"
install -D -m 644 Deploy/package/lintian-overrides "$root/usr/share/lintian/overrides/tutti"
install -m 755 Deploy/package/postinst Deploy/package/prerm Deploy/package/postrm "$root/DEBIAN/"
{
    echo "tutti ($version) bookworm; urgency=medium"
    echo
    echo "  * What changed is told in changelog.gz beside this file."
    echo
    echo " -- $maintainer  $(date -u -R -d "@$SOURCE_DATE_EPOCH")"
} | gzip -9n >"$root/usr/share/doc/tutti/changelog.Debian.gz"

# The libraries that the programs are linked with, at the versions whose functions they call.
mkdir -p "$work/debian"
printf 'Source: tutti\n\nPackage: tutti\nArchitecture: any\n' >"$work/debian/control"
depends=$(cd "$work" && dpkg-shlibdeps -O --ignore-missing-info root/usr/lib/tutti/* 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
[ -n "$depends" ] || { echo "Deploy/package.sh: dpkg-shlibdeps found no libraries." >&2; exit 1; }
chmod -R u=rwX,go=rX "$root"
chmod 755 "$root"/DEBIAN/p*
(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
cat >"$root/DEBIAN/control" <<CONTROL
Package: tutti
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(du -sk --apparent-size "$root/usr" | cut -f1)
Depends: $depends, ca-certificates
Recommends: systemd | systemd-standalone-sysusers
Section: science
Priority: optional
Description: Bayesian marketing mix modelling, on one machine or many
 Tutti tells what each medium really contributed to sales, with honest
 uncertainty and in the words of finance. It runs on a laptop with one command,
 and on as many machines as there are, with the same result to the bit.
 .
 Beside the program there are units of systemd for coordinator, workers and the
 night's recalibration; none of them is started by the installation.
CONTROL
chmod 644 "$root/DEBIAN/control" "$root/DEBIAN/md5sums"
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
deb=$into/tutti_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$deb" >/dev/null

# The tarball.
name=tutti-$version-linux-$(uname -m)
folder=$work/$name
install -d "$folder/bin" "$folder/lib/tutti/lib"
cp -r "$share" "$folder/share"
install -m 755 "$work"/programs/* "$folder/lib/tutti/"
install -m 644 LICENSE "$folder/"
readme share/doc/tutti/ >"$folder/README.md"
# It finds its programs from where it lies itself, also when it was called by a link to it.
# shellcheck disable=SC2016
launcher '$(dirname "$(readlink -f "$0")")/../lib/tutti' "$folder/bin/tutti"

# The libraries, with those that they need in turn. The C library is that of the machine: it must suit its kernel, its
# names and its locales, and a newer one runs what an older one was linked with.
ldd "$work"/programs/* | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | sort -u | while read -r library; do
    case $(basename "$library") in
    libc.so.* | libm.so.* | libpthread.so.* | libdl.so.* | librt.so.* | libresolv.so.* | libutil.so.* | ld-linux*) continue ;;
    esac
    copy=$folder/lib/tutti/lib/$(basename "$library")
    install -m 644 "$library" "$copy"
    # shellcheck disable=SC2016
    patchelf --set-rpath '$ORIGIN' "$copy"
    # Their licences oblige whoever hands them on. A merged /usr may have its files listed under the other name.
    real=$(realpath "$library")
    owner=$(dpkg-query --search "$real" "${real#/usr}" 2>/dev/null | sed -n '1s/:.*//p' || true)
    [ ! -f "/usr/share/doc/$owner/copyright" ] || licence "/usr/share/doc/$owner/copyright" "$owner.txt"
done
cp -r "$documents/licences/." "$folder/share/doc/tutti/licences/"
# The oldest C library that has every function that is called.
glibc=$(find "$folder/lib/tutti" -type f -exec objdump -T {} + | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -1)
chmod -R u=rwX,go=rX "$folder"
tarball=$into/$name.tar.xz
tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --format=gnu -c "$name" |
    xz -T2 -6 >"$tarball"

echo
for file in "$deb" "$tarball"; do printf '%6.1f MB  %s\n' "$(($(stat -c %s "$file") / 100000))e-1" "$file"; done
for program in "$work"/programs/*; do
    printf '%6.1f MB  %s in them\n' "$(($(stat -c %s "$program") / 100000))e-1" "$(basename "$program")"
done
echo "The .deb depends on: $depends"
echo "The tarball needs ${glibc/_/ } or later."
[ "$wide" = yes ] || echo "Without the wide program."
