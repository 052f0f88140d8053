"""How much is a performance worth, and does it break a floor?

Value functions and constraints. Worth is piecewise linear between two fixed anchors, worth 0 and 1, and constant beyond
them, so that an option added later never moves the scale (Keeney & Raiffa 1976, ch. 3). A floor is a constraint, not a
weight: it is checked before anything is weighed, and no merit elsewhere makes up for breaking it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from contingent.errors import InputError, LabelError
from contingent.labels import CRITERION, OPTION, RUN
from contingent.scenario.option import Criterion


def worth(performance: xr.DataArray, criteria: Mapping[str, Criterion]) -> xr.DataArray:
    """The worth, 0 to 1, of every performance; same dimensions, no unit.

    Raises:
        LabelError: the criteria of the array are not exactly those given, or its dimensions are not
            (option, run, criterion).
        InputError: a performance is not a finite number, or a criterion's points are out of order.
    """
    _check(performance, criteria)
    columns = [
        value_of(performance.sel({CRITERION: name}).to_numpy(), criterion) for name, criterion in criteria.items()
    ]
    stacked = np.stack(columns, axis=-1)
    return xr.DataArray(
        stacked,
        dims=(OPTION, RUN, CRITERION),
        coords={OPTION: performance[OPTION], RUN: performance[RUN], CRITERION: list(criteria)},
        attrs={"units": "1"},
    )


def value_of(performance: np.ndarray, criterion: Criterion) -> np.ndarray:
    """The value function of one criterion: piecewise linear through its anchors and points; any shape."""
    x, y = curve(criterion)
    return np.interp(performance, x, y)


def curve(criterion: Criterion) -> tuple[np.ndarray, np.ndarray]:
    """The corners of a value function, performances rising.

    Raises:
        InputError: worst and best coincide, or a stated point leaves the anchors or does not rise.
    """
    worst, best = criterion.worst.best, criterion.best.best
    if worst == best:
        raise InputError(f"criterion {criterion.label!r}: worst and best are both {worst:g}; move one of them")
    corners = sorted({worst: 0.0, best: 1.0, **dict(criterion.points)}.items(), reverse=worst > best)
    x, y = (np.array(side, dtype=float) for side in zip(*corners, strict=True))
    if {x[0], x[-1]} != {worst, best} or (np.diff(y) < 0).any() or y.min() < 0 or y.max() > 1:
        raise InputError(
            f"criterion {criterion.label!r}: its points must lie between worst {worst:g} (worth 0) "
            f"and best {best:g} (worth 1), and worth must never fall towards best"
        )
    return (x, y) if worst < best else (x[::-1], y[::-1])


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


def outside(performance: xr.DataArray, criteria: Mapping[str, Criterion]) -> xr.DataArray:
    """Share of performances that lie beyond the anchors, by criterion: there the value function is blind."""
    shares = []
    for name, criterion in criteria.items():
        low, high = sorted((criterion.worst.best, criterion.best.best))
        column = performance.sel({CRITERION: name})
        shares.append(float(((column < low) | (column > high)).mean()))
    return xr.DataArray(shares, dims=(CRITERION,), coords={CRITERION: list(criteria)}, attrs={"units": "1"})


def _check(performance: xr.DataArray, criteria: Mapping[str, Criterion]) -> None:
    if performance.dims != (OPTION, RUN, CRITERION):
        raise LabelError(f"performance must be over (option, run, criterion), not {performance.dims}")
    if not criteria:
        raise InputError("there is nothing to judge by: name at least one criterion")
    have, want = set(map(str, performance[CRITERION].values)), set(criteria)
    if have != want:
        raise LabelError(f"dimension 'criterion' does not match: {', '.join(sorted(have ^ want))}")
    bad = ~np.isfinite(performance.to_numpy())
    if bad.any():
        option, run, criterion = (int(i) for i in np.argwhere(bad)[0])
        raise InputError(
            f"performance of option {performance[OPTION].values[option]!s} on criterion "
            f"{performance[CRITERION].values[criterion]!s} is not a number in run {performance[RUN].values[run]!s}"
        )
