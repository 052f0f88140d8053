"""What does a challenge look like to those who see it, and which bargain comes of it?

Distances, attitudes to risk, odds, expected gains, and interpolated bargains with their choice; compiled.

Rows are stakeholders, columns the stakeholders whose position is looked at. Equations and symbols:
docs/methods/consultation.md, steps 1 to 7.
"""

import numpy as np
from numba import njit

from contingent.consultation.spatial.pce import PROP, RULES, elect, vote

NONE = 1e-10  # the strength each side of a contest has before anyone joins it (KTAB)
MID, MIN, MAX = range(3)
SEMI = 0
BELIEVED = np.array([1.0 / 3.0, 0.0, 0.5, 2.0 / 3.0, 1.0])
"""The share of another's own attitude in what an observer believes it to be (step 3), by the code of BigRAdjust."""
TINY = 1e-6  # keeps a bargain between two who do not care where it is (KTAB)
S2P2, S1P1, S2PMAX = range(3)


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
def perceived_utilities(h, rho, risk, distance, out):
    """U^h (N, N): what h believes every position is worth to everyone."""
    count = len(risk)
    for n in range(count):
        believed = risk[n] if n == h else (1.0 - rho) * risk[h] + rho * risk[n]
        for j in range(count):
            out[n, j] = risk_utility(distance[n, j], believed)


@njit(cache=True, nogil=True, error_model="numpy")
def challenge_gains(codes, weight, total, i, seen, first, last, scratch, odds, gain):
    """P and E_i of i challenging each j in [first, last), by the utilities `seen` (step 4); entry i stays as it was.

    `scratch` is (4, N).
    """
    rule, plain, count = RULES[codes[3]], codes[3] == PROP, len(weight)
    alpha, beta, ours, theirs = scratch[0], scratch[1], scratch[2], scratch[3]
    for j in range(first, last):
        mine = vote(rule, weight[i], seen[i, i] - seen[i, j])
        other = vote(rule, weight[j], seen[j, i] - seen[j, j])
        alpha[j] = NONE + max(mine, 0.0) + max(other, 0.0)
        beta[j] = NONE + max(-mine, 0.0) + max(-other, 0.0)
        ours[j], theirs[j] = alpha[j], beta[j]
    for n in range(count):
        if codes[6] != SEMI or n == i:
            continue
        row, w, kept = seen[n], weight[n], (ours[n], theirs[n])
        to_i, own = row[i], row[n]
        for j in range(first, last):
            x = w * (to_i - row[j]) if plain else vote(rule, w, to_i - row[j])
            pi = (alpha[j] + (x if x > 0.0 else 0.0)) / (alpha[j] + beta[j] + abs(x))
            net = pi * (own - to_i) - (1.0 - pi) * (own - row[j])
            z = w * net if plain else vote(rule, w, net)
            ours[j] += z if z > 0.0 else 0.0
            theirs[j] -= z if z < 0.0 else 0.0
        ours[n], theirs[n] = kept  # the principal j is no third party
    for j in range(first, last):
        if j == i:
            continue
        p = ours[j] / (ours[j] + theirs[j])
        at_i, at_j, stake = seen[i, i], seen[i, j], total[j]
        odds[j] = p
        gain[j] = (1.0 - stake) * 2.0 * at_i + stake * (p * 2.0 * at_i + (1.0 - p) * 2.0 * at_j) - (at_i + at_j)


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
    x = np.uint64(seed) + np.uint64(turn + 1) * np.uint64(0x9E3779B97F4A7C15)
    x += np.uint64(k + 1) * np.uint64(0xD1B54A32D192ED03)
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
