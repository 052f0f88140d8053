"""One number a run for each outcome a reader asks about first, straight from the kernel's arrays.

The same as `Mission.headline` without labels on the way: for the many simulations of a split, and for very many runs.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from contingent.labels import RUN
from contingent.mission import block
from contingent.mission.inputs import Inputs
from contingent.mission.result import AT_THE_END, SUMMED, UNITS
from contingent.mission.simulate import Outputs

AVERAGED = ("crossings_open", "coverage")


def headline_arrays(inputs: Inputs, outputs: Outputs) -> dict[str, np.ndarray]:
    """Sums over the weeks, states at the end, means over the weeks; float64, shape (run) each."""
    weekly = dict(zip(block.SERIES, outputs.weekly, strict=True))
    found = {name: values.sum(axis=0, dtype=np.float64) for name, values in weekly.items() if name in SUMMED}
    found["registered"] = found["disarmed"] * inputs.theta[inputs.parameters.index("register_inflation")]
    found |= {name: weekly[name][-1].astype(np.float64) for name in AT_THE_END}
    found |= {name: weekly[name].mean(axis=0, dtype=np.float64) for name in AVERAGED}
    found["ceasefire_fell"] = (weekly["ceasefire"].min(axis=0) < 1).astype(np.float64)
    left = 1 - outputs.shares[block.CONTRIBUTOR.index("present")]
    found["contributors_left"] = left.sum(axis=0, dtype=np.float64)
    return found


def contributor_deaths(inputs: Inputs, outputs: Outputs, contributor: str) -> np.ndarray:
    """Own deaths of one contributor, none where it sends nobody; float64, shape (run)."""
    if contributor not in inputs.contributors:
        return np.zeros(outputs.shares.shape[-1])
    dead = outputs.shares[block.CONTRIBUTOR.index("dead")]
    return dead[inputs.contributors.index(contributor)].astype(np.float64)


def headline_dataset(rows: dict[str, np.ndarray], runs: np.ndarray) -> xr.Dataset:
    """The same with units, over (run)."""
    return xr.Dataset(
        {name: ((RUN,), values, {"units": UNITS.get(name, "1")}) for name, values in rows.items()}, coords={RUN: runs}
    )
