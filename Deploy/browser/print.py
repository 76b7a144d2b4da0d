"""Prints the report of a results folder, as it is and as one of more channels, in both languages, and counts the pages of A4
that its main part takes: what comes before the section on the fit.

    print.py TUTTI RESULTS FOLDER
"""
import base64
import copy
import json
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "screenshots"))
from capture import Chromium

tutti, results, folder = sys.argv[1:]
folder = pathlib.Path(folder)
PAGES_MAX = 2
# As it is, the most for which all charts stand in the main part, and more than that.
CHANNEL_COUNTS = [None, 8, 12, 20]


def widened(report, count):
    """The same report with other channels of the same figures: the first ones, or all of them again under other names."""
    content = report["content"]
    first = [row["channel"] for row in content["channels"]]
    names = [first[i % len(first)] + (f" region {i // len(first) + 1}" if i >= len(first) else "") for i in range(count)]
    sources = [first[i % len(first)] for i in range(count)]
    components = content["components"]
    place = {component["name"]: index for index, component in enumerate(components)}
    rest = [index for index, component in enumerate(components) if "channel" not in component["kind"]]

    def rows(table, key="channel"):
        return [{**row, key: name} for name, source in zip(names, sources) for row in table if row[key] == source]

    def figures(table):
        return [{**row, "quantity": f"{kind}[{name}]"} for name, source in zip(names, sources)
                for row in table for kind in [row["quantity"].split("[")[0]] if row["quantity"] == f"{kind}[{source}]"]

    columns = [place[source] for source in sources] + rest
    width = len(components)
    content["contributions"] = [content["contributions"][start + column]
                                for start in range(0, len(content["contributions"]), width) for column in columns]
    content["components"] = [{"kind": {"channel": {"_0": index}}, "name": name} for index, name in enumerate(names)] + [
        components[index] for index in rest]
    content["channels"] = rows(content["channels"])
    content["responseCurves"] = rows(content["responseCurves"])
    for table in ("evidence", "bootstrap"):
        content[table] = figures(content[table])
    if content.get("decision"):
        content["decision"]["rows"] = rows(content["decision"]["rows"])
    content.pop("planner", None)
    return report


def page_count(browser):
    data = browser.ask("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})["data"]
    return len(re.findall(rb"/Type /Page\b(?!s)", base64.b64decode(data)))


report = json.loads((pathlib.Path(results) / "report.json").read_text())
browser = Chromium()
bad = []
try:
    for count in CHANNEL_COUNTS:
        place = folder / f"print-{count or 'own'}"
        place.mkdir()
        own = copy.deepcopy(report)
        (place / "report.json").write_text(json.dumps(own if count is None else widened(own, count)))
        taken = []
        for language in ("en", "fr"):
            page = place / f"{language}.html"
            subprocess.run([tutti, "report", place, "--lang", language, "--audience", "full", "--out", page], check=True,
                           stdout=subprocess.DEVNULL)
            browser.go(f"file://{page.resolve()}")
            whole = page_count(browser)
            browser.evaluate("document.querySelector('.rest').remove()")
            main = page_count(browser)
            taken.append(f"{main} + {whole - main}")
            if not 0 < main <= PAGES_MAX or whole <= main:
                bad.append(f"{count or 'own'} channels, {language}: {main} pages of {whole}")
        print(f"pages of A4 with {count or len(report['content']['channels'])} channels, in English and French: {', '.join(taken)}")
finally:
    browser.end()
if bad:
    sys.exit(f"the main part takes more than {PAGES_MAX} pages: " + "; ".join(bad))
