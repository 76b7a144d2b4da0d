#!/usr/bin/env bash
# Pictures of a fit's report as it looks in English and French, in light and dark, on a wide screen and on a telephone, and as
# it is printed: Deploy/screenshots-report.sh RESULTS FOLDER. Asks for Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."
results=$1
folder=$2
tutti=${TUTTI:-.build/release/tutti}
mkdir -p "$folder"
folder=$(realpath "$folder")

shoot() { # NAME PAGE WIDTH HEIGHT [OPTION...]
  local name=$1 page=$2 width=$3 height=$4
  shift 4
  chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --allow-file-access-from-files --window-size="$width,$height" "$@" \
    --screenshot="$folder/$name.png" "file://$page" 2>/dev/null
}

for language in en fr; do
  page=$folder/report-$language.html
  "$tutti" report "$results" --lang "$language" --audience full --out "$page" >/dev/null
  for scheme in light dark; do
    dark=()
    [ "$scheme" = light ] || dark=(--blink-settings=preferredColorScheme=0)
    shoot "$language-$scheme-1280" "$page" 1280 "${HEIGHT:-5200}" "${dark[@]}"
    # Headless windows are no narrower than 500 pixels: a frame of the telephone's width holds the page.
    printf '<!doctype html><meta name="color-scheme" content="light dark"><body style="margin:0"><iframe src="%s" style="width:390px;height:%spx;border:0;color-scheme:light dark"></iframe>' \
      "$page" "${HEIGHT_NARROW:-9000}" >"$folder/frame.html"
    shoot "$language-$scheme-390" "$folder/frame.html" 500 "${HEIGHT_NARROW:-9000}" "${dark[@]}"
  done
  chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer --print-to-pdf="$folder/$language.pdf" \
    "file://$page" 2>/dev/null
done
rm -f "$folder/frame.html"
ls "$folder"
