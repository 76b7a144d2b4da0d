# Makes mediator-equation.json: `python3 mediator-equation.py > mediator-equation.json`, with numpy alone.
# The posterior of the strengths is made by quadrature on a grid, with the variance integrated out by its formula and the
# baseline's coefficients by a full covariance matrix; nothing is sampled.
import json

import numpy as np

rng = np.random.default_rng(20260)
periods, lags = 80, 5


def adstock(x, alpha):
    weights = alpha ** np.arange(lags)
    return np.convolve(x, weights / weights.sum())[: len(x)]


def unit(values):
    """Deviations from each geo's mean, of root mean square 1, and what they were divided by."""
    centred = values - values.mean(axis=1, keepdims=True)
    scale = np.sqrt((centred**2).mean())
    return (centred / scale).ravel(), scale


def case(name, geos, driver_count, effects, noise, joint):
    size = np.array([1.0, 3.0, 0.5])[:geos, None]
    shared = rng.random((geos, periods)) < 0.5
    drivers = []
    for _ in range(driver_count):
        own = rng.random((geos, periods)) < 0.5
        on = np.where(rng.random((geos, periods)) < joint, shared, own)
        drivers.append(np.round(size * on * rng.uniform(20, 100, (geos, periods)), 3))
    price = rng.normal(50, 5, (geos, periods))
    rival = rng.normal(0, 1, (geos, periods))
    alphas, halves = [0.55, 0.3][:driver_count], [0.8, 1.7][:driver_count]
    # The model divides by the geo's size, the mean KPI over its mean, then by the median of what is not 0.
    kpi = size * (1000 + rng.normal(0, 50, (geos, periods)))
    population = kpi.mean(axis=1) / kpi.mean(axis=1).mean() if geos > 1 else np.ones(1)

    def scaled(exposure):
        per_head = exposure / population[:, None]
        return per_head / np.median(per_head[per_head != 0])

    responses = []
    for exposure, alpha, half in zip(drivers, alphas, halves):
        carried = np.array([adstock(row, alpha) for row in scaled(exposure)])
        responses.append(carried / (carried + half))
    level = 1 + sum(e * r for e, r in zip(effects, responses)) + 0.02 * (price - 50) + 0.002 * np.arange(periods)
    mediator = np.round(size * 300 * (level + noise * rng.normal(size=(geos, periods))), 3)

    x = scaled(mediator)
    z, z_scale = unit(x / x.mean(axis=1, keepdims=True))
    u = [unit(r) for r in responses]
    scales = [s for _, s in u]
    u = np.array([v for v, _ in u])
    trend = np.tile(np.arange(periods) * 7 / 365.25, (geos, 1))
    columns = np.array([unit(c)[0] for c in (price, rival, trend)]).T
    precision = np.linalg.inv(np.eye(len(z)) + 100 * columns @ columns.T)
    g, b, c = u @ precision @ u.T, u @ precision @ z, z @ precision @ z

    degrees = geos * periods - geos
    top = 3.0
    grid = np.linspace(0, top, 2401)
    axes = np.meshgrid(*[grid] * driver_count, indexing="ij")
    gamma = np.stack([a.ravel() for a in axes])
    squares = c - 2 * b @ gamma + np.einsum("ip,ij,jp->p", gamma, g, gamma)
    log_density = -(0.5 + degrees / 2) * np.log(0.005 + squares / 2) - (gamma**2).sum(axis=0) / 2
    weight = np.exp(log_density - log_density.max())
    for a in gamma:  # The trapezoidal rule.
        weight[(a == 0) | (a == top)] /= 2
    weight /= weight.sum()
    factor = z_scale / np.array(scales)
    mean = gamma @ weight
    sd = np.sqrt((gamma**2) @ weight - mean**2)
    return {
        "name": name, "geos": geos, "periods": periods, "kpi": kpi.ravel().tolist(),
        "mediator": mediator.ravel().tolist(), "drivers": [d.ravel().tolist() for d in drivers],
        "price": price.ravel().tolist(), "rival": rival.ravel().tolist(), "alpha": alphas, "ec": halves,
        "responses": g.ravel().tolist(), "products": b.tolist(), "exposure": c, "scales": scales,
        "freedom": degrees - (100 * np.linalg.eigvalsh(columns.T @ columns)
                              / (1 + 100 * np.linalg.eigvalsh(columns.T @ columns))).sum(),
        "mean": (factor * mean).tolist(), "sd": (factor * sd).tolist(),
    }


cases = [
    case("one driver", 1, 1, [0.9], 0.08, 0),
    case("no effect", 1, 1, [0], 0.08, 0),
    case("two drivers planned together", 1, 2, [0.6, 0.2], 0.08, 0.9),
    case("three geos", 3, 1, [0.5], 0.1, 0),
]
print(json.dumps({"cases": cases}))
