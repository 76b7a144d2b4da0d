"""Asks axe-core about pages, in light and in dark surroundings, at a desk's and at a phone's width: rules of WCAG 2.0 to 2.2,
A and AA, and what axe calls best practice. Ends with 1 where it finds a violation.

    axe.py AXE.JS NAME=ADDRESS...
"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "screenshots"))
from capture import WIDTHS, Chromium

script, pages = pathlib.Path(sys.argv[1]).read_text(), sys.argv[2:]
count = checks = 0
browser = Chromium()
try:
    # The pages allow no script of others, so it is put in from outside of them.
    browser.ask("Page.setBypassCSP", {"enabled": True})
    for page in pages:
        name, address = page.split("=", 1)
        browser.go(address)
        browser.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        browser.evaluate(script + "; 0")
        for surroundings in ("light", "dark"):
            browser.ask("Emulation.setEmulatedMedia",
                        {"features": [{"name": "prefers-color-scheme", "value": surroundings}]})
            for device, width in WIDTHS.items():
                browser.ask("Emulation.setDeviceMetricsOverride",
                            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": device == "phone"})
                found = json.loads(browser.evaluate(
                    "axe.run(document).then(r => JSON.stringify({passes: r.passes.length, violations:"
                    " r.violations.map(v => [v.id, v.help, v.nodes.length, v.nodes[0].html.slice(0, 200)])}))"))
                checks += found["passes"]
                for rule, text, nodes, first in found["violations"]:
                    count += 1
                    print(f"{name}-{device}-{surroundings}: {rule}: {text}; {nodes} places, first {first}")
finally:
    browser.end()
print(f"axe: {len(pages)} pages, {checks} rules passed, {count} violations")
sys.exit(1 if count else 0)
