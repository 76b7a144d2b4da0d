"""Writes elementary_reference.txt (run: python3 elementary_reference.py [points per range] > FILE; needs mpmath).

Each line: function, argument, value as a sum of two doubles (high + low), all as hexadecimal doubles.
The arguments are drawn with Python's generator of seed 20260101 and rounded to double before evaluation.
"""

import random
import sys

from mpmath import cos, exp, expm1, log, log1p, mp, mpf, pi, sin, tanh

mp.prec = 240
count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
chance = random.Random(20260101)


def linear(low, high):
    return [chance.uniform(low, high) for _ in range(count)]


def logarithmic(low, high, signed=False):
    points = [10 ** chance.uniform(low, high) for _ in range(count)]
    return [chance.choice((-1, 1)) * x for x in points] if signed else points


def softplus(x):
    return log1p(exp(x))


def binary_tanh(y):
    return tanh(y * log(mpf(2)) / 2)


def sigmoid(x):
    return 1 / (1 + exp(-x))


cases = {
    "exp": (exp, linear(-1, 1) + linear(-30, 30) + linear(-708, 709) + logarithmic(-18, -1, True) + [-708.0, 709.0]),
    "expm1": (expm1, linear(-1, 1) + linear(-60, 60) + linear(-700, 709) + logarithmic(-18, 0, True) + [709.0]),
    "log": (log, linear(0.5, 2) + logarithmic(-307, 308) + logarithmic(-2, 2) + [1 + x for x in logarithmic(-15, -1, True)]),
    "log1p": (log1p, linear(-0.9, 2) + logarithmic(-18, 0, True)[: count - 1] + logarithmic(0, 300) + [-1 + 1e-12]),
    "sigmoid": (sigmoid, linear(-5, 5) + linear(-700, 50)),
    "tanh": (tanh, linear(-1, 1) + linear(-20, 20) + logarithmic(-18, 0, True) + linear(-0.35, 0.35)),
    "softplus": (softplus, linear(-2, 2) + linear(-40, 40) + linear(-700, 700)),
    "sinTwoPi": (lambda u: sin(2 * pi * u), linear(0, 1) + linear(-100, 100) + logarithmic(-12, 0, True)),
    "cosTwoPi": (lambda u: cos(2 * pi * u), linear(0, 1) + linear(-100, 100) + logarithmic(-12, 0, True)),
    "binaryTanh": (binary_tanh, linear(-0.5, 0.5) + linear(-3, 3) + linear(-70, 70) + logarithmic(-18, 0, True)),
}
cases["log"][1].extend([5e-324, 2.2250738585072009e-308, 1.7976931348623157e308])

# Ends of double precision and of the ranges that the functions promise.
tiny = [s * x for s in (-1, 1) for x in (5e-324, 2.3e-308, 1e-300, 1e-100, 2.0**-54, 2.0**-53, 2.0**-52)]
extremes = {
    "exp": tiny + [-707.9999, -0.5, 708.9999],
    "expm1": tiny + [-708.0, -40.0, -37.0, 708.9999],
    "log": [5e-324, 1e-323, 2.3e-308, 1 - 2.0**-53, 1 + 2.0**-52, 2.0**-1000, 2.0**1023],
    "log1p": tiny + [-1 + 2.0**-53, -0.5, 2.0**53, 1.7e308],
    "sigmoid": tiny + [-707.9999, 36.7, 40.0, 708.0],
    "tanh": tiny + [-22.0, -18.5, 18.5, 22.0, 350.0],
    "binaryTanh": tiny + [-700.0, -64.0, -1.0, 0.5, 1.5, 54.0, 55.0, 64.0, 1e300],
    "softplus": tiny + [-707.9999, -36.7, 36.7, 1e6, 1.7e308],
}

for chosen in (cases, {name: (cases[name][0], points) for name, points in extremes.items()}):
    for name, (function, points) in chosen.items():
        for x in points:
            # Beyond 1e4 the exponential's 4000 digits and more are nothing to softplus.
            value = mpf(x) if name == "softplus" and x > 1e4 else function(mpf(x))
            high = float(value)
            print(name, x.hex(), high.hex(), float(value - mpf(high)).hex())
