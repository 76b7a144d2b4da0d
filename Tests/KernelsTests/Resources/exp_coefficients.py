"""Derives the polynomial constants of Elementary.swift (run: python3 exp_coefficients.py; needs mpmath).

exp:  Q(r) of degree 9 close to (e^r - 1 - r)/r^2 on |r| <= ln(2)/2, first coefficient exactly 1/2.
      Q = 1/2 + r*S(r), S of degree 8 interpolates at the nine Chebyshev nodes.
sin:  sin(2 pi f)/f = C0 + z*P(z), z = f^2, |f| <= 1/8; C0 = 2 pi is kept as a sum of two doubles.
cos:  cos(2 pi f)   = 1 + z*R(z).
tanh: tanh(f ln(2)/2) = f*P(w)/Q(w), w = f^2, |f| <= 1/2, P = p0 + p1*w + w^2: their quotient interpolates at the
      five Chebyshev nodes; of the doubles next to p0, with q0 the nearest to p0/(ln(2)/2), those of the least error.
Coefficients are rounded to double one by one; the printed error is that of the rounded polynomial
in exact arithmetic, relative to the function, in units of 2^-53.
"""

from math import inf, nextafter

from mpmath import cos, exp, expm1, log, lu_solve, matrix, mp, mpf, pi, sin, sqrt, tanh

mp.dps = 60


def chebyshev_nodes(count, low, high):
    return [(low + high) / 2 + (high - low) / 2 * cos((2 * k + 1) * pi / (2 * count)) for k in range(count)]


def interpolate(function, nodes):
    rows = matrix(len(nodes), len(nodes))
    values = matrix(len(nodes), 1)
    for i, node in enumerate(nodes):
        values[i] = function(node)
        for j in range(len(nodes)):
            rows[i, j] = node**j
    return [float(c) for c in lu_solve(rows, values)]


def horner(coefficients, x):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + mpf(c)
    return total


def report(name, coefficients, error):
    print(name)
    for i, c in enumerate(coefficients):
        print(f"  {i}: {c.hex()}   {c!r}")
    print(f"  error: {float(error):.3f} * 2^-53")


half = log(mpf(2)) / 2
points = [-half + half * k / 1000 for k in range(2001)]


def tail(r):
    """((e^r - 1 - r)/r^2 - 1/2)/r, by its series where cancellation would bite."""
    total, term = mpf(0), mpf(1) / 6
    for n in range(4, 60):
        total += term
        term *= r / n
    return total


s = interpolate(tail, chebyshev_nodes(9, -half, half))
q = [0.5] + s
report("exp Q", q, max(abs(1 + r + r * r * horner(q, r) - exp(r)) / exp(r) for r in points) * 2**53)
report("expm1 by the same Q", [], max(abs(r + r * r * horner(q, r) - expm1(r)) / abs(expm1(r)) for r in points if r) * 2**53)

quarter = mpf(1) / 64
zpoints = [quarter * k / 2000 for k in range(1, 2001)]
c0 = float(2 * pi)
c0_low = float(2 * pi - mpf(c0))


def sine_ratio(z):
    return (sin(2 * pi * sqrt(z)) / sqrt(z) - 2 * pi) / z


def cosine_ratio(z):
    return (cos(2 * pi * sqrt(z)) - 1) / z


p = interpolate(lambda z: sine_ratio(mpf(z)), chebyshev_nodes(7, mpf(0), quarter))
report("sin C0, low part", [c0, c0_low], 0)
report(
    "sin P",
    p,
    max(abs((mpf(c0) + c0_low + z * horner(p, z)) * sqrt(z) / sin(2 * pi * sqrt(z)) - 1) for z in map(mpf, zpoints)) * 2**53,
)
r = interpolate(lambda z: cosine_ratio(mpf(z)), chebyshev_nodes(7, mpf(0), quarter))
report("cos R", r, max(abs((1 + z * horner(r, z)) / cos(2 * pi * sqrt(z)) - 1) for z in map(mpf, zpoints)) * 2**53)


def tanh_ratio(w):
    return tanh(half * sqrt(w)) / sqrt(w)


nodes = chebyshev_nodes(5, mpf(0), mpf(1) / 4)
rows = matrix(5, 5)
values = matrix(5, 1)
for i, w in enumerate(nodes):
    t = tanh_ratio(w)
    for j, entry in enumerate((1, w, -t, -t * w, -t * w * w)):
        rows[i, j] = entry
    values[i] = -w * w
p0, p1, q0, q1, q2 = (float(c) for c in lu_solve(rows, values))
wpoints = [(w, tanh_ratio(w)) for w in (mpf(k) / 4000 for k in range(1, 1001))]


def tanh_error(p0):
    q0 = float(mpf(p0) / half)
    return max(abs(horner([p0, p1, 1], w) / horner([q0, q1, q2], w) / t - 1) for w, t in wpoints) * 2**53


candidates = [p0]
for direction in (-inf, inf):
    candidate = p0
    for _ in range(12):
        candidate = nextafter(candidate, direction)
        candidates.append(candidate)
p0 = min(candidates, key=tanh_error)
report("tanh P", [p0, p1, 1.0], tanh_error(p0))
report("tanh Q", [float(mpf(p0) / half), q1, q2], tanh_error(p0))
