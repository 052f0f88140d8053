"""Which phone call is worth making: what would knowing a number be worth before the choice?

Expected value of perfect information, whole and by group of inputs. The conditional expectation given a
group is a regression of every option's worth on splines of its inputs (Strong, Oakley & Brennan 2014,
doi:10.1177/0272989X13505910). The option it would choose is then scored on runs the regression has not
seen (cross-fitting), so that overfitting cannot be mistaken for information. Nor can chance: the held-out runs
are split into single runs, the standard error of the worth is that of the mean of their gains, and what is not
above two standard errors counts as nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

KNOTS = 4  # inner knots of each input's spline, at even quantiles: enough for a bend either way
FOLDS = 5
CLEAR = 2  # standard errors above 0 from which a worth is told from chance
RIDGE = 1e-3  # times the number of runs; keeps nearly equal columns apart


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
