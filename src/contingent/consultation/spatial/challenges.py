"""What does a challenge look like to those who see it?

Distances, attitudes to risk, odds and expected gains; compiled.

Rows are stakeholders, columns the stakeholders whose position is looked at. Equations and symbols:
docs/methods/consultation.md, steps 1 to 5.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from contingent.consultation.spatial.pce import PROP, RULES, elect, vote

NONE = 1e-10  # the strength each side of a contest has before anyone joins it (KTAB)
MID, MIN, MAX = range(3)
SEMI = 0


@njit(cache=True, nogil=True, error_model="numpy")
def distances(salience, ideal, position, out):
    """d[n, j]: how far n's ideal is from j's position, in n's own weights (step 1); 0 to one who cares for nothing."""
    count, others, issues = len(ideal), len(position), ideal.shape[1]
    for n in range(count):
        scale = 0.0
        for k in range(issues):
            scale += salience[n, k] ** 2
        for j in range(others):
            away = 0.0
            for k in range(issues):
                away += (salience[n, k] * (ideal[n, k] - position[j, k])) ** 2
            out[n, j] = np.sqrt(away / scale) if scale > 0.0 else 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def risk_utility(d, risk):
    """Utility of a distance under an attitude to risk."""
    return (1.0 - d) * (1.0 + risk * d) if d <= 1.0 else (1.0 - d) * (1.0 + risk)


@njit(cache=True, nogil=True, error_model="numpy")
def risk_attitudes(codes, weight, distance, risk, p):
    """R (N,): the better one's position fares among all, the less one risks (step 2); 0 where all fare alike."""
    count = len(weight)
    elect(codes, weight, 1.0 - distance, count, p)
    low, high = p[:count].min(), p[:count].max()
    width = high - low
    for i in range(count):
        if not width > 0.0:
            risk[i] = 0.0
        elif codes[5] == MIN:
            risk[i] = (p[i] - low) / width
        elif codes[5] == MID:
            risk[i] = (3.0 * p[i] - high - 2.0 * low) / (2.0 * width)
        else:
            risk[i] = (2.0 * p[i] - high - low) / width


@njit(cache=True, nogil=True, error_model="numpy")
def believed_share(adjust):
    """The share of another's own attitude in what an observer believes it to be (step 3)."""
    if adjust == 0:
        return 1.0 / 3.0
    if adjust == 1:
        return 0.0
    if adjust == 2:
        return 0.5
    return 2.0 / 3.0 if adjust == 3 else 1.0


@njit(cache=True, nogil=True, error_model="numpy")
def perceived_utilities(h, rho, risk, distance, out):
    """U^h (N, N): what h believes every position is worth to everyone."""
    count = len(risk)
    for n in range(count):
        believed = risk[n] if n == h else (1.0 - rho) * risk[h] + rho * risk[n]
        for j in range(count):
            d = distance[n, j]
            out[n, j] = (1.0 - d) * (1.0 + believed * d) if d <= 1.0 else (1.0 - d) * (1.0 + believed)


@njit(cache=True, nogil=True, error_model="numpy")
def challenge_gains(codes, weight, total, i, seen, first, last, scratch, odds, gain):
    """P and E_i of i challenging each j in [first, last), by the utilities `seen` (step 4); entry i stays as it was.

    `scratch` is (4, N).
    """
    rule, plain, semi = RULES[codes[3]], codes[3] == PROP, codes[6] == SEMI
    count = len(weight)
    alpha, beta, ours, theirs = scratch[0], scratch[1], scratch[2], scratch[3]
    for j in range(first, last):
        mine = vote(rule, weight[i], seen[i, i] - seen[i, j])
        other = vote(rule, weight[j], seen[j, i] - seen[j, j])
        alpha[j] = NONE + max(mine, 0.0) + max(other, 0.0)
        beta[j] = NONE + max(-mine, 0.0) + max(-other, 0.0)
        ours[j], theirs[j] = alpha[j], beta[j]
    if semi:
        for n in range(count):
            if n == i:
                continue
            row, w = seen[n], weight[n]
            to_i, own = row[i], row[n]
            keep_a, keep_b = ours[n], theirs[n]
            if plain:
                for j in range(first, last):
                    x = w * (to_i - row[j])
                    pi = (alpha[j] + (x if x > 0.0 else 0.0)) / (alpha[j] + beta[j] + abs(x))
                    z = w * (pi * (own - to_i) - (1.0 - pi) * (own - row[j]))
                    ours[j] += z if z > 0.0 else 0.0
                    theirs[j] -= z if z < 0.0 else 0.0
            else:
                for j in range(first, last):
                    x = vote(rule, w, to_i - row[j])
                    pi = (alpha[j] + (x if x > 0.0 else 0.0)) / (alpha[j] + beta[j] + abs(x))
                    z = vote(rule, w, pi * (own - to_i) - (1.0 - pi) * (own - row[j]))
                    ours[j] += z if z > 0.0 else 0.0
                    theirs[j] -= z if z < 0.0 else 0.0
            ours[n], theirs[n] = keep_a, keep_b  # the principal j is no third party
    for j in range(first, last):
        if j == i:
            continue
        p = ours[j] / (ours[j] + theirs[j])
        at_i, at_j, stake = seen[i, i], seen[i, j], total[j]
        odds[j] = p
        gain[j] = (1.0 - stake) * 2.0 * at_i + stake * (p * 2.0 * at_i + (1.0 - p) * 2.0 * at_j) - (at_i + at_j)
