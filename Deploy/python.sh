#!/usr/bin/env bash
# Prints the path of a Python that has the packages which are named, from PyPI, in a folder of its own: TUTTI_TOOLS, or
# ~/.cache/tutti-tools. Installs what is missing there.
set -euo pipefail

tools=${TUTTI_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/tutti-tools}
[ -x "$tools/bin/python" ] || python3 -m venv "$tools" >&2
"$tools/bin/pip" show --quiet "$@" 2>/dev/null || "$tools/bin/pip" install --quiet --disable-pip-version-check "$@" >&2
echo "$tools/bin/python"
