"""For which share of weights and worlds does each option take each rank?

Stochastic multicriteria acceptability analysis, SMAA-2 (Lahdelma & Salminen 2001, doi:10.1287/opre.49.3.444.11220).
Every run meets every weight; tied options share the ranks they occupy equally. Compiled: sums run in a fixed order, so
that no result depends on how the runs are split.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numba import njit
from numpy.typing import NDArray

from contingent.labels import CRITERION, OPTION, OTHER, RUN

ALIKE = 0.01  # swings from worst to best: options no further apart than this on any criterion come to the same
BLOCK = 256  # weights handled at once: ten criteria of them fill 20 kB, which stays in the nearest cache


@dataclass(frozen=True, slots=True)
class Acceptability:
    """What the weights and runs say together.

    `ranks` (option, rank) shares, rows and columns sum to 1; `central` (option, criterion) mean weights
    that put an option first, NaN where none do; `confidence` (option) share of runs in which the option
    is first under its central weights; `pairwise` (option, option) share in which the row beats the column,
    half of a tie; `first` (run, option) share of weights that put it first, `won` (weight, option) share
    of runs in which it is; `regret` (run, option) worth lost to the best option, mean over weights;
    `error` (option) standard error of first-rank acceptability.
    """

    ranks: NDArray[np.float64]
    central: NDArray[np.float64]
    confidence: NDArray[np.float64]
    pairwise: NDArray[np.float64]
    first: NDArray[np.float64]
    won: NDArray[np.float64]
    regret: NDArray[np.float64]
    error: NDArray[np.float64]


def accept(
    values: NDArray[np.float64], weights: NDArray[np.float64], cost: NDArray[np.float64] | None = None
) -> Acceptability:
    """SMAA-2 over all pairs of a run and a weight.

    `values` (run, option, criterion); `weights` (weight, criterion), rows sum to 1; `cost` (run, option), worth that is
    taken off whatever the weights.
    """
    runs, options, _ = values.shape
    penalty = np.zeros((runs, options)) if cost is None else np.require(cost, float, ["C"])
    padded = blocks(weights)
    ranks, wins, pairs, first, top = count_ranks(np.require(values, float, ["C", "W"]), penalty, padded, len(weights))
    pairings = runs * len(weights)
    centre = weights.mean(axis=0)
    own = values @ centre - penalty
    best = top / len(weights)
    with np.errstate(invalid="ignore"):
        central = (wins @ weights) / wins.sum(axis=1, keepdims=True)
    share = first / len(weights)
    by_weight = wins / runs
    error = np.sqrt(_variance(share, axis=0) / runs + _variance(by_weight, axis=1) / len(weights))
    return Acceptability(
        ranks=ranks / pairings, central=central, confidence=confidence(values, penalty, central),
        pairwise=pairs / pairings, first=share, won=by_weight.T, error=error,
        regret=np.maximum(best[:, None] - own, 0.0),
    )  # fmt: skip


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


@njit(cache=True, nogil=True)
def count_ranks(values, penalty, weights, count):
    """Ranks (option, rank), wins (option, weight), pairs (option, option), first (run, option), top (run)."""
    runs, options, _ = values.shape
    ranks = np.zeros((options, options))
    wins = np.zeros((options, count))
    pairs = np.zeros((options, options))
    first = np.zeros((runs, options))
    top = np.zeros(runs)
    score = np.empty((options, BLOCK))
    behind = np.empty((options, BLOCK), dtype=np.int32)  # how many options beat this one
    level = np.empty((options, BLOCK), dtype=np.int32)  # how many others tie with it
    tally = np.empty((options, options), dtype=np.int64)
    highest = np.empty(BLOCK)
    for block in range(len(weights)):
        w = weights[block]
        size = min(BLOCK, count - block * BLOCK)
        for run in range(runs):
            _score(values[run], penalty[run], w, score, highest)
            tied = _order(score, behind, level, pairs, size)
            top[run] += _total(highest, size)
            if tied:
                _share_ties(behind, level, tally, ranks, wins, first[run], block * BLOCK, size)
                continue
            for a in range(options):
                line = behind[a]
                for k in range(options):
                    found = 0
                    for i in range(size):
                        found += np.int32(line[i] == k)
                    ranks[a, k] += found
                    if k == 0:
                        first[run, a] += found
                target = wins[a, block * BLOCK : block * BLOCK + size]
                for i in range(size):
                    target[i] += np.float64(line[i] == 0)
    return ranks, wins, pairs, first, top


@njit(cache=True, nogil=True)
def _score(values, penalty, w, score, highest):
    """Weighted worth of every option under a block of weights, and the highest of them."""
    options, criteria = values.shape
    for a in range(options):
        line = score[a]
        for i in range(BLOCK):
            line[i] = -penalty[a]
        for j in range(criteria):
            x, column = values[a, j], w[j]
            for i in range(BLOCK):
                line[i] += x * column[i]
        for i in range(BLOCK):
            highest[i] = line[i] if a == 0 else max(highest[i], line[i])


@njit(cache=True, nogil=True)
def _order(score, behind, level, pairs, size):
    """How many options beat each; counts the pairs won; says whether any two tie."""
    options = len(score)
    behind[:] = 0
    level[:] = 0
    ties = 0
    for a in range(options):
        for b in range(a + 1, options):
            one, two, ahead, other = score[a], score[b], behind[b], behind[a]
            wins, losses = 0, 0
            for i in range(size):
                above, below = np.int32(one[i] > two[i]), np.int32(one[i] < two[i])
                ahead[i] += above
                other[i] += below
                wins += above
                losses += below
            drawn = size - wins - losses
            pairs[a, b] += wins + 0.5 * drawn
            pairs[b, a] += losses + 0.5 * drawn
            if drawn:
                for i in range(size):
                    even = np.int32(one[i] == two[i])
                    level[a, i] += even
                    level[b, i] += even
            ties += drawn
    return ties > 0


@njit(cache=True, nogil=True)
def _total(line, size):
    """A sum in four strands, always in the same order."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    whole = size - size % 4
    for i in range(0, whole, 4):
        a += line[i]
        b += line[i + 1]
        c += line[i + 2]
        d += line[i + 3]
    for i in range(whole, size):
        a += line[i]
    return (a + b) + (c + d)


@njit(cache=True, nogil=True)
def _share_ties(behind, level, tally, ranks, wins, first, offset, size):
    """Tied options share the ranks they occupy: two that tie for first are each half first, half second."""
    options = len(behind)
    for a in range(options):
        tally[:] = 0
        ahead, equal, target = behind[a], level[a], wins[a, offset : offset + size]
        for i in range(size):
            tally[ahead[i], equal[i]] += 1
            target[i] += np.float64(ahead[i] == 0) / (1.0 + equal[i])
        for start in range(options):
            for others in range(options - start):
                share = tally[start, others] / (1.0 + others)
                for k in range(start, start + others + 1):
                    ranks[a, k] += share
                if start == 0:
                    first[a] += share


def copies(values: xr.DataArray) -> dict[str, str]:
    """The options that come to the same as an earlier one: no further apart on any criterion than ALIKE on average."""
    found: dict[str, str] = {}
    names = [str(name) for name in values[OPTION].values]
    v = values.transpose(OPTION, RUN, CRITERION).to_numpy()
    for index, name in enumerate(names):
        for before in range(index):
            if names[before] not in found and np.abs(v[index] - v[before]).mean(axis=0).max() <= ALIKE:
                found[name] = names[before]
                break
    return found


def ordering(values: xr.DataArray) -> xr.DataArray:
    """How two criteria order the options alike: correlation of the options' means; (criterion, other).

    What is counted twice between options shows here, and not over runs: a judged criterion has draws of its own.
    """
    means = values.mean(RUN).transpose(OPTION, CRITERION).to_numpy()
    centred = means - means.mean(axis=0)
    spread = np.sqrt((centred**2).sum(axis=0))
    with np.errstate(invalid="ignore", divide="ignore"):
        table = (centred.T @ centred) / np.outer(spread, spread)
    table = np.where(np.outer(spread, spread) > 0, np.clip(table, -1, 1), np.nan)
    names = values[CRITERION].values
    return xr.DataArray(table, dims=(CRITERION, OTHER), coords={CRITERION: names, OTHER: names})
