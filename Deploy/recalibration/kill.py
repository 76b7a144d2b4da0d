#!/usr/bin/env python3
"""Kills recalibration at random moments, and looks at what it leaves.

Each round adds a week to the data, starts `tutti recalibrate`, kills it and all its processes with SIGKILL after a random
time, looks whether the accepted result is whole and has its line in the trail, and starts it again until it ends by itself.

    Deploy/recalibration/kill.py --tutti .build/bin/tutti --kills 50

Needs Python 3 and no package. Ends with 1 where anything was lost, or was there by half.
"""
import argparse, hashlib, json, os, random, shutil, signal, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from year import BASE, Year


def kill_all(process):
    """Everything of the process's session, as a machine that loses its power would."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
    # Slots are sessions of their own, and end when their parent is gone.
    time.sleep(0.05)


def look(year, lines_before):
    """What a reader finds at this moment: faults, as sentences."""
    root = os.path.join(year.folder, "accepted", "model")
    with open(os.path.join(root, "trail.jsonl"), "rb") as file:
        content = file.read()
    whole = content[: content.rfind(b"\n") + 1].decode().splitlines()
    faults = []
    if len(whole) < lines_before:
        faults.append("a line of the trail is gone")
    entries = [json.loads(line) for line in whole]
    for earlier, entry in zip([""] + whole, entries):
        digest = hashlib.sha256(earlier.encode()).hexdigest() if earlier else ""
        if entry["previous"] != digest:
            faults.append(f"the line of {entry['night']} does not follow the one before")
    accepted = [entry for entry in entries if entry["accepts"]]
    target = os.readlink(os.path.join(root, "accepted"))
    folders = [f"nights/{entry['folder']}/results" for entry in accepted]
    if target not in folders[-2:]:
        faults.append(f"the accepted result is {target}, and the trail accepts {folders[-1]}")
    for folder in {target, folders[-1]}:
        with open(os.path.join(root, folder, "run.json")) as file:
            manifest = json.load(file)
        for name, digest in manifest["files"].items():
            with open(os.path.join(root, folder, name), "rb") as file:
                if hashlib.sha256(file.read()).hexdigest() != digest:
                    faults.append(f"{folder}/{name} is not whole")
    return faults, len(whole)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tutti", default=".build/bin/tutti")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    folder = tempfile.mkdtemp(prefix="tutti-kill-")
    faults, kills, week = [], 0, 0
    try:
        year = Year(options.tutti, folder, options.seed)
        year.write(BASE)
        code, _, err = year.run("--date", year.date(0))
        if code != 0:
            sys.exit(f"the first fit ended with {code}: {err}")
        started = time.time()
        _, lines = look(year, 1)
        year.write(BASE + 1)
        year.run("--date", year.date(1))
        length = time.time() - started
        week, lines = 1, 2
        while kills < options.kills:
            week += 1
            year.write(BASE + week)
            command = [year.tutti, "recalibrate", os.path.join(folder, "plan.yaml"), "--date", year.date(week), "--quiet"]
            while True:
                process = subprocess.Popen(
                    command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
                try:
                    process.communicate(timeout=draw.uniform(0, 1.05 * length) if kills < options.kills else None)
                    break
                except subprocess.TimeoutExpired:
                    kill_all(process)
                    kills += 1
                    found, lines = look(year, lines)
                    faults += [f"kill {kills} in week {week}: {fault}" for fault in found]
            if process.returncode not in (0, 5):
                faults.append(f"week {week} ended with {process.returncode}")
            found, lines = look(year, lines)
            faults += [f"after week {week}: {fault}" for fault in found]
            print(f"week {week}: {kills} kills, {lines} lines, {len(faults)} faults", flush=True)
    finally:
        shutil.rmtree(folder)
    print(f"{kills} kills in {week} nights, {len(faults)} faults")
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
