"""Derives the Chebyshev coefficients of NormalTail.swift (run: python3 normal_tail_coefficients.py; needs mpmath).

(1 + 2x) e^(x^2) erfc(x) for x >= 0 as a series in t = (x - 3)/(x + 3), interpolated at 60 Chebyshev nodes (after
Shepherd and Laframboise, "Chebyshev approximation of (1 + 2x)exp(x^2)erfc x in 0 <= x < inf", Mathematics of
Computation 36 (1981) 249-253, whose variable is the same).
"""

from mpmath import cos, erfc, exp, mp, mpf, pi, sqrt

mp.dps = 40
nodes = 60
kept = 27


def scaled(x):
    if x < 25:
        return (1 + 2 * x) * exp(x * x) * erfc(x)
    total, term = mpf(1), mpf(1)
    for k in range(1, 40):
        term *= -(2 * k - 1) / (2 * x * x)
        if abs(term) < mpf(10) ** -38:
            break
        total += term
    return (1 + 2 * x) * total / (x * sqrt(pi))


angles = [(2 * k + 1) * pi / (2 * nodes) for k in range(nodes)]
values = [scaled(3 * (1 + cos(a)) / (1 - cos(a))) for a in angles]
series = [2 / mpf(nodes) * sum(v * cos(j * a) for v, a in zip(values, angles)) for j in range(kept)]
series[0] /= 2
coefficients = [float(c) for c in series]
worst = mpf(0)
for k in range(2001):
    x = mpf(10) ** (mpf(k - 1000) / 250)
    t = (x - 3) / (x + 3)
    after, current = mpf(0), mpf(0)
    for c in reversed(coefficients[1:]):
        after, current = current, 2 * t * current - after + mpf(c)
    worst = max(worst, abs((coefficients[0] + t * current - after) / scaled(x) - 1))
for c in coefficients:
    print(c.hex())
print("relative error:", float(worst))
