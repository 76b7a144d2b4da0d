"""Opens the results folder given as argument with ArviZ and compares az.summary with summary.csv."""
import sys

import arviz as az
import numpy as np
import pandas as pd

folder = sys.argv[1]
data = az.from_netcdf(f"{folder}/posterior.nc")
assert {"posterior", "sample_stats"} <= set(data.groups()), data.groups()

table = pd.read_csv(f"{folder}/summary.csv").set_index("parameter")
names, quantiles = [], []
for name, variable in data.posterior.data_vars.items():
    own = [d for d in variable.dims if d not in ("chain", "draw")]
    assert len(own) <= 1, variable.dims
    names += [f"{name}[{x}]" for x in variable[own[0]].values] if own else [name]
    draws = variable.values.reshape(variable.shape[0] * variable.shape[1], -1)
    quantiles += list(np.quantile(draws, [0.05, 0.5, 0.95], axis=0).T)
quantiles = pd.DataFrame(quantiles, index=names, columns=["q05", "q50", "q95"])
assert set(table.index) <= set(names), set(table.index) - set(names)

summary = az.summary(data, round_to="none", stat_focus="mean")
summary.index = names
worst = 0.0
for column in ("mean", "sd", "mcse_mean", "ess_bulk", "ess_tail", "r_hat", "q05", "q50", "q95"):
    ours = table[column].to_numpy()
    theirs = (quantiles if column.startswith("q") else summary).loc[table.index, column].to_numpy()
    np.testing.assert_allclose(ours, theirs, rtol=1e-8, err_msg=column)
    worst = max(worst, np.max(np.abs(ours - theirs) / np.abs(theirs)))
assert data.sample_stats.diverging.dtype == bool, data.sample_stats.diverging.dtype
if "observed_data" in data.groups():
    assert np.issubdtype(data.observed_data.date.dtype, np.datetime64), data.observed_data.date.dtype
    first = pd.read_csv(f"{folder}/contributions.csv").date[0]
    assert str(data.observed_data.date.values[0])[:10] == first, first
print(f"ArviZ {az.__version__}: {len(table)} scalars agree, worst relative difference {worst:.1e}")
