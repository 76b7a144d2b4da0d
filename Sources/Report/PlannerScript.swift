/// The planner's script. It uses nothing but the page.
enum PlannerScript {
    /// The fragment `#plan=tv:1000,radio:500` sets a plan, so that one can be sent to somebody.
    static let text = #"""
        (() => {
          "use strict";
          const get = (id) => document.getElementById(id);
          const data = JSON.parse(get("plan-data").textContent);
          const form = JSON.parse(get("plan-form").textContent);
          const count = data.drawCount, length = data.length;
          const numbers = data.numbers.map((text) => {
            const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
            const view = new DataView(bytes.buffer);
            const values = new Float64Array(bytes.length / 4);
            for (let place = 0; place < values.length; place++) values[place] = view.getFloat32(4 * place, true);
            return values;
          });
          const channels = data.channels.map((name, index) => ({ spend: data.spend[index], money: data.spend[index] }));
          const today = channels.reduce((sum, channel) => sum + channel.spend, 0);

          // Channels that add up: what a channel's money brings beyond today's, by Clenshaw's recurrence at each draw.
          const adding = () => {
            const low = Math.log(0.5), high = Math.log(2);
            const parts = numbers.map((all) => ({
              now: all.subarray(0, count), terms: all.subarray(count), change: new Float64Array(count),
            }));
            const move = (index, multiple) => {
              const { now, terms, change } = parts[index];
              if (multiple === 1) { change.fill(0); return; }
              if (multiple === 0) { for (let draw = 0; draw < count; draw++) change[draw] = -now[draw]; return; }
              const place = (2 * Math.log(multiple) - low - high) / (high - low);
              for (let draw = 0; draw < count; draw++) {
                let last = 0, before = 0;
                for (let term = length - 1; term > 0; term--) {
                  const next = terms[draw * length + term] + 2 * place * last - before;
                  before = last; last = next;
                }
                change[draw] = terms[draw * length] + place * last - before;
              }
            };
            return {
              move,
              revenueNow: Float64Array.from({ length: count }, (_, draw) =>
                parts.reduce((sum, part) => sum + part.now[draw], 0)),
              change: (draw) => parts.reduce((sum, part) => sum + part.change[draw], 0),
            };
          };

          // Channels that multiply each other: terms of the logarithm by draw, geo and period, the curves as the model has them.
          const multiplying = () => {
            const { geoCount, periodCount, tracks } = data.growth, rest = numbers[data.growth.rest];
            const cells = geoCount * periodCount, least = 2.2250738585072014e-308;
            const logMillionth = Math.log(1e-6);
            const share = (logOdds) => 1 / (1 + Math.exp(-logOdds));
            const curves = {
              hill: (a, logEC, slope) =>
                a <= least ? 0 : share(slope * Math.max(Math.log(a) - logEC, logMillionth)),
              concaveHill: (a, ec) => a / (a + ec),
              logistic: (a, lam) => Math.tanh(0.5 * lam * a),
              sigmoid: (a, rate, steepest) => -Math.expm1(-rate * a) * share(rate * (a - steepest)) * share(rate * steepest),
              root: (a, exponent) => a <= least ? 0 : Math.pow(Math.max(a, 1e-6), exponent),
              log: (a) => Math.log1p(a),
              none: (a) => a,
            };
            const add = (track, multiple, sums) => {
              const curve = curves[track.curve], first = track.saturatesFirst;
              const heights = numbers[track.heights], parameters = numbers[track.parameters], weights = numbers[track.weights];
              const lead = track.history.length, lags = lead + 1, arity = parameters.length / count;
              const exposures = new Float64Array(lead + periodCount);
              exposures.set(track.history);
              track.planned.forEach((value, period) => { exposures[lead + period] = multiple * value; });
              const inner = first ? new Float64Array(exposures.length) : exposures;
              for (let draw = 0; draw < count; draw++) {
                const p = parameters[draw * arity], q = parameters[draw * arity + 1];
                if (first) {
                  const factor = track.frequency === undefined ? undefined : curve(track.frequency, p, q);
                  for (let place = 0; place < inner.length; place++) {
                    inner[place] = factor === undefined ? curve(exposures[place], p, q) : factor * exposures[place];
                  }
                }
                const start = draw * cells + track.geo * periodCount;
                for (let period = 0; period < periodCount; period++) {
                  let carried = 0;
                  for (let lag = 0; lag < lags; lag++) carried += weights[draw * lags + lag] * inner[lead + period - lag];
                  sums[start + period] += heights[draw] * (first ? carried : curve(carried, p, q));
                }
              }
            };
            const terms = (index, multiple) => {
              const sums = new Float64Array(count * cells);
              for (const track of tracks) if (track.channel === index) add(track, multiple, sums);
              return sums;
            };
            const now = channels.map((channel, index) => terms(index, 1));
            // What a change of the terms brings at each draw, from all cells of today's plan.
            const grown = new Float64Array(rest);
            for (let cell = 0; cell < grown.length; cell++) {
              let sum = 0;
              for (const own of now) sum += own[cell];
              grown[cell] *= Math.exp(sum);
            }
            const brought = (changes) => (draw) => {
              let total = 0;
              for (let cell = draw * cells; cell < (draw + 1) * cells; cell++) {
                let change = 0;
                for (const own of changes) if (own) change += own[cell];
                total += grown[cell] * Math.expm1(change);
              }
              return total;
            };
            const changes = channels.map(() => null);
            const change = (index, multiple) => {
              const own = terms(index, multiple);
              for (let cell = 0; cell < own.length; cell++) own[cell] -= now[index][cell];
              return own;
            };
            const withoutMoney = brought(channels.map((channel, index) => change(index, 0)));
            return {
              move: (index, multiple) => { changes[index] = multiple === 1 ? null : change(index, multiple); },
              revenueNow: Float64Array.from({ length: count }, (_, draw) => -withoutMoney(draw)),
              change: brought(changes),
            };
          };
          const model = data.growth ? multiplying() : adding();
          const quantile = (sorted, share) => {
            const place = share * (sorted.length - 1), floor = Math.floor(place);
            const next = sorted[Math.min(floor + 1, sorted.length - 1)];
            return sorted[floor] + (place - floor) * (next - sorted[floor]);
          };
          const estimate = (values) => {
            const sorted = Float64Array.from(values).sort();
            let sum = 0;
            for (const value of values) sum += value;
            return { mean: sum / values.length, q05: quantile(sorted, 0.05), q95: quantile(sorted, 0.95) };
          };
          const judge = () => {
            const budget = channels.reduce((sum, channel) => sum + channel.money, 0);
            const revenue = new Float64Array(count), profit = new Float64Array(count), gain = new Float64Array(count);
            let better = 0;
            for (let draw = 0; draw < count; draw++) {
              const change = model.change(draw);
              revenue[draw] = model.revenueNow[draw] + change;
              profit[draw] = data.margin * revenue[draw] - budget;
              gain[draw] = data.margin * change - (budget - today);
              if (gain[draw] > 0) better++;
            }
            return { budget, revenue: estimate(revenue), profit: estimate(profit), gain: estimate(gain), chance: better / count };
          };

          // Numbers as on the rest of the page.
          const scale = (value) => {
            const size = Math.abs(value);
            for (const [unit, word] of [[1e9, 2], [1e6, 1], [1e3, 0]]) {
              if (size >= 0.9995 * unit) return { unit, word: form.gap + form.units[word] };
            }
            return { unit: 1, word: "" };
          };
          const digits = (value) => Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2;
          const fixed = (value, places) => {
            const text = Math.abs(value).toFixed(places).replace(".", form.decimalMark);
            return (value < 0 && /[1-9]/.test(text) ? "−" : "") + text;
          };
          const money = (value, signed) => {
            const { unit, word } = scale(value);
            const text = fixed(Math.abs(value) / unit, digits(value / unit)) + word;
            const sign = value < 0 && /[1-9]/.test(text) ? "−" : signed ? "+" : "";
            const after = form.after === "" ? "" : (word === "" ? form.gap : form.joint) + form.after;
            return sign + form.before + text + after;
          };
          const told = (values, signed) => {
            const { unit } = scale(values.mean), places = digits(values.mean / unit);
            const ends = [values.q05, values.q95].map((end) => (signed && end > 0 ? "+" : "") + fixed(end / unit, places));
            return money(values.mean, signed) + " [" + ends.join(form.between) + "]";
          };
          const share = (value) => fixed(100 * value, 0) + form.percent;

          const chance = (value) => value >= 0.995 ? ">\u202f" + share(0.99) : value < 0.005 ? "<\u202f" + share(0.01) : share(value);

          const before = judge();
          const show = () => {
            const result = judge();
            get("plan-budget").textContent = money(result.budget);
            get("plan-revenue").textContent = told(result.revenue);
            get("plan-profit").textContent = told(result.profit);
            const isToday = result.budget === today && result.gain.mean === 0;
            get("plan-gain").textContent = isToday ? "–" : told(result.gain, true);
            get("plan-chance").textContent = isToday ? "–" : chance(result.chance);
            get("plan").dataset.result = JSON.stringify(result);
          };
          const draw = (index) => {
            const channel = channels[index], multiple = channel.money / channel.spend;
            const field = get("plan-" + index), slide = get("plan-slide-" + index);
            if (!field) return;
            if (document.activeElement !== field) field.value = Math.round(channel.money);
            field.removeAttribute("aria-invalid");
            slide.value = Math.round(100 * multiple);
            const change = multiple - 1;
            get("plan-share-" + index).textContent = (change > 0 ? "▲ +" : change < 0 ? "▼ " : "") + share(change);
          };
          const allowed = (channel, money) => money === 0
            || money >= 0.5 * channel.spend * (1 - 1e-9) && money <= 2 * channel.spend * (1 + 1e-9);
          const set = (index, money) => {
            if (!allowed(channels[index], money)) {
              get("plan-" + index).setAttribute("aria-invalid", "true");
              return;
            }
            channels[index].money = money;
            const { spend } = channels[index];
            model.move(index, spend === 0 ? 1 : money / spend);
            draw(index);
          };
          const setAll = (all) => {
            channels.forEach((channel, index) => set(index, channel.spend === 0 ? 0 : all[index]));
            show();
          };
          channels.forEach((channel, index) => {
            const field = get("plan-" + index), slide = get("plan-slide-" + index);
            if (!field) return;
            slide.addEventListener("input", () => { set(index, channel.spend * slide.value / 100); show(); });
            field.addEventListener("input", () => { set(index, Number(field.value)); show(); });
          });
          get("plan-today").addEventListener("click", () => setAll(data.spend));
          get("plan-proposed").addEventListener("click", () => setAll(data.proposed));
          get("plan-budget-now").textContent = money(before.budget);
          get("plan-revenue-now").textContent = told(before.revenue);
          get("plan-profit-now").textContent = told(before.profit);
          get("plan-gain-now").textContent = get("plan-chance-now").textContent = "–";
          const wished = new Map(decodeURIComponent(location.hash).replace(/^#plan=/, "").split(",").map((part) => {
            const end = part.lastIndexOf(":");
            return [part.slice(0, end), Number(part.slice(end + 1))];
          }));
          setAll(data.channels.map((name, index) => wished.has(name) ? wished.get(name) : data.spend[index]));
          get("plan").hidden = false;
        })();
        """#
}
