"""Under which conditions does something happen: in which box of the assumptions' space?

The patient rule induction method (Friedman & Fisher 1999, doi:10.1023/A:1008894516817) for scenario discovery (Bryant &
Lempert 2010, doi:10.1016/j.techfore.2009.08.002): peel off the slice of one input whose removal leaves most cases by
share. A condition's quasi-p-value is the chance of as many cases in the box if that condition did not matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc

PEEL = 0.05  # share of the box's runs taken off in a step (Friedman & Fisher's advice: 0.05 to 0.1)
LEAST = 0.05  # share of all runs below which a box is not worth naming
MOST = 3  # conditions that a reader can hold in mind; a judgement, as in Bryant & Lempert
KEPT_P = 0.05  # a condition whose quasi-p-value is above this is dropped


@dataclass(frozen=True, slots=True)
class Limit:
    """One condition: the input is at least `low` and at most `high` (infinite where open); its quasi-p-value."""

    name: str
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class Box:
    """Conditions that hold together, and what they describe.

    `coverage` share of all cases that lie inside, `density` share of the runs inside that are cases,
    `mass` share of all runs that lie inside.
    """

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    mass: float


def peel(
    inputs: NDArray[np.float64], cases: NDArray[np.bool_], *, share: float = PEEL, least: float = LEAST
) -> list[NDArray[np.float64]]:
    """The peeling trajectory: boxes as (input, [low, high]), from all of space to the purest.

    Args:
        inputs: (run, input).
        cases: (run), what is to be described.
        share: of the runs in the box that a step takes off.
        least: share of all runs at which peeling stops.
    """
    runs, count = inputs.shape
    limits = np.column_stack([np.full(count, -np.inf), np.full(count, np.inf)])
    inside = np.arange(runs)
    boxes = [limits.copy()]
    while True:
        best: tuple[float, float, int, int, float] | None = None
        x, y = inputs[inside], cases[inside]
        low, high = np.quantile(x, [share, 1 - share], axis=0)
        for j in range(count):
            for side, bound in ((0, low[j]), (1, high[j])):
                kept = x[:, j] >= bound if side == 0 else x[:, j] <= bound
                left = int(kept.sum())
                if left == len(inside) or left < least * runs:
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


def discover(inputs: Mapping[str, NDArray[np.float64]], cases: NDArray[np.bool_], *, most: int = MOST) -> Box | None:
    """The box with at most `most` conditions that best describes the cases; None where there are none to speak of.

    "Best" is the harmonic mean of coverage and density along the peeling trajectory, once conditions that
    chance explains are dropped.
    """
    names, table = list(inputs), np.column_stack(list(inputs.values()))
    if not cases.any() or cases.all():
        return None
    best: tuple[float, Box] | None = None
    for limits in peel(table, cases):
        box = described(names, table, cases, pruned(table, cases, limits, most))
        if box.limits and box.density > cases.mean():
            merit = 2 * box.coverage * box.density / (box.coverage + box.density)
            if best is None or merit > best[0]:
                best = (merit, box)
    return best[1] if best else None


def pruned(table: np.ndarray, cases: np.ndarray, limits: np.ndarray, most: int) -> NDArray[np.float64]:
    """The box without the conditions that matter least, until all remaining ones matter and few enough remain."""
    limits = limits.copy()
    kept = np.flatnonzero(np.isfinite(limits).any(axis=1))
    outside = outside_of(table, limits, kept)
    while len(kept):
        p = quasi_p(cases, outside)
        if len(kept) <= most and p.max() <= KEPT_P:
            return limits
        worst = int(np.lexsort((kept, p))[-1])
        limits[kept[worst]] = (-np.inf, np.inf)
        kept, outside = np.delete(kept, worst), np.delete(outside, worst, axis=0)
    return limits


def outside_of(table: np.ndarray, limits: np.ndarray, kept: np.ndarray) -> NDArray[np.bool_]:
    """Which runs each condition excludes; (condition, run)."""
    columns = table[:, kept]
    return np.asarray(((columns < limits[kept, 0]) | (columns > limits[kept, 1])).T, dtype=bool)


def quasi_p(cases: np.ndarray, outside: np.ndarray) -> NDArray[np.float64]:
    """Of every condition: the chance of at least as many cases in the box if it did not matter.

    Binomial with the density of the box without that condition (Bryant & Lempert 2010, section 3.3).
    """
    broken = outside.sum(axis=0)
    inside = broken == 0
    wider = (broken - outside) == 0
    density = wider @ cases.astype(float) / np.maximum(wider.sum(axis=1), 1)
    return np.asarray(bdtrc(int(cases[inside].sum()) - 1, int(inside.sum()), density))


def described(names: list[str], table: np.ndarray, cases: np.ndarray, limits: np.ndarray) -> Box:
    """A box with its measures, its conditions most telling first."""
    inside = holds(table, limits)
    kept = np.flatnonzero(np.isfinite(limits).any(axis=1))
    chances = quasi_p(cases, outside_of(table, limits, kept)) if len(kept) else []
    found = [
        Limit(names[j], float(limits[j, 0]), float(limits[j, 1]), float(p)) for j, p in zip(kept, chances, strict=True)
    ]
    hits = float(cases[inside].sum())
    return Box(
        tuple(sorted(found, key=lambda limit: (limit.p, limit.name))),
        coverage=hits / float(cases.sum()),
        density=hits / max(int(inside.sum()), 1),
        mass=float(inside.mean()),
    )
