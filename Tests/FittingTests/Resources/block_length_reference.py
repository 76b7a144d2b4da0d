"""Makes block_length_reference.json: ten series, and the block length of the circular bootstrap that Python `arch`
(8.0.0, numpy 2.4.6) chooses for each, `arch.bootstrap.optimal_block_length(x).circular`.

    pip install arch==8.0.0 numpy==2.4.6
    python block_length_reference.py > block_length_reference.json

The series are made here from a fixed seed; no third-party data is in them.
"""

import json

import numpy as np
from arch.bootstrap import optimal_block_length

rng = np.random.default_rng(20260101)


def recursive(n, coefficients, burn=200):
    x = np.zeros(n + burn)
    for t in range(len(coefficients), n + burn):
        x[t] = sum(c * x[t - 1 - k] for k, c in enumerate(coefficients)) + rng.standard_normal()
    return x[burn:]


def moving_average(n, coefficients):
    e = rng.standard_normal(n + len(coefficients))
    return sum(c * e[k : k + n] for k, c in enumerate([*coefficients, 1.0]))


series = {
    "white noise, 104 weeks": rng.standard_normal(104),
    "AR(1) 0.4, 104 weeks": recursive(104, [0.4]),
    "AR(1) 0.7, 157 weeks": recursive(157, [0.7]),
    "AR(1) 0.95, 208 weeks": recursive(208, [0.95]),
    "AR(1) -0.5, 130 weeks": recursive(130, [-0.5]),
    "AR(2) with a cycle, 365 days": recursive(365, [1.2, -0.8]),
    "MA(4) of equal weights, 90 days": moving_average(90, [1.0, 1.0, 1.0, 1.0]),
    "random walk, 52 weeks": np.cumsum(rng.standard_normal(52)),
    "yearly wave and noise far from 0, 156 weeks": 1e4
    + 3 * np.sin(2 * np.pi * np.arange(156) / 52)
    + rng.standard_normal(156),
    "heavy tails, 1000 days": rng.standard_t(3, 1000),
}
print(
    json.dumps(
        [
            {
                "name": name,
                "values": [float(v) for v in np.round(values, 6)],
                "circular": float(optimal_block_length(np.round(values, 6)).circular.iloc[0]),
            }
            for name, values in series.items()
        ]
    )
)
