"""Writes prior_reference.json (run: python3 prior_reference.py > FILE; needs scipy).

For each prior: its numbers, log densities at points of its support, the quantiles 0.05, 0.10 ... 0.95, mean and
sd, all from scipy.stats as hexadecimal doubles (mean and sd null where they are not finite).
"""

import json
import math

from scipy import stats

cases = []


def add(name, numbers, distribution, extra=()):
    levels = [k / 20 for k in range(1, 20)]
    quantiles = [float(distribution.ppf(p)) for p in levels]
    tails = [float(distribution.ppf(p)) for p in (1e-6, 1e-3, 0.999, 1 - 1e-6)]
    points = [float(x) for x in [*tails, *quantiles, *extra]]
    moments = [float(distribution.mean()), float(distribution.std())]
    cases.append(
        {
            "name": name,
            "numbers": [float(n).hex() for n in numbers],
            "points": [x.hex() for x in points],
            "logDensities": [float(distribution.logpdf(x)).hex() for x in points],
            "quantiles": [q.hex() for q in quantiles],
            "moments": [m.hex() if math.isfinite(m) else None for m in moments],
        }
    )


for mean, sd in ((0, 1), (2.5, 0.3), (-1e3, 25)):
    add("normal", (mean, sd), stats.norm(mean, sd))
for scale in (0.2, 2, 50):
    add("halfNormal", (scale,), stats.halfnorm(scale=scale), (0,))
for mean, sd in ((0, 1), (-3, 0.25), (1.2, 0.7)):
    add("logNormal", (mean, sd), stats.lognorm(s=sd, scale=math.exp(mean)))
for mean, scale in ((0, 1), (0.3, 0.05)):
    add("laplace", (mean, scale), stats.laplace(mean, scale), (mean,))
for a, b in ((1, 3), (2, 2), (0.5, 0.5), (30, 4.5), (1, 1)):
    add("beta", (a, b), stats.beta(a, b))
for shape, rate in ((3, 1), (0.4, 2), (1, 5), (250, 10)):
    add("gamma", (shape, rate), stats.gamma(shape, scale=1 / rate))
for shape, scale in ((3, 2), (1.5, 0.1), (20, 7)):
    add("inverseGamma", (shape, scale), stats.invgamma(shape, scale=scale))
for rate in (0.5, 4):
    add("exponential", (rate,), stats.expon(scale=1 / rate), (0,))
for degrees, mean, scale in ((4, 0, 1), (1, 0, 2), (30, 1, 0.1)):
    add("studentT", (degrees, mean, scale), stats.t(degrees, mean, scale))
for mean, sd, lower, upper in (
    (0.8, 0.8, 0.1, 10), (0, 1, 0, math.inf), (3, 2, 0.5, math.inf), (-1, 0.5, 0, 1), (5, 1, 0, 1), (0, 1, -0.1, 0.2),
    (0, 1, -math.inf, math.inf), (0, 1, 8, 9),
):
    a, b = (lower - mean) / sd, (upper - mean) / sd
    add("truncatedNormal", (mean, sd, lower, upper), stats.truncnorm(a, b, mean, sd))
for lower, upper in ((0, 1), (-3, 11)):
    add("uniform", (lower, upper), stats.uniform(lower, upper - lower))

print(json.dumps({"origin": "scipy.stats, by prior_reference.py", "cases": cases}, indent=1))
