"""Which bargain do two stakeholders bargain_positions, and which of its bargains does each one keep?

Interpolated bargains and their choice; compiled.

Equations: docs/methods/consultation.md, steps 6 and 7.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from contingent.consultation.spatial.challenges import risk_utility
from contingent.consultation.spatial.pce import elect

TINY = 1e-6  # keeps a bargain between two who do not care where it is (KTAB)
S2P2, S1P1, S2PMAX = range(3)


@njit(cache=True, nogil=True, error_model="numpy")
def rounded(x):
    """KTAB keeps four decimals of a position on its 0 to 1 scale."""
    return np.floor(x * 1e4 + 0.5) / 1e4


@njit(cache=True, nogil=True, error_model="numpy")
def bargain_positions(kind, salience, position, i, j, p, to_i, to_j):
    """Where i and j would move, (D,) each, if i's chance of prevailing is p (step 6)."""
    for k in range(position.shape[1]):
        ti, tj, si, sj = position[i, k], position[j, k], salience[i, k], salience[j, k]
        if kind == S2PMAX:
            di, dj = max(0.0, (1.0 - p) - p), max(0.0, p - (1.0 - p))
            fi = di * sj**2 / (di * sj**2 + TINY + (1.0 - di) * si**2)
            fj = dj * si**2 / (dj * si**2 + TINY + (1.0 - dj) * sj**2)
            to_i[k] = ti + fi * (tj - ti)
            to_j[k] = tj + fj * (ti - tj)
        else:
            wi, wj = si * p, sj * (1.0 - p)
            if kind == S2P2:
                wi, wj = wi**2, wj**2
            to_i[k] = rounded(((wi + TINY) * ti + wj * tj) / (wi + TINY + wj))
            to_j[k] = rounded((wi * ti + (wj + TINY) * tj) / (wi + wj + TINY))


@njit(cache=True, nogil=True, error_model="numpy")
def bargain_utilities(salience, scale, ideal, risk, here, i, j, to_i, to_j, out):
    """Utility (N,) to everyone of the state after a bargain of i and j: the mean over all positions (step 7).

    `scale` (N,) is sum_k s_k^2; `here[m, a]` is the utility to a of m's present position. The sum runs
    in the order of the stakeholders, as KTAB's does: near ties are decided by it.
    """
    count, issues = len(ideal), ideal.shape[1]
    for a in range(count):
        out[a] = 0.0
    for m in range(count):
        if i != j and m in (i, j):
            for a in range(count):
                away = 0.0
                for k in range(issues):
                    x = to_i[k] if m == i else to_j[k]
                    away += (salience[a, k] * (ideal[a, k] - x)) ** 2
                out[a] += risk_utility(np.sqrt(away / scale[a]) if scale[a] > 0.0 else 0.0, risk[a])
        else:
            row = here[m]
            for a in range(count):
                out[a] += row[a]
    for a in range(count):
        out[a] /= count


@njit(cache=True, nogil=True, error_model="numpy")
def counted_uniform(seed, turn, k):
    """A number in [0, 1) that depends on nothing but its three labels (splitmix64, Steele et al. 2014)."""
    x = (
        np.uint64(seed)
        + np.uint64(turn + 1) * np.uint64(0x9E3779B97F4A7C15)
        + np.uint64(k + 1) * np.uint64(0xD1B54A32D192ED03)
    )
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x = x ^ (x >> np.uint64(31))
    return np.float64(x >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(cache=True, nogil=True, error_model="numpy")
def choose_bargain(codes, weight, utility, count, p, luck):
    """Which of `count` bargains is kept: the most probable one, the first on ties, or one drawn by `luck`."""
    elect(codes, weight, utility, count, p)
    if codes[2] == 0:
        best = 0
        for b in range(1, count):
            if p[b] > p[best]:
                best = b
        return best
    below = 0.0
    for b in range(count):
        below += p[b]
        if luck < below:
            return b
    return count - 1
