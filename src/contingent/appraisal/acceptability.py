"""For which share of weights and worlds does each option take each rank?

Stochastic multicriteria acceptability analysis, SMAA-2 (Lahdelma & Salminen 2001,
doi:10.1287/opre.49.3.444.11220). Every run meets every weight, so nothing but the two samples
themselves is left to chance. Tied options share the ranks they occupy equally.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contingent.appraisal.ranking import BLOCK, count_ranks

BARRED = 2.0  # taken off an option below a floor: worth lies in 0..1, so it ranks behind every admissible one


@dataclass(frozen=True, slots=True)
class Acceptability:
    """What the weights and runs say together.

    `ranks` (option, rank) shares, rows and columns sum to 1; `central` (option, criterion) mean weights
    that put an option first, NaN where none do; `confidence` (option) share of runs in which the option
    is first under its central weights; `pairwise` (option, option) share in which the row beats the column,
    half of a tie; `first` (run, option) share of weights that put it first; `regret` (run, option) worth lost
    to the best option, mean over weights; `error` (option) standard error of first-rank acceptability.
    """

    ranks: NDArray[np.float64]
    central: NDArray[np.float64]
    confidence: NDArray[np.float64]
    pairwise: NDArray[np.float64]
    first: NDArray[np.float64]
    regret: NDArray[np.float64]
    error: NDArray[np.float64]


def accept(
    values: NDArray[np.float64], weights: NDArray[np.float64], barred: NDArray[np.bool_] | None = None
) -> Acceptability:
    """SMAA-2 over all pairs of a run and a weight.

    `values` (run, option, criterion) 0..1; `weights` (weight, criterion), rows sum to 1; `barred` (run, option)
    marks options below a floor in that run: they rank behind all others, and count as worth 0 for regret.
    """
    runs, options, _ = values.shape
    barred = np.zeros((runs, options), dtype=bool) if barred is None else barred
    padded = blocks(weights)
    penalty = np.where(barred, BARRED, 0.0)
    ranks, wins, pairs, first, top = count_ranks(np.ascontiguousarray(values), penalty, padded, len(weights))
    pairings = runs * len(weights)
    centre = weights.mean(axis=0)
    own = np.where(barred, 0.0, values @ centre)
    best = np.where(barred.all(axis=1), 0.0, top / len(weights))
    with np.errstate(invalid="ignore"):
        central = (wins @ weights) / wins.sum(axis=1, keepdims=True)
    share = first / len(weights)
    by_weight = wins / runs
    error = np.sqrt(_variance(share, axis=0) / runs + _variance(by_weight, axis=1) / len(weights))
    return Acceptability(
        ranks=ranks / pairings,
        central=central,
        confidence=confidence(values, penalty, central),
        pairwise=pairs / pairings,
        first=share,
        regret=np.maximum(best[:, None] - own, 0.0),
        error=error,
    )


def confidence(values: np.ndarray, penalty: np.ndarray, central: np.ndarray) -> NDArray[np.float64]:
    """Share of runs in which each option is first under its own central weights; NaN where it has none."""
    result = np.full(len(central), np.nan)
    for option, weight in enumerate(central):
        if np.isfinite(weight).all():
            score = values @ weight - penalty
            best = score == score.max(axis=1, keepdims=True)
            result[option] = (best[:, option] / best.sum(axis=1)).mean()
    return result


def blocks(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weights as (block, criterion, BLOCK), the last block filled up with zeros that are not counted."""
    count, criteria = weights.shape
    number = -(-count // BLOCK)
    padded = np.zeros((number * BLOCK, criteria))
    padded[:count] = weights
    return np.ascontiguousarray(padded.reshape(number, BLOCK, criteria).transpose(0, 2, 1))


def _variance(x: np.ndarray, *, axis: int) -> np.ndarray:
    return x.var(axis=axis, ddof=1) if x.shape[axis] > 1 else np.zeros(x.shape[1 - axis])
