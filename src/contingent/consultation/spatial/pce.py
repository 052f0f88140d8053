"""How are votes cast and contests won?

Voting rules, victory probability and the probabilistic Condorcet election (PCE); compiled. Codes are positions in
`model.CHOICES`.
"""

import numpy as np
from numba import njit

LINEAR, SQUARE, QUARTIC, OCTIC, THRESHOLD = range(5)
CONDITIONAL, INCENTIVE, UNIFORM = range(3)
PROP, BINARY, PROP_BIN, PROP_CUBIC, CUBIC, ASYMMETRIC = range(6)
STEP = 1e-8  # a difference of utility this small is a full one under binary voting (KTAB)
LEAST = 1e-8  # the support every alternative has against every other (KTAB)
FAINT = 1e-100  # products of many probabilities are scaled up where they get this small
RULES = np.array(
    [
        [1.0, 0.0, 0.0, 1.0],  # Prop
        [0.0, 0.0, 1.0, 1.0],  # Binary
        [0.8, 0.0, 0.2, 1.0],  # PropBin
        [0.5, 0.5, 0.0, 1.0],  # PropCbc
        [0.0, 1.0, 0.0, 1.0],  # Cubic
        [1.0, 0.0, 0.0, 2.0 / 3.0],  # ASymProsp
    ]
)
"""Each voting rule as parts of a vote in proportion to the difference of utility, to its cube and to its sign,
and what a gain counts beside a loss. One formula for all rules keeps the kernels small."""


@njit(cache=True, nogil=True, error_model="numpy")
def vote(rule, weight, gain):
    """The vote of `weight` for a difference of utility, by a row of `RULES`; positive for the first alternative."""
    side = min(max(gain / STEP, -1.0), 1.0)
    cast = weight * (rule[0] * gain + rule[1] * (gain * gain * gain) + rule[2] * side)
    return cast * rule[3] if gain > 0.0 else cast


@njit(cache=True, nogil=True, error_model="numpy")
def victory_probability(model, a, b):
    """Probability that strength a beats strength b."""
    if model == LINEAR:
        return a / (a + b)
    if model == THRESHOLD:
        sure = 1.0 / (1.0 + 1e-6)
        if a >= 1.1 * b:
            return sure
        if b >= 1.1 * a:
            return 1.0 - sure
        return min(max((2.1 * a / (a + b) - 1.0) / 0.1, 0.0), 1.0)
    exponent = 2 if model == SQUARE else (4 if model == QUARTIC else 8)
    high, low = a**exponent, b**exponent
    return high / (high + low)


@njit(cache=True, nogil=True, error_model="numpy")
def tally(plain, rule, weight, utility, i, ours, theirs):
    """Support for alternative i over every earlier one, and against; into `ours` and `theirs` (>= i,)."""
    for j in range(i):
        ours[j] = theirs[j] = LEAST
    for k in range(len(weight)):
        row, w = utility[k], weight[k]
        here = row[i]
        for j in range(i):
            gain = here - row[j]
            x = w * gain if plain else vote(rule, w, gain)
            ours[j] += x if x > 0.0 else 0.0
            theirs[j] -= x if x < 0.0 else 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def elect(codes, weight, utility, count, p):
    """The probabilistic Condorcet election: `weight` (K,), `utility` (K, >= count), fills `p` (>= count,).

    Conditional: p_i proportional to prod_j V_ij. Markov variants: the stationary distribution of the
    chain of challenges, iterated as KTAB does in compat mode, solved exactly in corrected mode.
    """
    # seen from both sides a gain and a loss count alike, and a common factor changes nothing
    plain, rule = codes[3] == PROP or (codes[9] == 1 and codes[3] == ASYMMETRIC), RULES[codes[3]]
    ours, theirs = np.empty(count), np.empty(count)
    if codes[1] != CONDITIONAL:
        _markov(plain, codes, weight, utility, count, p, ours, theirs)
        return
    victory, scale = codes[0], 1.0
    for i in range(count):
        tally(plain, rule, weight, utility, i, ours, theirs)
        p[i] = scale
        top = 0.0
        for j in range(i):
            win = victory_probability(victory, ours[j], theirs[j])
            p[i] *= win
            p[j] *= 1.0 - win
            top = max(top, p[j])
        p[i] *= 0.5
        if max(top, p[i]) < FAINT and scale < 1.0 / FAINT**2:  # all alike, so that nothing underflows
            scale /= FAINT
            for j in range(i + 1):
                p[j] /= FAINT
    total = p[:count].sum()
    for i in range(count):
        p[i] = p[i] / total if total > 0.0 else 1.0 / count


@njit(cache=True, nogil=True, error_model="numpy")
def _markov(plain, codes, weight, utility, count, p, ours, theirs):
    support, win = np.full((count, count), LEAST), np.full((count, count), 0.5)
    for i in range(count):
        tally(plain, RULES[codes[3]], weight, utility, i, ours, theirs)
        for j in range(i):
            support[i, j], support[j, i] = ours[j], theirs[j]
            win[i, j] = victory_probability(codes[0], ours[j], theirs[j])
            win[j, i] = 1.0 - win[i, j]
    share = np.empty((count, count))  # of the challenges to j, those by i
    for j in range(count):
        total = 0.0
        for i in range(count):
            share[i, j] = support[i, j] * win[i, j] + (1e-10 if i == j else 0.0)
            total += share[i, j]
        for i in range(count):
            share[i, j] /= total
    chain = np.zeros((count, count))  # column-stochastic: q = T p
    for i in range(count):
        for j in range(count):
            even = win[i, j] / count
            chain[i, i] += even if codes[1] == UNIFORM else win[i, j] * share[j, i]
            chain[i, j] += even if codes[1] == UNIFORM else win[i, j] * share[i, j]
    if codes[9] == 1:
        _stationary(chain, count, p)
    else:
        _iterated(chain, 1e-6 if codes[1] == UNIFORM else 1e-8, count, p)


@njit(cache=True, nogil=True, error_model="numpy")
def _iterated(chain, tolerance, count, p):
    """KTAB's own iteration towards the stationary distribution, with its tolerances."""
    q = np.empty(count)
    for i in range(count):
        p[i] = 1.0 / count
    for _ in range(100_000):
        change = 0.0
        for i in range(count):
            q[i] = 0.0
            for j in range(count):
                q[i] += chain[i, j] * p[j]
        for i in range(count):
            change = max(change, abs(q[i] - p[i]))
            p[i] = (p[i] + q[i]) / 2.0
        if change <= tolerance:
            return


@njit(cache=True, nogil=True, error_model="numpy")
def _stationary(chain, count, p):
    """The chain's stationary distribution, by elimination without subtraction.

    Grassmann, Taksar & Heyman 1985, doi:10.1287/opre.33.5.1107.
    """
    t = chain.copy()
    for m in range(count - 1, 0, -1):
        left = 0.0
        for i in range(m):
            left += t[i, m]
        for j in range(m):
            t[m, j] /= max(left, 1e-150)  # a state hardly ever left
            for i in range(m):
                t[i, j] += t[m, j] * t[i, m]
    p[0] = 1.0
    for m in range(1, count):
        p[m] = 0.0
        for j in range(m):
            p[m] += p[j] * t[m, j]
        p[m] = min(p[m], 1e300)
        if p[m] > 1.0:  # kept at most 1, so that nothing overflows
            p[:m] /= p[m]
            p[m] = 1.0
    p[:count] /= p[:count].sum()
