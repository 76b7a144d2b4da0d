"""Derives the polynomial of LogGamma.swift (run: python3 log_gamma_coefficients.py; needs mpmath).

T(z) close to lgamma(2 + z)/z on |z| <= 1/2, interpolated at the 20 Chebyshev nodes, rounded to double.
"""

from mpmath import cos, loggamma, lu_solve, matrix, mp, mpf, pi

mp.dps = 60
count = 20
nodes = [cos((2 * k + 1) * pi / (2 * count)) / 2 for k in range(count)]
rows = matrix(count, count)
values = matrix(count, 1)
for i, node in enumerate(nodes):
    values[i] = loggamma(2 + node) / node
    for j in range(count):
        rows[i, j] = node**j
coefficients = [float(c) for c in lu_solve(rows, values)]
worst = 0
for k in range(-1000, 1001):
    z = mpf(k) / 2000
    if z:
        t = sum(mpf(c) * z**j for j, c in enumerate(coefficients))
        worst = max(worst, abs(t * z / loggamma(2 + z) - 1))
for c in coefficients:
    print(c.hex())
print("relative error:", float(worst))
