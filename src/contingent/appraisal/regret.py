"""How much worth is lost by choosing an option, had another been best?

Regret in a run is the worth of the best admissible option minus this one's, mean over the weights
(Savage 1951, doi:10.1080/01621459.1951.10500768).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from contingent.errors import InputError
from contingent.labels import OPTION, RUN


def regret_summary(regret: xr.DataArray) -> xr.Dataset:
    """Expected and 90 % regret of every option.

    `regret` (run, option), 0 to 1. Returns over option: `expected` mean over runs, `high` the regret exceeded
    in one run of ten, `error` standard error of the mean.
    """
    runs = regret.sizes[RUN]
    spread = regret.std(RUN, ddof=1) / np.sqrt(runs) if runs > 1 else xr.zeros_like(regret.mean(RUN))
    return xr.Dataset(
        {"expected": regret.mean(RUN), "high": regret.quantile(0.9, RUN).drop_vars("quantile"), "error": spread}
    )


def minimax(regret: xr.DataArray, states: Mapping[str, np.ndarray]) -> xr.Dataset:
    """The largest expected regret of every option over declared states of the world.

    `states` names disjoint or overlapping sets of runs, boolean over run. Returns `by_state` (state, option)
    expected regret within the state, and `worst` (option) its maximum; the minimax choice has the lowest `worst`.

    Raises:
        InputError: a state holds in no run at all.
    """
    empty = [name for name, mask in states.items() if not np.asarray(mask).any()]
    if empty or not states:
        raise InputError(f"no run of the ensemble is in state {', '.join(empty) or '(none was named)'}")
    rows = [regret.isel({RUN: np.flatnonzero(np.asarray(mask))}).mean(RUN) for mask in states.values()]
    table = xr.concat(rows, dim="state").assign_coords(state=list(states))
    return xr.Dataset({"by_state": table.transpose("state", OPTION), "worst": table.max("state")})
