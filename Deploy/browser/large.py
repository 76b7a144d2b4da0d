"""Writes a panel of 20 channels in 50 geos and its model, or holds the report of its fit against what a reader does not feel.

    large.py write FOLDER
    large.py hold TUTTI FOLDER
"""
import datetime
import math
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "screenshots"))

CHANNELS, GEOS, WEEKS = 20, 50, 104
MEGABYTES = 3


def write(folder):
    """Sales of a seasonal baseline and media that carry over by half and saturate; a return from 0.6 to 2.5."""
    noise = random.Random(20)
    names = [f"c{index:02}" for index in range(CHANNELS)]
    with open(f"{folder}/data.csv", "w") as file:
        file.write("week,geo,revenue," + ",".join(names) + "\n")
        for geo in range(GEOS):
            size = 0.5 + 1.5 * noise.random()
            carried = [0.0] * CHANNELS
            for week in range(WEEKS):
                date = datetime.date(2024, 1, 1) + datetime.timedelta(weeks=week)
                spend = [
                    0 if noise.random() < 0.3 else size * (30 + 15 * (channel % 5)) * 2 * noise.random()
                    for channel in range(CHANNELS)]
                carried = [0.5 * before + money for before, money in zip(carried, spend)]
                half = [size * (30 + 15 * (channel % 5)) * 3 for channel in range(CHANNELS)]
                media = sum(
                    (0.6 + 0.1 * channel) * at * money / (at + money)
                    for channel, (at, money) in enumerate(zip(half, carried)))
                base = size * 4000 * (1 + 0.1 * math.cos(2 * math.pi * week / 52))
                revenue = base + media + size * 150 * noise.gauss(0, 1)
                file.write(f"{date},g{geo:02},{revenue:.2f}," + ",".join(f"{money:.2f}" for money in spend) + "\n")
    with open(f"{folder}/model.yaml", "w") as file:
        file.write(
            "tutti: 1\nname: large\ndata: {sources: [{file: data.csv}], date: week, geo: geo, frequency: week}\n"
            "kpi: {column: revenue, currency: EUR, margin: 0.4}\nchannels:\n")
        for name in names:
            file.write(f"  - {{name: {name}, spend: {name}, adstock: {{max_lag: 8}}}}\n")
        file.write(
            "hierarchy: {pooling: complete, parameters: {intercept: {pooling: none}}}\n"
            "sampling: {chains: 2, warmup: 800, draws: 1000}\n")


def hold(tutti, folder):
    import report
    from capture import Chromium

    page = pathlib.Path(f"{folder}/results/report.html")
    size = page.stat().st_size / 1e6
    assert size < MEGABYTES, f"the report has {size:.1f} MB"
    print(f"the report of {CHANNELS} channels and {GEOS} geos has {size:.2f} MB")
    browser = Chromium()
    try:
        report.hold(browser, page.as_uri(), f"{folder}/results", tutti, folder)
    finally:
        browser.end()


{"write": write, "hold": hold}[sys.argv[1]](*sys.argv[2:])
