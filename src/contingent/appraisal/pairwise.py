"""Which of two options is better, run by run, and what is lost by choosing one if another was best?

Paired comparison, stochastic and Pareto dominance, and regret: the same draws meet all options, so what they share
cancels.
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from contingent.labels import OPTION, RUN

OTHER = "other"


def compare(score: xr.DataArray) -> xr.Dataset:
    """The paired differences of a score (option, run) between every two options.

    Returns over (option, other): `above` share of runs in which the row is above the column, `same` in which they
    are equal, `better` the first with half of the second; `mean`, `low`, `high` of the difference row minus column
    (90 % interval over runs); `dominates`, the order of stochastic dominance of the row over the
    column: 1, 2, or 0 for none.
    """
    options = score[OPTION].values
    table = score.transpose(OPTION, RUN).to_numpy()
    difference = table[:, None, :] - table[None, :, :]
    low, high = np.quantile(difference, [0.05, 0.95], axis=-1)
    above, same = (difference > 0).mean(axis=-1), (difference == 0).mean(axis=-1)
    order = np.array([[dominance(a, b) for b in table] for a in table])
    dims = (OPTION, OTHER)
    return xr.Dataset(
        {
            "above": (dims, above),
            "same": (dims, same),
            "better": (dims, above + 0.5 * same),
            "mean": (dims, difference.mean(axis=-1)),
            "low": (dims, low),
            "high": (dims, high),
            "dominates": (dims, order),
        },
        coords={OPTION: options, OTHER: options},
    )


def dominance(one: NDArray[np.float64], two: NDArray[np.float64]) -> int:
    """The lowest order, 1 or 2, in which `one` stochastically dominates `two`; 0 if in neither.

    Both are samples (run,) of equal size and equal weight, so first order is sorted values against sorted values
    and second order their running sums (Hadar & Russell 1969; Levy 1992, doi:10.1287/mnsc.38.4.555).
    """
    a, b = np.sort(one), np.sort(two)
    if np.array_equal(a, b):
        return 0
    if (a >= b).all():
        return 1
    slack = 1e-12 * max(1.0, float(np.abs(a).sum()), float(np.abs(b).sum()))
    return 2 if (np.cumsum(a) >= np.cumsum(b) - slack).all() else 0


def pareto(values: xr.DataArray) -> xr.DataArray:
    """Share of runs in which the row is at least as good as the column on every criterion and better on one.

    `values` (option, run, criterion); returns (option, other). No weights enter.
    """
    v = values.to_numpy()
    shares = [[((a >= b).all(axis=1) & (a > b).any(axis=1)).mean() for b in v] for a in v]
    options = values[OPTION].values
    return xr.DataArray(np.array(shares), dims=(OPTION, OTHER), coords={OPTION: options, OTHER: options})


def regret_summary(regret: xr.DataArray) -> xr.Dataset:
    """Expected and 90 % regret of every option.

    Regret in a run is the worth of the best admissible option minus this one's, mean over the weights
    (Savage 1951, doi:10.1080/01621459.1951.10500768); `regret` (run, option), 0 to 1. Returns over option:
    `expected` mean over runs, `high` the regret exceeded in one run of ten, `error` standard error of the mean.
    """
    runs = regret.sizes[RUN]
    spread = regret.std(RUN, ddof=1) / np.sqrt(runs) if runs > 1 else xr.zeros_like(regret.mean(RUN))
    return xr.Dataset(
        {"expected": regret.mean(RUN), "high": regret.quantile(0.9, RUN).drop_vars("quantile"), "error": spread}
    )
