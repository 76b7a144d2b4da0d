"""Reads a finished report in Chromium: how fast it opens, that it loads nothing, its contributions against channels.csv, and
its planner against `tutti optimize --plan`.
"""
import csv
import json
import re
import subprocess

# What a reader does not feel.
MOVE_MILLISECONDS, OPEN_MILLISECONDS = 50, 1000


def close(name, shown, right, relative):
    assert abs(shown - right) <= relative * max(abs(right), 1e-12), f"{name}: shown {shown}, right {right}"


def hold(browser, link, results, tutti, folder):
    """
    :param link: the report's address.
    :param results: the folder of the results that it is made of.
    :param folder: for what is written.
    """
    browser.go(link)
    opened = browser.evaluate("(() => { const t = performance.getEntriesByType('navigation')[0];"
                              " return t.loadEventEnd - t.startTime; })()")
    assert opened < OPEN_MILLISECONDS, f"the report took {opened:.0f} ms to open"
    foreign = browser.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
    assert not foreign, f"the report loads {foreign}"
    print(f"the report opened in {opened:.0f} ms and loaded nothing else")

    # Contributions as the report prints them, line by line, against channels.csv.
    with open(f"{results}/channels.csv") as file:
        channels = {row["channel"]: row for row in csv.DictReader(file)}
    printed = browser.evaluate(
        "Object.fromEntries([...document.querySelectorAll('tr')].map(r => [r.querySelector('th')?.textContent.trim(),"
        " r.querySelector('td')?.textContent.trim()]).filter(([a, b]) => a && b && /^€[0-9,]+$/.test(b)))")
    held = 0
    for name, row in channels.items():
        if name in printed:
            shown = float(re.sub(r"[^0-9.]", "", printed[name]))
            close(f"contribution of {name}", shown, float(row["contribution_mean"]), 1e-5)
            held += 1
    assert held == len(channels), f"{held} of {len(channels)} channels have a line: {printed}"

    # The planner, by its fields.
    spend = browser.evaluate("JSON.parse(document.getElementById('plan-data').textContent).spend")
    names = browser.evaluate("JSON.parse(document.getElementById('plan-data').textContent).channels")
    factors = [1.3, 0.7, 1.15, 0.85, 1.25, 0.9]
    plan, slowest = {}, 0.0
    for index, name in enumerate(names):
        money = spend[index]
        if money > 0:
            money *= factors[index % len(factors)]
            slowest = max(slowest, browser.evaluate(
                f"(() => {{ const field = document.getElementById('plan-{index}'); field.value = '{money!r}';"
                " const start = performance.now(); field.dispatchEvent(new Event('input', {bubbles: true}));"
                " document.body.offsetHeight; return performance.now() - start; })()"))
        plan[name] = money
    assert slowest < MOVE_MILLISECONDS, f"a move of the planner took {slowest:.0f} ms"
    shown = json.loads(browser.evaluate("document.getElementById('plan').dataset.result"))
    with open(f"{folder}/plan.csv", "w") as file:
        file.write("channel,spend\n" + "".join(f"{name},{money!r}\n" for name, money in plan.items()))
    scored = subprocess.run(
        [tutti, "optimize", results, "--plan", f"{folder}/plan.csv", "--out", f"{folder}/scored", "--json"], check=True,
        capture_output=True, text=True)
    right = json.loads(scored.stdout)
    close("budget", shown["budget"], right["proposed"], 1e-6)
    scale = abs(right["proposed_profit"]["mean"])
    for figure in ("mean", "q05", "q95"):
        close(f"profit, {figure}", shown["profit"][figure], right["proposed_profit"][figure], 1e-6)
        assert abs(shown["gain"][figure] - right["gain"][figure]) <= 1e-6 * scale, (figure, shown["gain"], right["gain"])
    close("chance", shown["chance"], right["chance"], 1e-6)
    print(f"{held} contributions and the planner's profit, gain and chance are those of channels.csv and tutti optimize; "
          f"the slowest move took {slowest:.1f} ms")
