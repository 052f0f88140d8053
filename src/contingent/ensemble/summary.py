"""What an ensemble says in a few numbers, and which share of an outcome's variance comes from each input?

Pick-and-freeze estimator of first-order and total Sobol' indices (variance-based sensitivity): Saltelli et al. 2010,
doi:10.1016/j.cpc.2009.09.018, table 2 (b), or Jansen 1999, doi:10.1016/S0010-4655(98)00154-4; total: Jansen 1999.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

FAMILYWISE_ALPHA = 0.01  # share of ensembles in which any input at all is called influential by chance (a judgement)
FALSE_SHARE = 0.01  # of all that is told of a kind, the share that chance may have made (a judgement)


@dataclass(frozen=True, slots=True)
class Summary:
    """Mean and quantiles over runs, with the Monte Carlo standard error of the mean."""

    mean: float
    low: float
    median: float
    high: float
    error: float
    runs: int


def summarize(values: ArrayLike) -> Summary:
    """Mean, 5 %, 50 % and 95 % quantiles over runs; not-a-number runs are left out.

    The error is that of a simple random sample; the stratified design makes the true one smaller.
    """
    x = np.asarray(values, dtype=float).ravel()
    x = x[~np.isnan(x)]
    if x.size == 0:
        return Summary(np.nan, np.nan, np.nan, np.nan, np.nan, 0)
    low, median, high = np.quantile(x, [0.05, 0.5, 0.95])
    error = float(x.std(ddof=1) / np.sqrt(x.size)) if x.size > 1 else np.nan
    return Summary(float(x.mean()), float(low), float(median), float(high), error, int(x.size))


def influence(inputs: dict[str, np.ndarray], outcome: ArrayLike) -> dict[str, float]:
    """Squared rank correlation of every uncertain input with an outcome: the share of its spread that goes with it.

    Spearman's coefficient; a screening measure that misses effects which rise and fall. What chance alone may
    give to the strongest of as many inputs is called nought.
    """
    y = centred_ranks(np.asarray(outcome, dtype=float))
    if y is None:
        return dict.fromkeys(inputs, 0.0)
    found, least = {}, noise_threshold(len(inputs), y.size)
    for name, values in inputs.items():
        x = centred_ranks(np.asarray(values, dtype=float))
        share = 0.0 if x is None else float((x @ y) ** 2)
        found[name] = share if share > least else 0.0
    return found


def noise_threshold(inputs: int, runs: int) -> float:
    """The squared rank correlation that chance gives to any of so many inputs in `FAMILYWISE_ALPHA` of all ensembles.

    Spearman's coefficient of unrelated quantities is near normal with variance 1 / (runs - 1) (Kendall & Gibbons,
    Rank Correlation Methods, 1990, ch. 4); the share is split over the inputs and both signs (Bonferroni).
    """
    return float(_rare(inputs) ** 2 / max(runs - 1, 1))


def gap_threshold(inputs: int, outcome: np.ndarray, first: int, second: int) -> float:
    """The difference of an outcome's means over two parts of so many runs that chance gives to any of so many inputs.

    As `noise_threshold`, by the standard error of a difference of means.
    """
    return float(_rare(inputs) * outcome.std(ddof=1) * np.sqrt(1 / max(first, 1) + 1 / max(second, 1)))


def halves(runs: int) -> NDArray[np.bool_]:
    """Which runs are of the half in which something is looked for; what is found there is judged on the others.

    Every second run: the draws are in random order already.
    """
    return np.arange(runs) % 2 == 0


def told_apart(chances: Sequence[float]) -> NDArray[np.bool_]:
    """Which of several findings are told from chance, given how likely chance makes each (p-values).

    Of those told, chance made `FALSE_SHARE` at most, on average (Benjamini & Hochberg 1995,
    doi:10.1111/j.2517-6161.1995.tb02031.x, equation 1).
    """
    from scipy.stats import false_discovery_control  # slow to import, and only findings need it

    return np.asarray(false_discovery_control(chances) <= FALSE_SHARE) if len(chances) else np.zeros(0, dtype=bool)


def _rare(inputs: int) -> float:
    """Standard errors that any of so many inputs without influence exceeds in `FAMILYWISE_ALPHA` of all ensembles."""
    return NormalDist().inv_cdf(1 - FAMILYWISE_ALPHA / (2 * max(inputs, 1)))


def centred_ranks(values: np.ndarray) -> np.ndarray | None:
    """Centred ranks of unit length; None where all values are alike. Ties share their mean rank."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(count) - (count - 1) / 2
    centred = mean_rank[place] - mean_rank[place].mean()
    length = np.linalg.norm(centred)
    return centred / length if length > 0 else None


@dataclass(frozen=True, slots=True)
class SobolIndices:
    """`first` and `total` (input, *outcome): shares of the variance; 0 where the outcome does not vary.

    `variance` (*outcome), in squared units of the outcome.
    """

    first: NDArray[np.float64]
    total: NDArray[np.float64]
    variance: NDArray[np.float64]


def pick_and_freeze(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """The points to evaluate, from two samples (run, input): a, b, then a with each input in turn from b.

    Returns an array (inputs + 2, run, input).
    """
    mixed = np.repeat(a[None], a.shape[1], axis=0)
    for k in range(a.shape[1]):
        mixed[k, :, k] = b[:, k]
    return np.concatenate([a[None], b[None], mixed])


def sobol_indices(
    base: NDArray[np.float64],
    other: NDArray[np.float64],
    mixed: NDArray[np.float64],
    *,
    first: Literal["saltelli", "jansen"] = "saltelli",
) -> SobolIndices:
    """The indices from outcomes at two independent samples and at the first with one input taken from the second.

    Args:
        base: outcomes at the first sample (run, *outcome).
        other: outcomes at the second (run, *outcome).
        mixed: outcomes at the first with input k, or a group of inputs, from the second (input, run, *outcome).
        first: which estimator of the first-order index; Jansen's errs less where an input matters much.
    """
    variance = np.concatenate([base, other]).var(axis=0)
    safe = np.where(variance > 0, variance, np.inf)
    total = ((base - mixed) ** 2).mean(axis=1) / (2 * safe)
    if first == "jansen":
        alone = np.where(variance > 0, 1 - ((other - mixed) ** 2).mean(axis=1) / (2 * safe), 0.0)
    else:  # a product, so centred: the estimate does not change with the outcome's zero, its error does
        centre = np.stack([base, other]).mean(axis=(0, 1))
        alone = ((other - centre) * (mixed - base)).mean(axis=1) / safe
    return SobolIndices(alone, total, variance)


def shapley(names: Sequence[str], worth: Callable[[frozenset[str]], np.ndarray]) -> dict[str, np.ndarray]:
    """What each of several changes carries of `worth(all) - worth(none)`, any shape; the parts add up to the whole.

    Shapley 1953; Owen 2014, doi:10.1137/130936233. `worth` is asked for every set of changes, again and again: remember
    it (`functools.cache`).
    """
    found = {}
    for name in names:
        others, total = [other for other in names if other != name], np.zeros_like(worth(frozenset()))
        for size in range(len(names)):
            weight = factorial(size) * factorial(len(others) - size) / factorial(len(names))
            for before in map(frozenset, combinations(others, size)):
                total = total + weight * (worth(before | {name}) - worth(before))
        found[name] = total
    return found
