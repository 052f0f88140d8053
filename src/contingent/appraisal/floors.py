"""Which options break a floor, and how often?

A floor is a constraint ("never without a mandate"), not a weight: it is checked before anything is
weighed, and no merit elsewhere makes up for breaking it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from contingent.labels import CRITERION, OPTION, RUN
from contingent.scenario.option import Criterion


def breaches(performance: xr.DataArray, criteria: Mapping[str, Criterion]) -> xr.DataArray:
    """Whether each option is below each stated floor in each run; boolean (option, run, criterion).

    For a criterion where lower is better, "below" means above the stated limit.
    Criteria without a floor are never broken.
    """
    columns = []
    for name, criterion in criteria.items():
        column = performance.sel({CRITERION: name}).to_numpy()
        if criterion.floor is None:
            columns.append(np.zeros(column.shape, dtype=bool))
        elif criterion.worst.best < criterion.best.best:
            columns.append(column < criterion.floor.best)
        else:
            columns.append(column > criterion.floor.best)
    return xr.DataArray(
        np.stack(columns, axis=-1),
        dims=(OPTION, RUN, CRITERION),
        coords={OPTION: performance[OPTION], RUN: performance[RUN], CRITERION: list(criteria)},
    )
