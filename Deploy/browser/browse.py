"""Reads as people do: watches a job finish on the dashboard, opens its report there, moves the planner, and holds what is
shown against the result files and `tutti optimize`.

    browse.py ADDRESS JOB TUTTI FOLDER
"""
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "screenshots"))
import report
from capture import Chromium

address, job, tutti, folder = sys.argv[1:]
FINISH_SECONDS = 180


def run(*words):
    return subprocess.run([tutti, *words], check=True, capture_output=True, text=True).stdout


browser = Chromium()
try:
    # Watched from before its end: nobody asks for the page again, its events do the rest.
    browser.go(f"{address}/jobs/{job}")
    states, began = [], time.monotonic()
    while True:
        text = browser.evaluate("document.body?.innerText ?? ''")
        state = next((word for word in ("succeeded", "failed", "assembling", "running", "queued") if word in text), "?")
        if state not in states:
            states.append(state)
        if state in ("succeeded", "failed"):
            break
        assert time.monotonic() - began < FINISH_SECONDS, f"the job did not finish: {states}"
        time.sleep(0.2)
    assert states[-1] == "succeeded" and len(states) > 1, states
    print(f"the page told by itself: {' → '.join(states)}")

    link = None
    while not link:
        link = browser.evaluate(
            "(() => { const a = [...document.querySelectorAll('a')].find(a => a.href.includes('report.html'));"
            " return a && a.href; })()")
        assert link or time.monotonic() - began < FINISH_SECONDS, "the finished job's page has no link to its report"
        time.sleep(0.2)
    results = f"{folder}/results"
    try:
        run("results", job, "--into", results)
    except subprocess.CalledProcessError as error:
        # The gate is not what is looked at.
        assert error.returncode == 3, error.stderr

    report.hold(browser, link, results, tutti, folder)
finally:
    browser.end()
