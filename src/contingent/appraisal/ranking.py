"""Which rank does every option take, for every pair of a run and a weight?

Compiled. Sums of shares are counts or run in a fixed order, so the result does not depend on
chunking; the inner loops run over a block of weights at once.
"""

from __future__ import annotations

import numpy as np
from numba import njit

BLOCK = 256  # weights handled at once: ten criteria of them fill 20 kB, which stays in the nearest cache


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
