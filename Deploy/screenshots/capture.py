"""Takes pictures of pages, at the widths of a desk and of a phone, in light and in dark surroundings, and looks at each for
what WCAG 2.2 asks and a program can tell. Speaks to Chromium through a pipe; needs nothing but Python and Chromium.

    capture.py FOLDER NAME=ADDRESS...

An address may be a file's. The cookie of `--cookie NAME=VALUE` goes with each. Ends with 1 where something was found.
"""
import argparse
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

WIDTHS = {"desk": 1280, "phone": 390}
HEIGHT_MAX = 16000

# What is looked at in each page, in the page: contrasts (1.4.3), sizes of text, what is cut or wider than the page (1.4.10),
# lines through labels, targets (2.5.8) and names (4.1.2).
LOOK = r"""
(() => {
  const found = [];
  const name = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + ' "' + (e.textContent || '').trim().slice(0, 40) + '"';
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = text => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
    const d = canvas.getImageData(0, 0, 1, 1).data; return [d[0], d[1], d[2], d[3] / 255];
  };
  const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
  const ground = e => {
    const layers = [];
    for (let n = e; n; n = n.parentElement) {
      const c = rgba(getComputedStyle(n).backgroundColor);
      if (c[3] > 0) layers.push(c);
      if (c[3] === 1) break;
    }
    return layers.reverse().reduce((under, c) => over(c, under), over(rgba(getComputedStyle(document.documentElement).backgroundColor), [255, 255, 255, 1]));
  };
  const luminance = c => {
    const p = c.slice(0, 3).map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2];
  };
  const ratio = (a, b) => {
    const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05);
  };
  const hidden = e => {
    const s = getComputedStyle(e), r = e.getBoundingClientRect();
    if (s.visibility === 'hidden' || s.display === 'none' || r.width <= 1 || r.height <= 1) return true;
    for (let n = e; n; n = n.parentElement) {
      if (getComputedStyle(n).clipPath.startsWith('inset')) return true;
      if (n.tagName === 'DETAILS' && !n.open && !e.closest('summary')) return true;
    }
    return r.right < 0;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, e = node.parentElement;
    if (!node.textContent.trim() || ['SCRIPT', 'STYLE', 'NOSCRIPT', 'OPTION'].includes(e.tagName) || hidden(e)) continue;
    const style = getComputedStyle(e), size = parseFloat(style.fontSize);
    const isSVG = e.namespaceURI.endsWith('svg');
    let scale = 1;
    if (isSVG && e.getScreenCTM) scale = e.getScreenCTM().a;
    if (size * scale < 11) found.push(`text of ${(size * scale).toFixed(1)} px: ${name(e)}`);
    const ink = rgba(isSVG ? style.fill : style.color), under = ground(e);
    const large = size >= 24 || (size >= 18.66 && +style.fontWeight >= 700);
    const value = ratio(over(ink, under), under);
    if (value < (large ? 3 : 4.5)) found.push(`contrast ${value.toFixed(2)}: ${name(e)}`);
    if (!isSVG) {
      const box = document.createRange(); box.selectNodeContents(node);
      for (let n = e; n && n !== document.body; n = n.parentElement) {
        const s = getComputedStyle(n);
        if (s.overflowX === 'hidden' && box.getBoundingClientRect().right > n.getBoundingClientRect().right + 1
            && s.textOverflow !== 'ellipsis') { found.push(`cut: ${name(e)}`); break; }
      }
    }
  }
  for (const svg of document.querySelectorAll('svg')) {
    const labels = [...svg.querySelectorAll('text')].filter(t => !hidden(t)).map(t => [t, t.getBoundingClientRect()]);
    for (const line of svg.querySelectorAll('line, polyline, path[fill="none"]')) {
      if (typeof line.getTotalLength !== 'function' || hidden(svg)) continue;
      const m = line.getScreenCTM(), all = line.getTotalLength(), steps = Math.min(400, Math.ceil(all / 2) + 1);
      const crossed = labels.find(([t, r]) => {
        for (let i = 0; i <= steps; i++) {
          const p = line.getPointAtLength(all * i / steps), x = p.x * m.a + p.y * m.c + m.e, y = p.x * m.b + p.y * m.d + m.f;
          if (x > r.left + 1 && x < r.right - 1 && y > r.top + 2 && y < r.bottom - 2) return true;
        }
        return false;
      });
      if (crossed) found.push(`a line through the label ${name(crossed[0])}`);
    }
    for (let i = 0; i < labels.length; i++) for (let j = i + 1; j < labels.length; j++) {
      const [a, b] = [labels[i][1], labels[j][1]];
      if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3)
        found.push(`labels over each other: ${name(labels[i][0])}, ${name(labels[j][0])}`);
    }
    for (const [t, r] of labels) {
      const box = svg.getBoundingClientRect();
      if (r.left < box.left - 1 || r.right > box.right + 1) found.push(`a label leaves its picture: ${name(t)}`);
    }
  }
  if (document.documentElement.scrollWidth > innerWidth + 1) {
    const wide = [...document.body.querySelectorAll('*')].find(e => !hidden(e) && e.getBoundingClientRect().right > innerWidth + 1);
    found.push(`wider than the window: ${document.documentElement.scrollWidth} px, ${wide ? name(wide) : ''}`);
  }
  for (const e of document.querySelectorAll('button, select, input, nav a, a.button, summary')) {
    if (hidden(e)) continue;
    const r = e.getBoundingClientRect();
    if (r.width < 24 || r.height < 24) found.push(`a target of ${r.width.toFixed(0)} × ${r.height.toFixed(0)} px: ${name(e)}`);
  }
  if (!document.documentElement.lang) found.push('no language');
  if (document.querySelectorAll('h1').length !== 1) found.push('not one h1');
  return found;
})()
"""

# Whether the element that has the focus shows it.
FOCUS = r"""
(() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const s = getComputedStyle(e);
  const shows = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 || s.boxShadow !== 'none';
  const r = e.getBoundingClientRect();
  return {name: e.tagName.toLowerCase() + ' "' + e.textContent.trim().slice(0, 30) + '"', shows, seen: r.width > 0};
})()
"""


class Refusal(Exception):
    """What the browser would not do, and why."""


class Chromium:
    """One browser, and one page in it."""

    def __init__(self):
        self.profile = tempfile.mkdtemp()
        (from_us, to_browser), (from_browser, to_us) = os.pipe(), os.pipe()

        def connect():
            # The browser reads from 3 and writes to 4; both may be taken by what is to become the other.
            one, other = os.dup(from_us), os.dup(to_us)
            os.dup2(one, 3)
            os.dup2(other, 4)

        browser = os.environ.get("CHROMIUM", "chromium")
        self.process = subprocess.Popen(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe",
             f"--user-data-dir={self.profile}", "about:blank"],
            preexec_fn=connect, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(from_us)
        os.close(to_us)
        self.to_browser, self.from_browser = to_browser, os.fdopen(from_browser, "rb", buffering=0)
        self.number, self.rest, self.events = 0, b"", []
        target = self.ask("Target.createTarget", {"url": "about:blank"}, session=False)["targetId"]
        self.session = None
        self.session = self.ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        self.ask("Page.enable")
        self.ask("Page.setLifecycleEventsEnabled", {"enabled": True})
        self.ask("Network.enable")

    def receive(self):
        while b"\0" not in self.rest:
            piece = self.from_browser.read(1 << 20)
            if not piece:
                raise SystemExit("Chromium has ended")
            self.rest += piece
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, parameters=None, session=True):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters or {}}
        if session and self.session:
            message["sessionId"] = self.session
        os.write(self.to_browser, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise Refusal(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def go(self, address):
        self.events = []
        loader = self.ask("Page.navigate", {"url": address})["loaderId"]

        def loaded(event):
            # Of this page, not of one that was still on its way.
            parameters = event.get("params", {})
            return parameters.get("name") == "load" and parameters.get("loaderId") == loader

        while not any(loaded(event) for event in self.events):
            self.events = [self.receive()]

    def evaluate(self, expression):
        while True:
            try:
                answer = self.ask(
                    "Runtime.evaluate", {"expression": expression, "returnByValue": True, "awaitPromise": True})
                break
            except Refusal as refusal:
                # A page may load itself anew, as that of a job does at its end; then it is asked again.
                if "navigated" not in str(refusal):
                    raise
        if "exceptionDetails" in answer:
            raise SystemExit(f"the look failed: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def end(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cookie")
    parser.add_argument("--wait", type=float, default=0.5, help="seconds before a picture, for what comes by itself")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("pages", nargs="+")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    browser = Chromium()
    count = 0
    try:
        for page in options.pages:
            name, address = page.split("=", 1)
            if options.cookie:
                key, value = options.cookie.split("=", 1)
                browser.ask("Network.setCookie", {"name": key, "value": value, "url": address})
            for surroundings in ["light", "dark"]:
                for device, width in WIDTHS.items():
                    count += picture(browser, options, name, address, surroundings, device, width)
    finally:
        browser.end()
    print(f"{count} things found" if count else "nothing found")
    sys.exit(1 if count else 0)


def picture(browser, options, name, address, surroundings, device, width):
    browser.ask("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": surroundings}]})
    browser.ask("Emulation.setDeviceMetricsOverride",
                {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": device == "phone"})
    browser.go(address)
    browser.evaluate(f"new Promise(done => setTimeout(done, {int(options.wait * 1000)}))")
    label = f"{name}-{device}-{surroundings}"
    found = browser.evaluate(LOOK)
    # With the keyboard to the first places.
    for _ in range(12):
        for kind in ["keyDown", "keyUp"]:
            browser.ask("Input.dispatchKeyEvent", {"type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9})
        focus = browser.evaluate(FOCUS)
        if focus and focus["seen"] and not focus["shows"]:
            found.append(f"the focus does not show: {focus['name']}")
    browser.evaluate("document.activeElement && document.activeElement.blur(); scrollTo(0, 0)")
    height = min(HEIGHT_MAX, browser.evaluate("document.documentElement.scrollHeight"))
    browser.ask("Emulation.setDeviceMetricsOverride",
                {"width": width, "height": max(600, height), "deviceScaleFactor": 1, "mobile": device == "phone"})
    image = browser.ask("Page.captureScreenshot", {"format": "png"})["data"]
    (options.folder / f"{label}.png").write_bytes(base64.b64decode(image))
    for line in dict.fromkeys(found):
        print(f"{label}: {line}")
    return len(dict.fromkeys(found))


if __name__ == "__main__":
    main()
