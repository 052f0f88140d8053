"""Under which conditions does something happen: in which box of the assumptions' space?

The patient rule induction method (Friedman & Fisher 1999, doi:10.1023/A:1008894516817) for scenario discovery (Bryant &
Lempert 2010, doi:10.1016/j.techfore.2009.08.002): peel off the slice of one input whose removal leaves most cases by
share. A limit's quasi-p-value is the chance of as many cases in the box if that limit did not matter. The box
is found on one half of the runs; what is said of it is what the other half shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc

from contingent.ensemble.summary import FAMILYWISE_ALPHA, halves

PEEL = 0.05  # share of the box's runs taken off in a step (Friedman & Fisher's advice: 0.05 to 0.1)
LEAST = 0.05  # share of all runs below which a box is not worth naming
FEW = 4  # inputs that a box may be cut along: one more than it may have conditions
MOST = 3  # conditions that a reader can hold in mind; a judgement, as in Bryant & Lempert
KEPT_P = 0.05  # a limit whose quasi-p-value is above this is dropped, in either half of the runs
OPEN = (-np.inf, np.inf)  # lower and upper limit of an input without any


@dataclass(frozen=True, slots=True)
class Limit:
    """One condition: the input is at least `low` and at most `high` (infinite where open); the larger quasi-p-value."""

    name: str
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class Box:
    """Conditions that hold together, and what they describe.

    `coverage` share of all cases that lie inside, `density` share of the runs inside that are cases, `base` share of
    all runs that are, `mass` share of all runs that lie inside; `p` the chance of as many cases inside if the box had
    nothing to do with them.
    """

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    base: float
    mass: float
    p: float


def peel(inputs: NDArray[np.float64], cases: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
    """The peeling trajectory: boxes as (input, [low, high]), from all of space to the purest.

    `inputs` (run, input); `cases` (run), what is to be described. A step takes off the share `PEEL` of the runs in the
    box, down to the share `LEAST` of all runs.
    """
    runs, count = inputs.shape
    limits = np.tile(OPEN, (count, 1))
    inside = np.arange(runs)
    boxes = [limits.copy()]
    while True:
        best: tuple[float, float, int, int, float] | None = None
        x, y = inputs[inside], cases[inside]
        low, high = np.quantile(x, [PEEL, 1 - PEEL], axis=0)
        for j in range(count):
            for side, bound in ((0, low[j]), (1, high[j])):
                kept = x[:, j] >= bound if side == 0 else x[:, j] <= bound
                left = int(kept.sum())
                if left == len(inside) or left < LEAST * runs:
                    continue
                # the mean inside, and of equals the one that costs fewest runs
                candidate = (float(y[kept].mean()), float(left), j, side, float(bound))
                if best is None or candidate[:2] > best[:2]:
                    best = candidate
        if best is None:
            return boxes
        _, _, j, side, bound = best
        limits[j, side] = bound
        inside = inside[x[:, j] >= bound] if side == 0 else inside[x[:, j] <= bound]
        boxes.append(limits.copy())
        if cases[inside].all():
            return boxes


def holds(inputs: NDArray[np.float64], limits: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which runs lie inside a box."""
    return np.asarray(((inputs >= limits[:, 0]) & (inputs <= limits[:, 1])).all(axis=1), dtype=bool)


def discover(
    inputs: Mapping[str, NDArray[np.float64]], cases: NDArray[np.bool_], *, chance: float = FAMILYWISE_ALPHA
) -> Box | None:
    """The box with at most `MOST` conditions that best describes the cases; None where there is none to speak of.

    On one half of the runs, and along the `FEW` inputs that tell most there, "best" along the peeling trajectory is the
    share of the cases that lie inside less the share of the other runs that do (Youden's J, 1950): a box gains nothing
    by being large where most runs are cases anyway. Limits that matter on the other half too are kept, and the measures
    are those on it; the box is told if they come about by chance in a share `chance` of ensembles at most.
    """
    if not inputs:
        return None
    names, table = list(inputs), np.column_stack(list(inputs.values()))
    first = halves(len(cases))
    known, shown = cases[first], cases[~first]
    if not known.any() or known.all() or not shown.any() or shown.all():
        return None
    few = telling(table[first], known)[:FEW]
    names, table = [names[j] for j in few], table[:, few]
    best, chosen = 0.0, None
    for limits in peel(table[first], known):
        limits = pruned(table[first], known, limits)
        inside = holds(table[first], limits)
        merit = float(inside[known].mean() - inside[~known].mean())
        if merit > best and np.isfinite(limits).any():
            best, chosen = merit, limits
    if chosen is None:
        return None
    chosen = pruned(table[~first], shown, chosen)
    box = described(names, table[~first], shown, chosen)
    return box if box.p <= chance else None


def telling(inputs: NDArray[np.float64], cases: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The inputs by how far apart cases and other runs lie along each: the Kolmogorov-Smirnov distance, largest first.

    Slices of inputs that tell nothing would use up the peeling's runs.
    """
    sorted_cases = cases[np.argsort(inputs, axis=0, kind="stable")]
    apart = np.cumsum(sorted_cases / cases.sum() - ~sorted_cases / (~cases).sum(), axis=0)
    return np.argsort(-np.abs(apart).max(axis=0), kind="stable")


def pruned(table: np.ndarray, cases: np.ndarray, limits: np.ndarray) -> NDArray[np.float64]:
    """The box without the limits that matter least, until all remaining ones matter and few enough inputs remain."""
    limits = limits.copy()
    kept = np.flatnonzero(np.isfinite(limits))
    outside = outside_of(table, limits, kept)
    while len(kept):
        p = quasi_p(cases, outside)
        if len(np.unique(kept // 2)) <= MOST and p.max() <= KEPT_P:
            return limits
        worst = int(np.lexsort((kept, p))[-1])
        limits.flat[kept[worst]] = OPEN[kept[worst] % 2]
        kept, outside = np.delete(kept, worst), np.delete(outside, worst, axis=0)
    return limits


def outside_of(table: np.ndarray, limits: np.ndarray, kept: np.ndarray) -> NDArray[np.bool_]:
    """Which runs each limit excludes, of those at `kept`: twice the input, and one more for the upper; (limit, run)."""
    columns, bounds = table[:, kept // 2], limits.ravel()[kept]
    return np.asarray(np.where(kept % 2, columns > bounds, columns < bounds).T, dtype=bool)


def quasi_p(cases: np.ndarray, outside: np.ndarray) -> NDArray[np.float64]:
    """Of every limit: the chance of at least as many cases in the box if it did not matter.

    Binomial with the density of the box without that limit (Bryant & Lempert 2010, section 3.3).
    """
    broken = outside.sum(axis=0)
    inside = broken == 0
    wider = (broken - outside) == 0
    density = wider @ cases.astype(float) / np.maximum(wider.sum(axis=1), 1)
    return np.asarray(bdtrc(int(cases[inside].sum()) - 1, int(inside.sum()), density))


def described(names: list[str], table: np.ndarray, cases: np.ndarray, limits: np.ndarray) -> Box:
    """A box with its measures, its conditions most telling first; its chance by Fisher's exact test, one-sided."""
    from scipy.stats import hypergeom  # slow to import, and only a box found needs it

    inside = holds(table, limits)
    kept = np.flatnonzero(np.isfinite(limits))
    chances = quasi_p(cases, outside_of(table, limits, kept)) if len(kept) else np.array([])
    found = [
        Limit(names[j], float(limits[j, 0]), float(limits[j, 1]), float(chances[kept // 2 == j].max()))
        for j in np.unique(kept // 2)
    ]
    hits = int(cases[inside].sum())
    return Box(
        tuple(sorted(found, key=lambda limit: (limit.p, limit.name))), coverage=hits / float(cases.sum()),
        density=hits / max(int(inside.sum()), 1), base=float(cases.mean()), mass=float(inside.mean()),
        p=float(hypergeom.sf(hits - 1, len(cases), cases.sum(), inside.sum())),
    )  # fmt: skip
