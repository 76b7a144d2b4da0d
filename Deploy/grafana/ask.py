"""Asks Prometheus, which reads a coordinator that runs a job, all questions of the dashboard, and after its alert rules.

    ask.py HOST:PORT
"""
import json
import pathlib
import sys
import time
import urllib.parse
import urllib.request

WAIT_SECONDS = 60
# What there need be nothing of.
MAY_BE_EMPTY = {"Events"}


def ask(path, **parameters):
    address = f"http://{sys.argv[1]}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
    answer = json.load(urllib.request.urlopen(address))
    assert answer["status"] == "success", answer
    return answer["data"]


def until(what, condition):
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < WAIT_SECONDS, f"{what}: waited for {WAIT_SECONDS} s"
        time.sleep(0.2)


def value(question):
    found = ask("query", query=question)["result"]
    return float(found[0]["value"][1]) if found else 0


until("a pace", lambda: value("tutti_gradients_per_second") > 0)
dashboard = json.loads((pathlib.Path(__file__).parent / "dashboard.json").read_text())
asked = 0
for panel in dashboard["panels"]:
    for target in panel.get("targets", []):
        question = target["expr"].replace("$job", ".*")
        # A rate needs two looks.
        if panel["title"] in MAY_BE_EMPTY:
            ask("query", query=question)
        else:
            until(f"{panel['title']}: {question}", lambda: ask("query", query=question)["result"])
        asked += 1


def rules():
    return [rule for group in ask("rules")["groups"] for rule in group["rules"]]


until("the rules", lambda: rules() and all(rule["health"] != "unknown" for rule in rules()))
sick = [rule for rule in rules() if rule["health"] != "ok"]
assert not sick, sick
firing = [rule["name"] for rule in rules() if rule["state"] == "firing"]
assert not firing, f"alerts of a coordinator that is well: {firing}"
print(f"{asked} questions of the dashboard have answers; {len(rules())} alert rules are evaluated, and none fires")
