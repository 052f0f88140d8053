"""Which inputs move a result, how far until another option comes first, and what would knowing them be worth?

First-order Sobol' indices by conditional means in bins of equal count (Plischke, Borgonovo & Smith 2013,
doi:10.1016/j.ejor.2012.11.047), less what bins of noise would show; PAWN, the largest distance between the distribution
of the result and that given the input (Pianosi & Wagener 2018, doi:10.1016/j.envsoft.2018.07.019). A tipping point is
where the gap between two options' worth, averaged in bins of one number, crosses zero nearest to the number's median.
Expected value of perfect information by group: every option's worth is regressed on splines of the group's inputs
(Strong, Oakley & Brennan 2014, doi:10.1177/0272989X13505910) and the choice scored on runs the fit has not seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 15  # of equal count; with 2,000 runs a bin's mean is known to a twelfth of the spread
STEPS = 20  # of equal count, for the conditional means that a crossing is looked for in
KNOTS = 4  # inner knots of each input's spline, at even quantiles: enough for a bend either way
FOLDS = 5
CLEAR = 2  # standard errors above 0 from which a worth is told from chance
RIDGE = 1e-3  # times the number of runs; keeps nearly equal columns apart


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """`first` share of the variance that goes with the input alone; `pawn` median distance of distributions, 0 to 1."""

    first: float
    pawn: float


def sensitivities(
    inputs: Mapping[str, NDArray[np.float64]], outcome: NDArray[np.float64], *, bins: int = BINS
) -> dict[str, Sensitivity]:
    """Both indices of every input (run) for an outcome (run)."""
    steps = np.searchsorted(np.sort(outcome), outcome, side="right") / len(outcome)
    return {name: Sensitivity(*_both(values, outcome, steps, bins)) for name, values in inputs.items()}


def _both(values: np.ndarray, outcome: np.ndarray, steps: np.ndarray, bins: int) -> tuple[float, float]:
    if np.ptp(values) == 0 or np.ptp(outcome) == 0:
        return 0.0, 0.0
    order = np.argsort(values, kind="stable")
    parts = np.array_split(order, bins)
    counts = np.array([len(part) for part in parts])
    means = np.array([outcome[part].mean() for part in parts])
    within = np.array([outcome[part].var(ddof=1) for part in parts])
    between = (counts * (means - outcome.mean()) ** 2).sum() / len(outcome)
    noise = within.mean() * (bins - 1) / len(outcome)
    first = max((between - noise) / outcome.var(), 0.0)
    distances = []
    for part in parts:
        inside = np.sort(steps[part])
        n = np.arange(1, len(inside) + 1) / len(inside)
        distances.append(max(np.abs(n - inside).max(), np.abs(n - 1 / len(inside) - inside).max()))
    return float(first), float(np.median(distances))


@dataclass(frozen=True, slots=True)
class Tipping:
    """Beyond `at` (above it if `above`) option `to` takes over; `share` of the draws lie there already."""

    name: str
    at: float
    above: bool
    to: str
    share: float


def tipping_points(
    inputs: Mapping[str, NDArray[np.float64]], worth: NDArray[np.float64], options: tuple[str, ...]
) -> tuple[Tipping, ...]:
    """The tipping point of every input that has one, the nearest to its median first.

    Args:
        inputs: every input's draws, (run).
        worth: (option, run).
        options: the options' names.
    """
    first = int(worth.mean(axis=1).argmax())
    found = []
    for name, values in inputs.items():
        point = _tipping(name, values, worth, first, options)
        if point:
            found.append(point)
    return tuple(sorted(found, key=lambda point: (-point.share, point.name)))


def _tipping(name: str, values: np.ndarray, worth: np.ndarray, first: int, options: tuple[str, ...]) -> Tipping | None:
    if np.ptp(values) == 0:
        return None
    parts = np.array_split(np.argsort(values, kind="stable"), STEPS)
    centres = np.array([np.median(values[part]) for part in parts])
    middle = np.median(values)
    nearest: tuple[float, Tipping] | None = None
    for other, rival in enumerate(options):
        if other == first:
            continue
        gap = worth[first] - worth[other]
        means = smooth(np.array([gap[part].mean() for part in parts]))
        errors = np.array([gap[part].std(ddof=1) / np.sqrt(len(part)) for part in parts])
        for i in range(STEPS - 1):
            if (means[i] > 0) == (means[i + 1] > 0):
                continue
            above = means[i] > 0
            beyond = slice(i + 1, None) if above else slice(None, i + 1)
            if not (means[beyond] < -errors[beyond]).any():
                continue  # the line dips below zero by no more than chance
            at = centres[i] + (centres[i + 1] - centres[i]) * means[i] / (means[i] - means[i + 1])
            share = float((values > at).mean() if above else (values < at).mean())
            distance = abs(at - middle)
            if nearest is None or distance < nearest[0]:
                nearest = (distance, Tipping(name, float(at), bool(above), rival, share))
    return nearest[1] if nearest else None


def smooth(means: NDArray[np.float64]) -> NDArray[np.float64]:
    """A running mean of three bins; the ends are the means of two."""
    padded = np.concatenate([means[:1], means, means[-1:]])
    return (padded[:-2] + padded[1:-1] + padded[2:]) / 3


def perfect_information(worth: NDArray[np.float64]) -> float:
    """What knowing everything would be worth: E max - max E over options; `worth` (option, run)."""
    return float(worth.max(axis=0).mean() - worth.mean(axis=1).max())


def information(
    worth: NDArray[np.float64], inputs: Mapping[str, NDArray[np.float64]], groups: Mapping[str, Sequence[str]]
) -> dict[str, float]:
    """What knowing each group of inputs would be worth, in units of worth; 0 where chance explains it.

    Args:
        worth: (option, run).
        inputs: every input's draws, (run).
        groups: names of the inputs that one inquiry would settle together.
    """
    best_now = worth[worth.mean(axis=1).argmax()]
    splines = {name: spline(values) for name, values in inputs.items()}
    found = {}
    for name, members in groups.items():
        design = np.column_stack([splines[member] for member in members])
        chosen = crossfit(design, worth).argmax(axis=0)
        found[name] = clear(worth[chosen, np.arange(worth.shape[1])] - best_now)
    return found


def clear(gain: NDArray[np.float64]) -> float:
    """The mean of a gain over runs (run,), 0 unless it is more than `CLEAR` of its standard errors above 0."""
    value, error = float(gain.mean()), float(gain.std(ddof=1)) / np.sqrt(len(gain))
    return value if value > CLEAR * error else 0.0


def crossfit(design: NDArray[np.float64], outcome: NDArray[np.float64]) -> NDArray[np.float64]:
    """Regression predictions of every outcome for runs that the fit has not seen; (outcome, run).

    Folds are runs modulo `FOLDS`: the draws are in random order already.
    """
    runs = design.shape[0]
    predicted = np.empty_like(outcome)
    fold = np.arange(runs) % FOLDS
    for part in range(FOLDS):
        held = fold == part
        x, y = design[~held], outcome[:, ~held]
        centre, middle = x.mean(axis=0), y.mean(axis=1, keepdims=True)
        gram = (x - centre).T @ (x - centre)
        gram.flat[:: len(gram) + 1] += RIDGE * len(x)
        slope = np.linalg.solve(gram, (x - centre).T @ (y - middle).T)
        predicted[:, held] = middle + ((design[held] - centre) @ slope).T
    return predicted


def spline(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """A cubic spline's columns (truncated powers of the ranks, each with unit spread); (run, 3 + KNOTS)."""
    runs = len(values)
    if np.ptp(values) == 0:
        return np.zeros((runs, 1))
    u = (np.argsort(np.argsort(values, kind="stable"), kind="stable") + 0.5) / runs
    knots = np.linspace(0, 1, KNOTS + 2)[1:-1]
    columns = [u, u**2, u**3, *(np.maximum(u - knot, 0.0) ** 3 for knot in knots)]
    table = np.column_stack(columns)
    return (table - table.mean(axis=0)) / table.std(axis=0)
