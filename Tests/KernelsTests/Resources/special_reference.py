"""Writes special_reference.txt (run: python3 special_reference.py > FILE; needs mpmath).

Each line: function, first argument, second argument (0 if it has none), value; all as hexadecimal doubles.
"""

import random

from mpmath import beta, erf, erfinv, log, loggamma, mp, mpf, ncdf, sqrt

mp.dps = 400
chance = random.Random(20260102)


def logarithmic(low, high, count):
    return [10 ** chance.uniform(low, high) for _ in range(count)]


def linear(low, high, count):
    return [chance.uniform(low, high) for _ in range(count)]


def write(name, x, y, value):
    print(name, float(x).hex(), float(y).hex(), float(value).hex())


for x in logarithmic(-8, 6, 80) + linear(0.4, 12, 80) + [1 + d for d in (1e-9, -1e-9)] + [2 + 1e-9, 0.5, 1.5, 2.5, 10.0]:
    write("logGamma", x, 0, loggamma(mpf(x)).real)
for x, y in zip(logarithmic(-3, 5, 80), logarithmic(-3, 5, 80)):
    write("logBeta", x, y, log(beta(mpf(x), mpf(y))))
for x in linear(-37.4, -1, 60) + linear(-1, 1, 30) + linear(1, 9, 30):
    write("normalCDF", x, 0, ncdf(mpf(x)))
for x in linear(-37, 8, 60) + linear(-1000, -37, 20):
    if x > -38:
        value = log(ncdf(mpf(x)))
    else:
        # Asymptotic series of the upper tail; its terms fall below 1e-40 relative at |x| > 37.
        t, term, total = mpf(x) ** 2, mpf(1), mpf(1)
        for k in range(1, 30):
            term *= -(2 * k - 1) / t
            total += term
        value = -t / 2 - log(-mpf(x) * sqrt(2 * mp.pi)) + log(total)
    write("logNormalCDF", x, 0, value)
for x in linear(-3, 3, 80):
    write("erf", x, 0, erf(mpf(x)))
mp.dps = 60
for p in linear(0.0001, 0.9999, 60) + logarithmic(-300, -1, 60):
    # Newton steps on log P from the asymptotic start.
    z = -sqrt(-2 * log(mpf(p))) if p < 0.05 else sqrt(mpf(2)) * erfinv(2 * mpf(p) - 1)
    if p < 0.05:
        for _ in range(60):
            cdf = mp.erfc(-z / sqrt(mpf(2))) / 2
            density = mp.exp(-z * z / 2) / sqrt(2 * mp.pi)
            z -= (log(cdf) - log(mpf(p))) * cdf / density
    write("normalQuantile", p, 0, z)
mp.dps = 400
for a, width in zip(linear(-8, 8, 80), logarithmic(-3, 1.2, 80)):
    write("logNormalMass", a, a + width, log(ncdf(mpf(a + width)) - ncdf(mpf(a))))
