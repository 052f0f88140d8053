"""How much is a performance worth, does it break a floor, and what is one criterion worth in the unit of another?

Value functions and constraints. Worth is piecewise linear through two fixed anchors, worth 0 and 1, and goes on in the
same direction beyond them: the fortieth death counts as much as the thirtieth, and an option added later never moves
the scale (Keeney & Raiffa 1976, ch. 3). A floor is a constraint, not a weight: an option that breaks it too often is
excluded before anything is weighed, and no merit elsewhere makes up for it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from contingent.appraisal.weights import sample_weights
from contingent.errors import InputError, LabelError
from contingent.labels import CRITERION, OPTION, RUN
from contingent.scenario.option import Criterion, WeightStatement

TOLD = 4000  # weights drawn to say what statements imply


def worth(performance: xr.DataArray, criteria: Mapping[str, Criterion]) -> xr.DataArray:
    """The worth of every performance, 0 at the worst anchor and 1 at the best; same dimensions, no unit.

    Raises:
        LabelError: the criteria of the array are not exactly those given, or its dimensions are not
            (option, run, criterion).
        InputError: a performance is not a finite number, or a criterion's points are out of order.
    """
    _check(performance, criteria)
    columns = [value_of(performance.sel({CRITERION: name}).to_numpy(), each) for name, each in criteria.items()]
    return _by_criterion(columns, performance, criteria).assign_attrs(units="1")


def _by_criterion(
    columns: list[np.ndarray], performance: xr.DataArray, criteria: Mapping[str, Criterion]
) -> xr.DataArray:
    """A column (option, run) for each criterion, as one array with the labels of the performances."""
    coords = {OPTION: performance[OPTION], RUN: performance[RUN], CRITERION: list(criteria)}
    return xr.DataArray(np.stack(columns, axis=-1), dims=(OPTION, RUN, CRITERION), coords=coords)


def value_of(performance: np.ndarray, criterion: Criterion) -> np.ndarray:
    """The value function of one criterion: piecewise linear through anchors and points, and on beyond."""
    x, y = curve(criterion)
    slope = (y[1] - y[0]) / (x[1] - x[0]), (y[-1] - y[-2]) / (x[-1] - x[-2])
    below, above = np.minimum(performance - x[0], 0.0), np.maximum(performance - x[-1], 0.0)
    return np.interp(performance, x, y) + below * slope[0] + above * slope[1]


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
        column, higher = performance.sel({CRITERION: name}).to_numpy(), criterion.worst.best < criterion.best.best
        limit = np.nan if criterion.floor is None else criterion.floor.best  # nothing is beyond not-a-number
        columns.append(column < limit if higher else column > limit)
    return _by_criterion(columns, performance, criteria)


CHANCE = "consultation.passes"
"""The chance to pass is a forecast and no value: it counts by what happens."""
ATTEMPT = "attempt."
"""How the measures begin of what the attempt itself brings, whatever comes of it."""
WORST = 0.05  # share of what may come that is its tail


def at_leaves(values: xr.DataArray, leaves: xr.DataArray, criteria: Mapping[str, Criterion]) -> xr.DataArray:
    """Worth (option, run, criterion) at what happens: of every leaf, by its chance (a roll-back of the outcome tree).

    What the attempt itself brings is the option's own. Of a criterion that is itself a chance to pass, the same for all
    options.
    """
    reached = xr.dot(leaves, values.rename({OPTION: "leaf"}).sel(leaf=leaves["leaf"]), dim="leaf")
    found = reached.transpose(*values.dims).sel({OPTION: values[OPTION]})
    named = found[CRITERION]
    own = [name for name, each in criteria.items() if each.measure.startswith(ATTEMPT)]
    found = found.where(~named.isin(own), values)
    return found.where(~named.isin([name for name, each in criteria.items() if each.measure == CHANCE]), 1.0)


def with_tails(
    values: xr.DataArray, plain: xr.DataArray, leaves: xr.DataArray | None, criteria: Mapping[str, Criterion]
) -> xr.DataArray:
    """Worth with the tail of each criterion counting as its `tail` says: a mean moved towards what is expected in the
    worst twentieth of runs and leaves (CVaR; Rockafellar & Uryasev 2000, doi:10.21314/JOR.2000.038).
    """
    averse = [name for name, criterion in criteria.items() if criterion.tail > 0]
    if not averse:
        return values
    moved = values.copy(deep=True)
    for name in averse:
        for option in values[OPTION].values:
            if leaves is None:
                chance, what = np.ones(plain.sizes[RUN]), plain.sel({OPTION: option, CRITERION: name}).to_numpy()
            else:
                at = leaves.sel({OPTION: option}).transpose("leaf", RUN)
                chance = at.to_numpy().ravel()
                what = plain.sel({CRITERION: name}).sel({OPTION: at["leaf"].values}).transpose(OPTION, RUN).to_numpy()
                what = what.ravel()
            order = np.argsort(what, kind="stable")
            share = np.cumsum(chance[order]) / chance.sum()
            taken = np.diff(np.minimum(share, WORST), prepend=0.0)
            tail, mean = float(taken @ what[order] / WORST), float(chance @ what / chance.sum())
            moved.loc[{OPTION: option, CRITERION: name}] += criteria[name].tail * (tail - mean)
    return moved


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


def asked(criteria: Mapping[str, Criterion]) -> list[dict[str, str]]:
    """For each criterion the question to ask about its weight, in the case's own units, and how to write the answer.

    Where something costs money, how much of it a swing from worst to best is worth; else its share of all weight.
    """
    unit, found = money(criteria), []
    for name, each in criteria.items():
        swing = f"{each.label} from {each.worst.best:g} to {each.best.best:g} {each.unit}".strip()
        if unit and name != unit:
            asks = f"How much, in {criteria[unit].unit}, would you give for {swing}?"
            write = f"{{criterion: {name}, than: {unit}, than_amount: AMOUNT, exactly: true}}"
        else:
            asks = f"Of all that matters here, which share is {swing}?"
            write = f"{{criterion: {name}, equals: SHARE}}"
        found.append({"criterion": name, "group": each.group, "asks": asks, "write": write})
    return found


def implied(criteria: Mapping[str, Criterion], statements: Sequence[WeightStatement]) -> dict[str, Any]:
    """The mean weights that statements leave, by criterion, and the `prices` that they imply.

    Prices are in the unit of the criterion `unit` (None where nothing is money).

    Raises:
        InputError: a statement names a criterion that does not exist, or no weights satisfy them all.
    """
    drawn = xr.DataArray(sample_weights(criteria, statements, count=TOLD, seed=0), dims=("weight", "criterion"))
    unit = money(criteria)
    return {
        "weights": dict(zip(criteria, drawn.mean("weight").to_numpy().tolist(), strict=True)),
        "unit": unit,
        "prices": prices(drawn, criteria, unit) if unit else {},
    }


def prices(weights: xr.DataArray, criteria: Mapping[str, Criterion], unit: str) -> dict[str, float]:
    """How much of one criterion, in its own unit, one unit of each other is worth at the mean weights.

    `weights` (weight, criterion). Not a number where `unit` has no weight.
    """
    mean = dict(zip(criteria, weights.mean("weight").to_numpy().tolist(), strict=True))
    swing = {name: abs(each.best.best - each.worst.best) for name, each in criteria.items()}
    of = mean[unit] / swing[unit]
    return {name: mean[name] / swing[name] / of if of > 0 else np.nan for name in criteria if name != unit}


def money(criteria: Mapping[str, Criterion]) -> str | None:
    """The criterion in whose unit prices are told: what it costs, else the first whose unit is USD; None if none is."""
    costs = [name for name, each in criteria.items() if each.measure == "force.contributor_cost"]
    return next(iter([*costs, *(name for name, each in criteria.items() if "USD" in each.unit)]), None)


def piece(criterion: Criterion) -> float:
    """How much of a criterion a price is told for: one of its unit, or a hundredth of a share."""
    return 0.01 if criterion.unit == "probability" or criterion.unit.startswith("share") else 1.0
