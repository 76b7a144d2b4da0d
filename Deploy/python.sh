#!/usr/bin/env bash
# Prints the path of a Python that has the packages which are named, from PyPI, in a folder of its own: TUTTI_TOOLS, or
# ~/.cache/tutti-tools. Installs what is missing there.
set -euo pipefail

tools=${TUTTI_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/tutti-tools}
[ -x "$tools/bin/python" ] || python3 -m venv "$tools" >&2
# pip is content with one of several, so each is asked for.
for package in "$@"; do
    "$tools/bin/pip" show --quiet "$package" 2>/dev/null || { missing=yes; break; }
done
[ -z "${missing-}" ] || "$tools/bin/pip" install --quiet --disable-pip-version-check "$@" >&2
echo "$tools/bin/python"
