"""Which random number does a process meet in a run, week and sector, and which count is made from it?

Counter-based: a number depends only on (seed, run, week, sector, process), so every option, thread
and split of the runs meets the same luck. SplitMix64 finalizer (Steele, Lea & Flood 2014,
doi:10.1145/2660193.2660195). Counts are drawn by inversion, which is exact and monotone in the
mean, so that paired options differ as little as they can. Arrays are over the runs of a batch.
"""

from math import floor, sqrt

import numpy as np

from contingent.mission.compiled import exp, jit, jit_internal, log
from contingent.mission.state import BATCH_WIDTH

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
WEEK_STRIDE = 1 << 16  # numbers of a week: 256 sectors or crossings x 256 processes
SECTOR_STRIDE = 1 << 8
SECTORS_STRIDE = 1 << 32  # between one lot of 256 sectors and the next: further than the weeks of any run reach
RESOLUTION = 2.0**-53
TERMS = 8  # terms every run of a batch sums; the few that need more go on alone
LARGE = 400.0  # Poisson means above this use a Cornish-Fisher quantile; its error there is below 1e-4 of the mean
TABLED = 4096  # counts up to this are found with a table of reciprocals, the few larger ones without
UNDERFLOW = 700.0  # a probability of exp(-this) or less is too small to start a sum from

# Which number of a week is whose; attacks use one number each for who is hit and how hard. They are typed because
# numba would compile a plain whole number anew for each of its values.
Z_INTENSITY, U_EVENTS, U_CIVILIANS, Z_PACE = (np.int64(n) for n in (0, 1, 2, 3))
U_OUTSIDE, U_ATTACKS, U_CONSENT, Z_LEGITIMACY, U_CEASEFIRE = (np.int64(n) for n in (4, 5, 6, 7, 8))
U_CROSSING, U_CROSSING_START, U_LEAVES, U_CONSENT_START = (np.int64(n) for n in (9, 10, 11, 12))
U_VICTIMS, U_SIZE = np.int64(64), np.int64(128)
ATTACKS = np.int64(64)  # attacks a week with numbers from one row; the next take theirs from the next sector's
WHOLE = np.int64(0)  # in place of a sector: the theatre as a whole
START = np.int64(0)  # in place of a week: before the first

RECIPROCAL = np.concatenate([[0.0], 1.0 / np.arange(1, TABLED + 5)])
SQRT2 = 1.4142135623730951


@jit
def mix(z):
    """The SplitMix64 finalizer: a bijection of 64-bit integers that leaves no pattern."""
    z = (z ^ (z >> np.uint64(30))) * FIRST
    z = (z ^ (z >> np.uint64(27))) * SECOND
    return z ^ (z >> np.uint64(31))


@jit
def run_key(seed_key, run):
    """The key of one run of one seed."""
    return mix(seed_key + GOLDEN * np.uint64(run + 1))


@jit
def place(week, sector):
    """Where the numbers of a week and a sector begin; no two meet, however many sectors there are."""
    return week * WEEK_STRIDE + (sector & 255) * SECTOR_STRIDE + (sector >> 8) * SECTORS_STRIDE


@jit
def uniform(key, week, sector, process):
    """A number in (0, 1), the same whenever the same four are asked for."""
    counter = np.uint64(place(week, sector) + process + 1)
    return (np.float64(np.int64(mix(key + GOLDEN * counter) >> np.uint64(11))) + 0.5) * RESOLUTION


@jit_internal
def uniforms(out, key, week, sector, process):
    """The same number for every run of a batch into `out`."""
    step = GOLDEN * np.uint64(place(week, sector) + process + 1)
    for i in range(BATCH_WIDTH):
        out[i] = (np.float64(np.int64(mix(key[i] + step) >> np.uint64(11))) + 0.5) * RESOLUTION


@jit
def middle_normal(u):
    """The standard normal quantile, to 1e-6, for 0.002 <= u <= 0.998 (Giles 2010, erfinv)."""
    x = 2.0 * u - 1.0
    w = -log((1.0 - x) * (1.0 + x)) - 2.5
    w2 = w * w
    w4 = w2 * w2
    low = (1.50140941 + w * 0.246640727) + w2 * (-0.00417768164 + w * -0.00125372503)
    high = (0.00021858087 + w * -4.39150654e-06) + w2 * (-3.5233877e-06 + w * 3.43273939e-07) + w4 * 2.81022636e-08
    return SQRT2 * x * (low + w4 * high)


@jit
def outer_normal(u):
    """The standard normal quantile for u below 0.075 or above 0.925 (Wichura 1988, AS 241, doi:10.2307/2347330)."""
    r = sqrt(-log(min(u, 1.0 - u)))
    if r <= 5.0:
        r -= 1.6
        top = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
            + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
            + 4.6303378461565452959) * r + 1.42343711074968357734)  # fmt: skip
        low = (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
            + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
            + 2.05319162663775882187) * r + 1.0)  # fmt: skip
    else:
        r -= 5.0
        top = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
            + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
            + 5.4637849111641143699) * r + 6.6579046435011037772)  # fmt: skip
        low = (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
            + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
            + 0.59983220655588793769) * r + 1.0)  # fmt: skip
    return -top / low if u < 0.5 else top / low


@jit_internal
def normals(out, key, week, sector, process, u):
    """Standard normal numbers for every run of a batch into `out`; `u` is scratch."""
    uniforms(u, key, week, sector, process)
    for i in range(BATCH_WIDTH):
        out[i] = middle_normal(u[i])
    outer = 0
    for i in range(BATCH_WIDTH):
        outer += 1 if abs(u[i] - 0.5) > 0.498 else 0
    if outer > 0:
        for i in range(BATCH_WIDTH):
            if abs(u[i] - 0.5) > 0.498:
                out[i] = outer_normal(u[i])


@jit_internal
def large_count(u, mean, over):
    """The quantile of a count of variance `over` x mean by Cornish & Fisher 1938; 1 for Poisson, else the binomial's.

    The third cumulant beside the variance is 2 over - 1, that of the Poisson and of the negative binomial.
    """
    z = middle_normal(u) if abs(u - 0.5) <= 0.498 else outer_normal(u)
    return max(0.0, floor(mean + sqrt(mean * over) * z + (2.0 * over - 1.0) * (z * z - 1.0) / 6.0 + 0.5))


@jit_internal
def search_on(u, each, so_far, q, step):
    """Sum on from TERMS terms, where p(n) = p(n - 1)(q + step / n), until `u` is reached; four terms at a stride."""
    n = TERMS
    while n < TABLED:
        a = q + step * RECIPROCAL[n + 1]
        ab = a * (q + step * RECIPROCAL[n + 2])
        c = q + step * RECIPROCAL[n + 3]
        cd = c * (q + step * RECIPROCAL[n + 4])
        ahead = so_far + each * ((a + ab) + ab * (c + cd))
        if u <= ahead or ahead == so_far:
            break
        so_far = ahead
        each *= ab * cd
        n += 4
    for _ in range(4):
        if u <= so_far or n >= TABLED:
            break
        n += 1
        each *= q + step * RECIPROCAL[n]
        so_far += each
    while n >= TABLED and u > so_far and so_far + each > so_far:  # until a term adds nothing
        n += 1
        each *= q + step / n
        so_far += each
    return float(n)


@jit_internal
def poissons(count, u, mean, p, total):
    """The Poisson quantile at `u` for every run of a batch, 0 for a mean of 0; `p` and `total` are scratch."""
    for i in range(BATCH_WIDTH):
        p[i] = exp(-mean[i])
    for i in range(BATCH_WIDTH):
        each = p[i]
        so_far, n = each, 0.0
        for k in range(1, TERMS + 1):
            n += 1.0 if u[i] > so_far else 0.0
            each *= mean[i] * (1.0 / k)
            so_far += each
        count[i], p[i], total[i] = n, each, so_far
    for i in range(BATCH_WIDTH):
        if u[i] > total[i]:
            if mean[i] > LARGE:
                count[i] = large_count(u[i], mean[i], 1.0)
            else:
                count[i] = search_on(u[i], p[i], total[i], 0.0, mean[i])


@jit_internal
def negative_binomials(count, u, mean, shape, p, total):
    """The negative binomial quantile at `u` for every run of a batch, 0 for a mean of 0.

    Its variance is mean + mean**2 / shape.
    """
    for i in range(BATCH_WIDTH):
        total[i] = mean[i] / (mean[i] + shape[i])
        p[i] = exp(shape[i] * log(1.0 - total[i]))
    for i in range(BATCH_WIDTH):
        q, each = total[i], p[i]
        step = q * (shape[i] - 1.0)
        so_far, n = each, 0.0
        for k in range(1, TERMS + 1):
            n += 1.0 if u[i] > so_far else 0.0
            each *= q + step * (1.0 / k)
            so_far += each
        count[i], p[i], total[i] = n, each, so_far
    for i in range(BATCH_WIDTH):
        if u[i] > total[i]:
            q = mean[i] / (mean[i] + shape[i])
            if mean[i] > UNDERFLOW and -shape[i] * log(1.0 - q) > UNDERFLOW:
                count[i] = large_count(u[i], mean[i], 1.0 + mean[i] / shape[i])
            else:
                count[i] = search_on(u[i], p[i], total[i], q, q * (shape[i] - 1.0))


@jit
def power_tailed(u, tail, largest):
    """A count of at least 1 with P(n or more) = n**-tail, at most `largest` (discrete Pareto)."""
    return min(floor(exp(-log(u) / tail)), floor(largest))
