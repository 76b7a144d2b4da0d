"""Writes special_reference.txt (run: python3 special_reference.py > FILE; needs mpmath).

Each line: function, first argument, second argument (0 if it has none), value; all as hexadecimal doubles.
"""

import random

from mpmath import beta, erf, erfc, erfinv, exp, log, log1p, loggamma, mp, mpf, ncdf, sqrt

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

# Ends of the domains and of double precision, and both sides of the points where the approximations change.
mp.dps = 800
for x in (5e-324, 1e-300, 1e-100, 0.5 - 2.0**-54, 1.5 - 2.0**-52, 1 + 2.0**-52, 2 - 2.0**-52, 10 - 2.0**-49, 1e10, 1e100, 1e305):
    write("logGamma", x, 0, loggamma(mpf(x)))
for x, y in ((1e-300, 1e-300), (1e-300, 1e6), (1e-9, 1e-9), (1e10, 0.5), (1e6, 1e6), (1e12, 3.0), (1e-6, 1e10), (1e8, 1e-3)):
    write("logBeta", x, y, loggamma(mpf(x)) + loggamma(mpf(y)) - loggamma(mpf(x) + mpf(y)))
for x in (5e-324, -1e-300, 1e-9, 0.46875, 0.46875 + 2.0**-54, 5.9, 6.1, 40.0):
    write("erf", x, 0, erf(mpf(x)))
for x in (-37.5, -37.4999, -5.65, -0.6, -0.6 - 2.0**-53, -1e-300, 1e-9, 0.6, 0.6 + 2.0**-53, 8.3, 37.0):
    write("normalCDF", x, 0, erfc(-mpf(x) / sqrt(mpf(2))) / 2)
for x in (-1, -1 + 2.0**-53, -38, -37.5, -1e-300, 0, 1e-9, 8.5, 20, 37):
    write("logNormalCDF", x, 0, log(erfc(-mpf(x) / sqrt(mpf(2))) / 2))
for x in (-1e4, -1e8, -1e150):
    t = mpf(x) ** 2
    write("logNormalCDF", x, 0, -t / 2 - log(-mpf(x) * sqrt(2 * mp.pi)) + log1p(-1 / t + 3 / t**2 - 15 / t**3))
for p in (5e-324, 2.3e-308, 0.075, 0.925, 0.5 - 2.0**-54, 0.5 + 2.0**-53, 0.9999999, 1 - 2.0**-40, 1 - 2.0**-53):
    lower = mpf(p) if p < 0.5 else 1 - mpf(p)
    # Newton steps on log P from the asymptotic start, in the lower tail.
    z = -sqrt(-2 * log(2 * lower))
    for _ in range(60):
        cdf = erfc(-z / sqrt(mpf(2))) / 2
        z -= (log(cdf) - log(lower)) * cdf * sqrt(2 * mp.pi) * exp(z * z / 2)
    write("normalQuantile", p, 0, z if p < 0.5 else -z)
for a, b in ((-38, -37), (36, 40), (-1, 1), (-8, 9), (-20, 0), (0, 20), (-1e-3, 1e-3), (-40, 37)):
    tail = lambda x: erfc(mpf(x) / sqrt(mpf(2))) / 2
    write("logNormalMass", a, b, log(tail(a) - tail(b)) if a > 0 else log(tail(-b) - tail(-a)))

# log Phi and its derivative phi/Phi, from far below to far above 0.
mp.dps = 60
far = [-10**chance.uniform(0, 8) for _ in range(60)]
for z in linear(-40, 37, 200) + linear(-2, 2, 80) + far + [0.0, -0.0, 1e-300, -1e-300, 5e-9, -5e-9, 37.0, -37.0]:
    x = mpf(z)
    if x > -60:
        tail = erfc(-x / sqrt(mpf(2))) / 2
        value = log1p(-erfc(x / sqrt(mpf(2))) / 2) if x > 0 else log(tail)
        slope = exp(-x * x / 2) / sqrt(2 * mp.pi) / tail
    else:
        total, term = mpf(1), mpf(1)
        for k in range(1, 60):
            term *= -(2 * k - 1) / x**2
            if abs(term) < mpf(10) ** -50:
                break
            total += term
        value = -x * x / 2 - log(-x * sqrt(2 * mp.pi)) + log(total)
        slope = -x / total
    write("logNormalCDFLanes", z, 0, value)
    write("inverseMillsRatio", z, 0, slope)
for x in logarithmic(-8, 8, 120) + linear(0.5, 12, 80) + [0.5, 1.0, 10.0, 1.4616321449683622]:
    write("digamma", x, 0, mp.digamma(mpf(x)))
