#!/bin/sh
# Proves that panels pass: Deploy/panels.sh [WORKERS] [SEED]. Makes 20 panels of 3 to 50 geos and 3 to 10 channels, a KPI of
# each from the prior of the default panel model, and fits them under default settings. Writes Deploy/panels/results.md;
# ends with 1 when more than one panel does not converge. SEED is that of the first panel, 1 if not given.
set -u
cd "$(dirname "$0")/.."
workers=${1:-$(nproc)}
seed=${2:-1}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

swift build -c release --product tutti >&2 || exit 1
tutti=.build/release/tutti
page=$folder/results.md
failed=0

# Weekly media of geos of different sizes, in flights that all geos share, and a KPI that only gives the scale.
# panel GEOS WEEKS CHANNELS SEED: a model and its data in $folder/base.
panel() {
    mkdir "$folder/base"
    awk -v geos="$1" -v weeks="$2" -v channels="$3" -v seed="$4" -v folder="$folder/base" '
        # Park and Miller (1988), the same with every awk.
        function uniform() { state = (state * 48271) % 2147483647; return state / 2147483647 }
        function normal() { return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform()) }
        BEGIN {
            state = 1000 * seed + 7
            for (i = 0; i < 20; i++) uniform()
            data = folder "/data.csv"
            printf "date,geo,kpi,price,population" >data
            for (c = 1; c <= channels; c++) printf ",m%d", c >data
            printf "\n" >data
            for (c = 1; c <= channels; c++) {
                share[c] = 0.01 + 0.05 * uniform()
                wave = 0
                for (t = 1; t <= weeks; t++) {
                    wave = 0.7 * wave + normal()
                    flight[c, t] = c % 3 == 0 && uniform() > 0.75 ? 0 : exp(0.5 * wave)
                }
            }
            price = 10
            for (t = 1; t <= weeks; t++) {
                prices[t] = price += 0.1 * normal()
                command = sprintf("date -u -d \"2021-01-04 +%d days\" +%%F", 7 * (t - 1))
                command | getline days[t]
                close(command)
            }
            for (g = 1; g <= geos; g++) {
                size = exp((seed % 2 ? 0.6 : 0.04) * normal())
                for (c = 1; c <= channels; c++) own[c] = share[c] * exp(0.3 * normal())
                for (t = 1; t <= weeks; t++) {
                    level = 1000 * size * exp(0.1 * sin(6.283185307179586 * t / 52.18 + 1)) * (1 + 0.08 * normal())
                    printf "%s,g%02d,%.4f,%.4f,%.0f", days[t], g, level, prices[t] + 0.3 * normal(), 1e5 * size >data
                    for (c = 1; c <= channels; c++)
                        printf ",%.4f", 1000 * size * own[c] * flight[c, t] * exp(0.3 * normal()) >data
                    printf "\n" >data
                }
            }
            model = folder "/model.yaml"
            print "tutti: 1\nname: panel" >model
            print "data: {sources: [{file: data.csv}], date: date, geo: geo, frequency: week}" >model
            print "kpi: {column: kpi, currency: EUR" (seed % 2 ? ", population: population" : "") "}\nchannels:" >model
            for (c = 1; c <= channels; c++) printf "  - {name: m%d, kind: performance, spend: m%d}\n", c, c >model
            print "controls: [price]\nseasonality: [{period: 365.25, harmonics: 2}]" >model
        }'
}

# number KEY: the first number of a key in run.json.
number() { sed -n "s/^ *\"$1\" : \([0-9.e+-]*\),*$/\1/p" "$folder/results/run.json" | head -n 1; }

study() {
    panel "$1" "$2" "$3" "$seed"
    "$tutti" simulate "$folder/base/model.yaml" --out "$folder/world" --seed "$seed" >/dev/null || exit 1
    "$tutti" fit "$folder/world/model.yaml" --out "$folder/results" --workers "$workers" >"$folder/words" 2>&1
    code=$?
    case $code in
    0) verdict=passed ;;
    3) verdict=failed failed=$((failed + 1)) ;;
    *) cat "$folder/words" >&2; exit 1 ;;
    esac
    divergences=$(sed -n '/"verdict"/,$s/^ *"divergences" : \([0-9]*\),*$/\1/p' "$folder/results/run.json" | head -n 1)
    # The last one is that of parameters and reported figures together.
    r_hat=$(sed -n '/"r_hat_max" : {/,/}/s/^ *"value" : \([0-9.e+-]*\)$/\1/p' "$folder/results/run.json" | tail -n 1)
    printf '| %d | %d | %d | %d | %s | %.3f | %s | %.0f | %.0f |\n' "$seed" "$1" "$2" "$3" "${divergences:-?}" \
        "${r_hat:-nan}" "$verdict" "$(number wall_seconds)" "$(number cpu_seconds)" | tee -a "$page" >&2
    rm -rf "$folder/base" "$folder/world" "$folder/results" "$folder/results.state"
    seed=$((seed + 1))
}

cat >"$page" <<'HEAD'
# Panels

Written by Deploy/panels.sh: panels simulated from the prior of the default panel model and fitted under default
settings, 4 chains of 1,000 draws. A fit passes when the convergence gate says so; a world of which it does not is one
that the model describes and the sampler does not master.

| seed | geos | weeks | channels | divergences | worst R-hat | verdict | seconds | processor seconds |
| ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: |
HEAD
while read -r geos weeks channels; do
    study "$geos" "$weeks" "$channels" </dev/null
done <<'SIZES'
3 104 3
3 104 3
3 104 3
5 104 4
5 104 4
5 104 4
8 104 4
8 104 4
8 104 4
10 104 6
10 104 6
12 130 5
12 130 5
15 104 10
20 120 5
20 120 5
20 120 5
30 104 4
50 156 8
50 156 8
SIZES
printf '\n%d of 20 did not pass, on %s workers of a machine with %s processors.\n' "$failed" "$workers" "$(nproc)" \
    >>"$page"
cp "$page" Deploy/panels/results.md
[ "$failed" -le 1 ]
