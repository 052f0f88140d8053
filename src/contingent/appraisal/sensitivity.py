"""Which inputs move a result, straight or bent, read off the runs already made?

First-order Sobol' indices by conditional means in bins of equal count (Plischke, Borgonovo & Smith 2013,
doi:10.1016/j.ejor.2012.11.047), less what bins of noise would show; and PAWN, the largest distance between the
distribution of the result and its distribution given the input (Pianosi & Wagener 2018,
doi:10.1016/j.envsoft.2018.07.019), which also sees what leaves the mean alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 15  # of equal count; with 2,000 runs a bin's mean is known to a twelfth of the spread


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
