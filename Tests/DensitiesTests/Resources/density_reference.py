"""Writes density_reference.json (run: python3 density_reference.py > FILE; needs mpmath).

Values of 800 digits, rounded to hexadecimal doubles. The densities are written from their definitions, and every
derivative is a central difference of 800 digits, so that no derivative formula is shared with what is tested.

priors: name, numbers, transform with its numbers, and
  points: v, log density, its derivative in v;
  coordinates: u, v, dv/du, log |dv/du|, log density at v, derivative in u of log density and log |dv/du| together.
transforms: name, numbers, and
  points: u, v, dv/du, log |dv/du|, its derivative in u;
  inverses: v, u.
"""

import json
from math import inf

from mpmath import beta, erfc, exp, log, log1p, loggamma, mp, mpf, pi, sqrt

mp.dps = 800
RELATIVE_STEP = mpf(10) ** -150


def slope(function, x, scale):
    """The derivative, by a step far below `scale`, the distance over which the function changes."""
    step = RELATIVE_STEP * scale
    return (function(x + step) - function(x - step)) / (2 * step)


def row(*numbers):
    return [float(n).hex() for n in numbers]


# Transforms: u to v, log |dv/du|, v to u.
def logistic(u):
    return 1 / (1 + exp(-u))


def log_logistic_slope(u):
    return -u - 2 * log1p(exp(-u))


TRANSFORMS = {
    "identity": lambda: (lambda u: u, lambda u: mpf(0), lambda v: v),
    "log": lambda: (exp, lambda u: u, log),
    "logit": lambda: (logistic, log_logistic_slope, lambda v: log(v / (1 - v))),
    "interval": lambda low, high: (
        lambda u: low + (high - low) * logistic(u),
        lambda u: log(high - low) + log_logistic_slope(u),
        lambda v: log((v - low) / (high - v)),
    ),
    "lowerBound": lambda low: (lambda u: low + exp(u), lambda u: u, lambda v: log(v - low)),
}


# Log densities in v.
def normal(mean, sd):
    return lambda v: -(((v - mean) / sd) ** 2) / 2 - log(sd * sqrt(2 * pi))


def upper_tail(z):
    if z == inf:
        return mpf(0)
    return mpf(1) if z == -inf else erfc(z / sqrt(mpf(2))) / 2


def truncated_normal(mean, sd, low, high):
    whole = normal(mean, sd)
    mass = log(upper_tail((low - mean) / sd) - upper_tail((high - mean) / sd))
    return lambda v: whole(v) - mass


def student_t(degrees, mean, scale):
    constant = log(scale * sqrt(degrees) * beta(degrees / 2, mpf(1) / 2))
    return lambda v: -(degrees + 1) / 2 * log1p(((v - mean) / scale) ** 2 / degrees) - constant


def log_normal(mean, sd):
    inner = normal(mean, sd)
    return lambda v: inner(log(v)) - log(v)


def gamma(shape, rate):
    constant = shape * log(rate) - loggamma(shape)
    return lambda v: constant + (shape - 1) * log(v) - rate * v


def inverse_gamma(shape, scale):
    constant = shape * log(scale) - loggamma(shape)
    return lambda v: constant - (shape + 1) * log(v) - scale / v


DENSITIES = {
    "normal": normal,
    "halfNormal": lambda scale: lambda v: normal(0, scale)(v) + log(mpf(2)),
    "logNormal": log_normal,
    "laplace": lambda mean, scale: lambda v: -abs(v - mean) / scale - log(2 * scale),
    "beta": lambda a, b: lambda v: (a - 1) * log(v) + (b - 1) * log1p(-v) - log(beta(a, b)),
    "gamma": gamma,
    "inverseGamma": inverse_gamma,
    "exponential": lambda rate: lambda v: log(rate) - rate * v,
    "studentT": student_t,
    "truncatedNormal": truncated_normal,
    "uniform": lambda low, high: lambda v: -log(high - low),
}

# Standard deviations from the location, for densities on the whole line.
DISTANCES = (-1e150, -1e8, -40, -6.5, -1.3, -0.01, -1e-9, 1e-200, 0.4, 1, 3.7, 12, 38.5, 1e4, 1e100)
# Multiples of a scale, for densities on positive numbers.
RATIOS = (1e-290, 1e-100, 1e-12, 1e-3, 0.07, 0.2, 0.4, 0.9, 1.7, 3.1, 8, 40, 700, 1e7, 1e60)
# Shares of an interval, for densities on one.
SHARES = (1e-290, 1e-100, 1e-12, 1e-3, 0.07, 0.2, 0.31, 0.45, 0.62, 0.77, 0.88, 0.9995, 1 - 2.0**-40, 1 - 2.0**-53)
# Coordinates u; outwards from here 1e300 is exceeded by a square of e^u.
COORDINATES = (-300, -90.5, -36.7, -12, -4.3, -1.1, -0.2, -1e-9, 0, 1e-12, 0.35, 0.9, 2.6, 7, 19.5, 37.2, 110, 300)

INFINITE = (-inf, inf)
CASES = [
    ("normal", (mean, sd), "identity", ())
    for mean, sd in ((0, 1), (2.5, 0.3), (-1e3, 25), (1e6, 1e-3), (0, 1e-100), (0, 1e100))
]
CASES += [("halfNormal", (scale,), "log", ()) for scale in (0.2, 1, 50, 1e-8, 1e8)]
CASES += [("logNormal", numbers, "log", ()) for numbers in ((0, 1), (-3, 0.25), (1.2, 0.7), (40, 5))]
CASES += [("laplace", numbers, "identity", ()) for numbers in ((0, 1), (0.3, 0.05), (-1e4, 1e-6))]
CASES += [
    ("beta", numbers, "logit", ())
    for numbers in ((1, 3), (2, 2), (0.5, 0.5), (30, 4.5), (1, 1), (1e-3, 2), (1e-6, 1e-6), (200, 300))
]
CASES += [("gamma", numbers, "log", ()) for numbers in ((3, 1), (0.4, 2), (1, 5), (250, 10), (1e-6, 1e-6), (2, 1e6))]
CASES += [("inverseGamma", numbers, "log", ()) for numbers in ((3, 2), (1.5, 0.1), (20, 7), (1e-3, 1e-3), (2, 1e6))]
CASES += [("exponential", (rate,), "log", ()) for rate in (0.5, 4, 1e-9, 1e9)]
CASES += [
    ("studentT", numbers, "identity", ())
    for numbers in ((4, 0, 1), (1, 0, 2), (30, 1, 0.1), (0.1, 0, 1), (1e8, 0, 1), (3, 1e5, 1e-3))
]
CASES += [
    ("truncatedNormal", numbers, "interval", numbers[2:])
    for numbers in (
        (0.8, 0.8, 0.1, 10), (-1, 0.5, 0, 1), (5, 1, 0, 1), (0, 1, -0.1, 0.2), (0, 1, 8, 9), (0, 1, -1e-6, 1e-6),
        (0, 1, 30, 31), (0, 1, -45, -40), (0.5, 0.1, 0, 1),
    )
]
CASES += [("truncatedNormal", (0, 1, 0, inf), "log", ()), ("truncatedNormal", (0, 1, *INFINITE), "identity", ())]
CASES += [
    ("truncatedNormal", numbers, "lowerBound", numbers[2:3])
    for numbers in ((3, 2, 0.5, inf), (0, 1, -1, inf), (0, 1, 36, inf), (0, 1, -30, inf))
]
CASES += [("uniform", numbers, "interval", numbers) for numbers in ((0, 1), (-3, 11), (1e-9, 1e9))]


def values(name, numbers, transform, bounds):
    """Doubles inside the support, ends of the line or the interval nearly reached."""
    if transform == "identity":
        location, scale = numbers[-2:] if name == "studentT" else numbers[:2]
        points = [location, *(location + scale * z for z in DISTANCES)]
        return sorted({v for v in points if abs((v - location) / scale) < 1e151})
    if transform in ("log", "lowerBound"):
        scale = {"gamma": 1 / numbers[-1], "logNormal": float(exp(numbers[0]))}.get(name, numbers[0] or 1)
        low = bounds[0] if bounds else 0
        points = [low + scale * r for r in RATIOS]
        return sorted({v for v in points if v > low and (low == 0 or v < 1e100)})
    low, high = map(float, bounds or (0, 1))
    points = [low + (high - low) * s if s < 0.9 else high - (high - low) * (1 - s) for s in SHARES]
    return sorted({v for v in points if low < v < high})


def room(v, numbers, name, transform, bounds):
    """The distance to the nearest end or kink, or the width of the bulk."""
    if transform == "identity":
        location, scale = numbers[-2:] if name == "studentT" else numbers[:2]
        return abs(v - location) if name == "laplace" else scale
    if transform in ("log", "lowerBound"):
        return v - (bounds[0] if bounds else 0)
    low, high = bounds or (0, 1)
    return min(v - low, high - v)


priors = []
for name, numbers, transform, bounds in CASES:
    exact, ends = [mpf(n) for n in numbers], [mpf(b) for b in bounds]
    density = DENSITIES[name](*exact)
    constrain, log_jacobian, _ = TRANSFORMS[transform](*ends)

    def together(u):
        return density(constrain(u)) + log_jacobian(u)

    points, coordinates = [], []
    for v in map(mpf, values(name, numbers, transform, bounds)):
        kink = name == "laplace" and v == exact[0]
        derivative = 0 if kink else slope(density, v, room(v, exact, name, transform, ends))
        points.append(row(v, density(v), derivative))
    for u in map(mpf, COORDINATES):
        kink = name == "laplace" and u == exact[0]
        v = constrain(u)
        derivative = 0 if kink else slope(together, u, abs(u - exact[0]) if name == "laplace" else 1)
        coordinates.append(row(u, v, slope(constrain, u, 1), log_jacobian(u), density(v), derivative))
    priors.append(
        {
            "name": name, "numbers": row(*numbers), "transform": transform, "bounds": row(*bounds),
            "points": points, "coordinates": coordinates,
        }
    )

FAR = (-700, -500, *COORDINATES, 500, 700)
transforms = []
for name, bounds, inverses in (
    ("identity", (), (-1e300, -2.5, 0, 1e-300, 7)),
    ("log", (), (5e-324, 1e-300, 1e-9, 0.3, 1, 1 + 2.0**-52, 2.5, 1e9, 1.7e308)),
    ("logit", (), (5e-324, 1e-300, 1e-9, 0.2, 0.4999, 0.5, 0.7, 0.999, 1 - 2.0**-53)),
    ("interval", (-2, 5), (-2 + 2.0**-51, -1.999, -0.3, 0, 1.5, 1.50001, 4, 5 - 2.0**-50)),
    ("interval", (0.1, 10), (0.1 + 2.0**-56, 0.10001, 0.6, 5.05, 7, 9.9999, 10 - 2.0**-49)),
    ("interval", (0, 1e-6), (1e-300, 1e-12, 3e-7, 5e-7, 9e-7)),
    ("interval", (1e6, 1e6 + 1), (1e6 + 2.0**-33, 1e6 + 0.25, 1e6 + 0.5, 1e6 + 1 - 2.0**-33)),
    ("lowerBound", (3,), (3 + 2.0**-51, 3.001, 3.7, 4, 12, 1e300)),
    ("lowerBound", (-1,), (-1 + 2.0**-53, -0.999, -0.3, 0, 2, 1e300)),
):
    constrain, log_jacobian, unconstrain = TRANSFORMS[name](*map(mpf, bounds))
    transforms.append(
        {
            "name": name,
            "numbers": row(*bounds),
            "points": [
                row(u, constrain(u), slope(constrain, u, 1), log_jacobian(u), slope(log_jacobian, u, 1))
                for u in map(mpf, FAR)
            ],
            "inverses": [row(v, unconstrain(mpf(v))) for v in inverses],
        }
    )

print(json.dumps({"origin": "mpmath, by density_reference.py", "priors": priors, "transforms": transforms}, indent=None,
                 separators=(",", ":")).replace('{"name"', '\n{"name"').replace(',[', ',\n['))
