"""What is it worth to begin small and go further only if something happens?

A tree of one branch: the option begun with, the event, the option gone over to. In a run in which the event
comes, the performance is that of the first option until the day it comes and of the second from then on,
each in proportion to its share of the horizon (a judgement: what a force does adds up evenly over time; the
price of a second deployment is the second option's own). Judged and political criteria follow the same rule.
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from contingent.labels import OPTION, RUN


def adapt(
    performance: xr.DataArray, start: str, then: str, comes: NDArray[np.bool_], before: NDArray[np.float64]
) -> xr.DataArray:
    """The performance of going over from one option to another, over (run, criterion).

    Args:
        performance: (option, run, criterion).
        start: the option begun with.
        then: the option gone over to.
        comes: (run) whether the event comes in time.
        before: (run) share of the horizon that has passed by then, 0 to 1.
    """
    one, two = performance.sel({OPTION: start}, drop=True), performance.sel({OPTION: then}, drop=True)
    share = np.where(comes, np.clip(before, 0.0, 1.0), 1.0)
    kept = xr.DataArray(share, dims=(RUN,), coords={RUN: performance[RUN]})
    return two + (one - two) * kept


def with_adaptive(performance: xr.DataArray, found: dict[str, xr.DataArray]) -> xr.DataArray:
    """The performance with each way of proceeding added as one more option; anchors stay, so ranks cannot reverse."""
    rows = [performance, *(each.expand_dims({OPTION: [name]}) for name, each in found.items())]
    return xr.concat(rows, OPTION, join="exact", coords="minimal", compat="override").transpose(*performance.dims)
