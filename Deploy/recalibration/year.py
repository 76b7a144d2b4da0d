#!/usr/bin/env python3
"""A simulated year of recalibration: 52 weekly drops on one model, with accidents planted among them.

Plays an operator and a data team: every week the file of the model grows by a row, `tutti recalibrate` is run, and its
exit code is compared with what the week should come to. Needs Python 3 and no package.

    Deploy/recalibration/year.py --tutti .build/bin/tutti --page Deploy/recalibration/results.md

Ends with 1 where a verdict, the trail or one of the bounds is not as it should be.
"""
import argparse, csv, datetime, json, math, os, random, shutil, signal, statistics, subprocess, sys, tempfile, threading, time

FIRST = datetime.date(2023, 1, 2)
BASE, WEEKS = 104, 52
CHANNELS = ("tv", "video", "search")

MODEL = """\
tutti: 1
name: year
data: {sources: [{file: data.csv}], date: week, frequency: week}
kpi: {column: revenue, currency: EUR, margin: 0.4}
channels:
  - {name: tv, kind: brand, spend: tv}
  - {name: video, kind: brand, spend: video}
  - {name: search, kind: performance, spend: search}
controls: [price{controls}]
trend: {kind: linear}
seasonality: [{period: 365.25, harmonics: 2}]
"""

PLAN = """\
recalibration: year
folder: accepted
period: week
audit: never
models: [{model: model.yaml}]
"""

# Accidents by the week of the year in which they are first seen, and what the night should come to.
TWICE, DEAD_WORKER, REGIME, FEED, RESTATED, LATE = 8, 12, 18, 28, 36, 44


def world(seed):
    """All rows of three years, the truth of a model of the family that is fitted."""
    draw = random.Random(seed)
    rows, stock = [], {name: 0.0 for name in CHANNELS}
    retention = {"tv": 0.6, "video": 0.4, "search": 0.1}
    ceiling = {"tv": 260.0, "video": 150.0, "search": 200.0}
    half = {"tv": 60.0, "video": 30.0, "search": 25.0}
    for week in range(BASE + WEEKS):
        season = 40 * math.sin(2 * math.pi * week / 52.18) + 25 * math.cos(2 * math.pi * week / 52.18)
        price = 10 + 0.5 * draw.gauss(0, 1)
        left = int(week >= BASE + REGIME - 1)
        row = {"week": FIRST + datetime.timedelta(weeks=week), "price": round(price, 3), "customer_left": left}
        media = 0.0
        for name in CHANNELS:
            spend = max(1.0, draw.gauss(1, 0.45)) * {"tv": 40, "video": 20, "search": 25}[name]
            row[name] = round(spend, 2)
            stock[name] = retention[name] * stock[name] + (1 - retention[name]) * row[name]
            media += ceiling[name] * stock[name] / (half[name] + stock[name])
        row["revenue"] = round(900 + 0.4 * week + season - 15 * (price - 10) + media + draw.gauss(0, 22), 2)
        rows.append(row)
    return rows


class Year:
    def __init__(self, tutti, folder, seed):
        self.tutti, self.folder, self.rows = os.path.abspath(tutti), folder, world(seed)
        self.nights, self.faults, self.moves = [], [], []
        self.put("plan.yaml", PLAN)
        self.put("model.yaml", MODEL.replace("{controls}", ""))

    def put(self, name, text):
        with open(os.path.join(self.folder, name), "w") as file:
            file.write(text)

    def write(self, count, change=None):
        rows = [dict(row) for row in self.rows[:count]]
        if change:
            change(rows)
        with open(os.path.join(self.folder, "data.csv"), "w", newline="") as file:
            writer = csv.DictWriter(file, ["week", "revenue", "price", "customer_left", *CHANNELS])
            writer.writeheader()
            writer.writerows(rows)

    def run(self, *arguments, kill_worker=False):
        command = [self.tutti, "recalibrate", os.path.join(self.folder, "plan.yaml"), *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if kill_worker:
            threading.Thread(target=self.kill_one, args=(process.pid,), daemon=True).start()
        out, err = process.communicate()
        return process.returncode, out, err

    @staticmethod
    def kill_one(parent):
        """Kills the first slot process that comes to be."""
        for _ in range(400):
            found = subprocess.run(["pgrep", "-f", "slot --parent"], capture_output=True, text=True).stdout.split()
            if found:
                time.sleep(0.3)
                try:
                    os.kill(int(found[0]), signal.SIGKILL)
                except ProcessLookupError:
                    pass
                return
            time.sleep(0.01)

    def date(self, week):
        return (FIRST + datetime.timedelta(weeks=BASE + week)).isoformat()

    def trail(self):
        path = os.path.join(self.folder, "accepted", "model", "trail.jsonl")
        with open(path) as file:
            return [json.loads(line) for line in file]

    def night(self, week, what, expected, **options):
        started = time.time()
        code, out, err = self.run("--date", self.date(week), **options)
        entry = self.trail()[-1]
        verdict = {0: "PROMOTE", 5: "HOLD", 6: "FAIL"}.get(code, f"exit {code}")
        night = {
            "week": week, "what": what, "verdict": verdict, "expected": expected, "sentence": entry["sentence"],
            "seconds": time.time() - started, "entry": entry,
        }
        self.nights.append(night)
        if verdict not in expected:
            self.faults.append(f"week {week} ({what}): {verdict} in place of {' or '.join(expected)}: {entry['sentence']}\n{err}")
        self.check_accepted()
        if verdict == "PROMOTE" and entry.get("basis"):
            self.note_moves(week, what, entry)
        print(f"week {week:2} {what:28} {verdict:8} {night['seconds']:5.1f} s  {entry['sentence'][:110]}", flush=True)
        return night

    def check_accepted(self):
        """The accepted results are whole, and the trail has the line that accepted them."""
        link = os.path.join(self.folder, "accepted", "model", "accepted")
        accepted = [entry for entry in self.trail() if entry["accepts"]]
        if not accepted:
            return
        target = os.readlink(link)
        if target != f"nights/{accepted[-1]['folder']}/results":
            self.faults.append(f"the link is at {target}, the trail at {accepted[-1]['folder']}")
        with open(os.path.join(link, "run.json")) as file:
            json.load(file)

    def note_moves(self, week, what, entry):
        path = os.path.join(self.folder, "accepted", "model", "nights", entry["folder"], "moved.json")
        with open(path) as file:
            rows = json.load(file)["rows"]
        for row in rows:
            parts = [row[name]["change"] for name in ("new_weeks", "restated_history", "changed_model", "monte_carlo_error")]
            size = max(abs(part) for part in parts + [row["old_mean"], row["new_mean"]])
            if abs(sum(parts) - row["change"]) > 1e-9 * size:
                self.faults.append(f"week {week}: the parts of {row['quantity']} do not add up")
            if row["quantity"].startswith("roi["):
                self.moves.append({
                    "week": week, "what": what, "quantity": row["quantity"], "moved": abs(row["change"]) / row["old_sd"],
                    "error": abs(row["monte_carlo_error"]["change"]) / row["old_sd"], "unexplained": row["unexplained"],
                    "separation": row["separation"], "first": row["weeks"][0]["week"] if row["weeks"] else None,
                })

    def override(self, week, why):
        code, out, err = self.run("--override", self.trail()[-1]["night"], "--by", "operator", "--why", why)
        if code != 5 and code != 0:
            self.faults.append(f"week {week}: the override ended with {code}: {err}")
        self.check_accepted()

    def play(self):
        quiet = ("PROMOTE",)
        self.write(BASE)
        self.night(0, "first fit", quiet)
        regime = lambda rows: [row.update(revenue=round(row["revenue"] - 260, 2)) for row in rows[BASE + REGIME - 1:]]
        restated = lambda rows: [row.update(revenue=round(row["revenue"] * 1.03, 2)) for row in rows[90:96]]
        changes = []
        def change(rows):
            for one in changes:
                one(rows)
        for week in range(1, WEEKS + 1):
            count = BASE + week
            if week == TWICE:
                self.write(count, change)
                self.night(week, "quiet", quiet)
                lines = len(self.trail())
                self.night(week, "the same night again", quiet)
                if len(self.trail()) != lines:
                    self.faults.append("a night that was run twice has two lines")
            elif week == DEAD_WORKER:
                self.write(count, change)
                self.night(week, "a worker is killed", quiet, kill_worker=True)
            elif week == REGIME:
                changes.append(regime)
                self.write(count, change)
                self.night(week, "regime change", ("FAIL", "HOLD"))
            elif week == REGIME + 1:
                # Somebody has found out what happened, and says so in the model.
                self.put("model.yaml", MODEL.replace("{controls}", ", customer_left"))
                self.write(count, change)
                self.night(week, "the model learns of it", ("FAIL", "HOLD"))
                self.override(week, "the largest customer has left; the model has a step for it")
            elif week == FEED:
                self.write(count, lambda rows: (change(rows), rows[-1].update(video=0)))
                self.night(week, "broken feed", ("HOLD", "FAIL"))
            elif week == RESTATED:
                changes.append(restated)
                self.write(count, change)
                self.night(week, "restated history", ("HOLD",))
                self.override(week, "finance has closed the quarter")
            elif week == LATE:
                self.write(count - 1, change)
                self.night(week, "late file", ("HOLD",))
            else:
                self.write(count, change)
                self.night(week, "quiet", quiet)


def page(year, path, seed):
    quiet = [move for move in year.moves if move["what"] == "quiet"]
    median = statistics.median(move["moved"] for move in quiet)
    unexplained = max(move["error"] for move in quiet)
    lines = [
        "# A year of recalibration", "",
        f"`Deploy/recalibration/year.py --seed {seed}`: {WEEKS} weekly drops on one model of three channels, "
        f"{BASE} weeks before the first.", "",
        "| what | asked | measured |", "| --- | --- | --- |",
        f"| verdicts that are not the right ones | 0 | {len(year.faults)} |",
        f"| quiet weeks: median of the change of ROI over its standard deviation | < 0.15 | {median:.3f} |",
        f"| quiet weeks: largest Monte Carlo part of a change of ROI, in standard deviations | < 0.1 | {unexplained:.3f} |",
        f"| seconds a night, median | | {statistics.median(night['seconds'] for night in year.nights):.1f} |",
        "", "| week | what | verdict | why |", "| --- | --- | --- | --- |",
    ]
    lines += [
        f"| {night['week']} | {night['what']} | {night['verdict']} | {night['sentence']} |"
        for night in year.nights if night["what"] != "quiet" or night["verdict"] != "PROMOTE"
    ]
    lines += [""] + [f"- {fault.splitlines()[0]}" for fault in year.faults]
    with open(path, "w") as file:
        file.write("\n".join(lines).rstrip() + "\n")
    return median, unexplained


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tutti", default=".build/bin/tutti")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--page", help="write what was measured to this file")
    parser.add_argument("--keep", help="play in this new folder and leave it")
    options = parser.parse_args()
    folder = options.keep or tempfile.mkdtemp(prefix="tutti-year-")
    os.makedirs(folder, exist_ok=True)
    year = Year(options.tutti, folder, options.seed)
    try:
        year.play()
        median, unexplained = page(year, options.page or os.path.join(folder, "results.md"), options.seed)
        print(f"median |change of ROI|/sd over quiet weeks {median:.3f}, largest Monte Carlo part {unexplained:.3f}")
        if median >= 0.15 or unexplained >= 0.1:
            year.faults.append("a bound is not kept")
        for fault in year.faults:
            print(fault, file=sys.stderr)
    finally:
        if not options.keep:
            shutil.rmtree(folder)
    sys.exit(1 if year.faults else 0)


if __name__ == "__main__":
    main()
