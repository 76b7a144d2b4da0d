"""Holds two results folders of `tutti fit`, the words of `tutti compare --json`, and the second folder's draws as
`tutti export --cmdstan` writes them, against ArviZ.

python check.py FOLDER FOLDER COMPARISON.jsonl DRAWS
"""
import glob
import json
import sys

import arviz as az
import numpy as np
import pandas as pd

is_old = az.__version__.startswith("0.")
# Of scores and of their standard errors: from 1.0 on ArviZ smooths tails in another way, and divides by n - 1.
score, error = (1e-6, 1e-6) if is_old else (1e-5, 1e-2)


def close(name, ours, theirs, relative):
    """The worst relative difference, which must not exceed the bound."""
    ours, theirs = np.asarray(ours, float), np.asarray(theirs, float)
    worst = float(np.max(np.abs(ours - theirs) / np.maximum(np.abs(theirs), 1e-300)))
    print(f"ArviZ {az.__version__}: {name}: {np.size(ours)} numbers, worst relative difference {worst:.1e}")
    assert worst <= relative, (name, ours, theirs)


def scalars(draws):
    """Name and draws, by chain and draw, of each number of a variable."""
    for name, variable in draws.data_vars.items():
        own = [dimension for dimension in variable.dims if dimension not in ("chain", "draw")]
        values = variable.transpose("chain", "draw", *own).values
        if not own:
            yield name, values
        elif len(own) == 1:
            for index, label in enumerate(variable[own[0]].values): yield f"{name}[{label}]", values[:, :, index]


def group(data, name):
    """The variables of a group."""
    return data[name] if is_old else data[name].to_dataset()


def check_groups(folder, data):
    """What the groups besides posterior and sample_stats hold, against each other, and the prior's part in each number."""
    names = set(data.groups()) if is_old else set(data.children)
    missing = {"unconstrained_posterior", "log_likelihood", "log_prior", "posterior_predictive", "observed_data",
               "constant_data", "prior", "prior_predictive"} - names
    assert not missing, missing
    posterior, unconstrained = group(data, "posterior"), group(data, "unconstrained_posterior")
    count = 0
    for name, values in unconstrained.data_vars.items():
        for suffix, constrain in {"_log__": np.exp, "_logodds__": lambda u: 1 / (1 + np.exp(-u))}.items():
            own = name.removesuffix(suffix)
            if own != name and own in posterior:
                close(f"unconstrained_posterior, {own}", constrain(values), posterior[own], 1e-10)
                count += 1
    assert count, list(unconstrained.data_vars)
    priors = group(data, "log_prior")
    assert all(values.dims == ("chain", "draw") and np.isfinite(values).all() for values in priors.data_vars.values())
    assert len(priors.data_vars) == len(unconstrained.data_vars)
    if is_old:
        sensitivity = az.psens(data, component="prior")
        theirs = {f"{name}[{label}]" if values.dims else name: float(value)
                  for name, values in sensitivity.data_vars.items() if len(values.dims) <= 1
                  for label, value in (zip(values[values.dims[0]].values, values.values) if values.dims
                                       else [("", values)])}
        ours = pd.read_csv(f"{folder}/sensitivity.csv").set_index("quantity")["prior"]
        names = [name for name in ours.index if name in theirs]
        assert len(names) == len(ours), set(ours.index) - set(names)
        close("sensitivity.csv, prior", ours[names], [theirs[name] for name in names], 1e-6)
    predictive, prior = group(data, "prior_predictive")["kpi"], group(data, "prior")
    assert predictive.sizes["draw"] == prior.sizes["draw"] and predictive.sizes["chain"] == 1
    assert (predictive["date"] == group(data, "observed_data")["date"]).all()


def check(folder):
    data = az.from_netcdf(f"{folder}/posterior.nc")
    check_groups(folder, data)
    posterior = group(data, "posterior")
    table = pd.read_csv(f"{folder}/summary.csv").set_index("parameter")
    numbers = {name: draws for name, draws in scalars(posterior) if name in table.index}
    assert set(numbers) == set(table.index), set(table.index) ^ set(numbers)
    # The names of ArviZ' own table differ between versions, so each number is asked for by itself.
    for column, figure in {
        "mean": lambda x: x.mean(), "sd": lambda x: x.std(ddof=1),
        "r_hat": lambda x: float(az.rhat(x)), "ess_bulk": lambda x: float(az.ess(x, method="bulk")),
        "ess_tail": lambda x: float(az.ess(x, method="tail", prob=(0.05, 0.95))),
        "mcse_mean": lambda x: float(az.mcse(x, method="mean")),
        "q05": lambda x: np.quantile(x, 0.05), "q50": lambda x: np.quantile(x, 0.5),
        "q95": lambda x: np.quantile(x, 0.95),
    }.items():
        close(f"summary.csv, {column}", table[column], [figure(numbers[name]) for name in table.index], 1e-8)
    run = json.load(open(f"{folder}/run.json"))["loo"]
    loo = az.loo(data, pointwise=True)
    close("run.json, elpd_loo", run["elpd_loo"], loo.elpd_loo if is_old else loo.elpd, score)
    close("run.json, se", run["se"], loo.se, error)
    return data


folders, comparison = sys.argv[1:3], [json.loads(line) for line in open(sys.argv[3])]
theirs = az.compare({folder: check(folder) for folder in folders}, **({} if is_old else {"round_to": "none"}))
assert list(theirs.index) == [row["folder"] for row in comparison], (theirs, comparison)
for row in comparison:
    their = theirs.loc[row["folder"]]
    close(f"compare, elpd of {row['folder']}", row["elpd"], their["elpd_loo" if is_old else "elpd"], score)
    if row["difference"] != 0:
        # That of two numbers which agree to `score`.
        bound = 2 * score * abs(row["elpd"] / row["difference"])
        close("compare, difference", abs(row["difference"]), abs(float(their["elpd_diff"])), bound)
        close("compare, its standard error", row["difference_se"], float(their["dse"]), error)

if is_old:
    # Newer ones read CmdStan's files through CmdStanPy alone.
    data = az.from_netcdf(f"{folders[1]}/posterior.nc")
    read = az.from_cmdstan(posterior=sorted(glob.glob(f"{sys.argv[4]}/chain-*.csv")))
    count = 0
    for name, variable in data.posterior.data_vars.items():
        np.testing.assert_array_equal(read.posterior[name].values, variable.values, err_msg=name)
        count += variable.size
    for theirs, ours in {"diverging": "diverging", "n_steps": "n_steps", "tree_depth": "tree_depth", "lp": "lp",
                         "energy": "energy", "acceptance_rate": "acceptance_rate", "step_size": "step_size"}.items():
        np.testing.assert_array_equal(read.sample_stats[theirs].values, data.sample_stats[ours].values, err_msg=ours)
    print(f"ArviZ {az.__version__}: CmdStan's files: {count} numbers are those of posterior.nc")
