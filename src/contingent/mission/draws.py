"""Which random number a process meets in a run, week and sector, and the counts made from it.

Counter-based: a number depends only on (seed, run, week, sector, process), so every option, thread
and split of the runs meets the same luck. SplitMix64 finalizer (Steele, Lea & Flood 2014,
doi:10.1145/2660193.2660195). Counts are drawn by inversion, which is exact and monotone in the
mean, so that paired options differ as little as they can.
"""

from __future__ import annotations

from math import exp, floor, log, sqrt

import numpy as np
from numba import njit

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
WEEK_STRIDE = 1 << 16  # numbers a week may use: 256 sectors or crossings x 256 processes
SECTOR_STRIDE = 1 << 8
RESOLUTION = 2.0**-53
LARGE = 400.0  # Poisson means above this use a Cornish-Fisher quantile; its error there is below 1e-4 of the mean
MOST = 100_000  # no count exceeds this

# Which number of a week is whose; attacks use one number each for who is hit and how hard.
Z_INTENSITY, U_EVENTS, U_CIVILIANS, Z_PACE = 0, 1, 2, 3
U_OUTSIDE, U_ATTACKS, U_CONSENT, Z_LEGITIMACY, U_CEASEFIRE = 4, 5, 6, 7, 8
U_CROSSING, U_CROSSING_START, U_LEAVES, U_CONSENT_START = 9, 10, 11, 12
U_VICTIMS, U_SIZE = 64, 128

RECIPROCAL = np.concatenate([[0.0], 1.0 / np.arange(1, MOST + 1)])
LOGS = np.log(np.arange(1, 4097, dtype=float))


@njit(cache=True, nogil=True)
def mix(z):
    """The SplitMix64 finalizer: a bijection of 64-bit integers that leaves no pattern."""
    z = (z ^ (z >> np.uint64(30))) * FIRST
    z = (z ^ (z >> np.uint64(27))) * SECOND
    return z ^ (z >> np.uint64(31))


@njit(cache=True, nogil=True)
def run_key(seed_key, run):
    """The key of one run of one seed."""
    return mix(seed_key + GOLDEN * np.uint64(run + 1))


@njit(cache=True, nogil=True)
def uniform(key, week, sector, process):
    """A number in (0, 1), the same whenever the same four are asked for."""
    counter = np.uint64(week * WEEK_STRIDE + sector * SECTOR_STRIDE + process + 1)
    return (np.float64(np.int64(mix(key + GOLDEN * counter) >> np.uint64(11))) + 0.5) * RESOLUTION


@njit(cache=True, nogil=True)
def normal(u):
    """The standard normal quantile, to 1e-15 (Wichura 1988, AS 241, doi:10.2307/2347330)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
            + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
            + 133.14166789178437745) * r + 3.387132872796366608)  # fmt: skip
        low = (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
            + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
            + 42.313330701600911252) * r + 1.0)  # fmt: skip
        return q * top / low
    r = sqrt(-log(u if q < 0 else 1.0 - u))
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
    z = top / low
    return -z if q < 0 else z


@njit(cache=True, nogil=True)
def poisson(u, mean):
    """The Poisson quantile at `u`, by summing probabilities upwards; 0 for a mean of 0 or less."""
    if mean <= 0.0:
        return 0
    if mean > LARGE:
        z = normal(u)
        return int(min(max(0.0, floor(mean + sqrt(mean) * z + (z * z - 1.0) / 6.0 + 0.5)), MOST))
    p = exp(-mean)
    total = p
    n = 0
    while u > total and n < MOST and p > 0.0:
        n += 1
        p *= mean * RECIPROCAL[n]
        total += p
    return n


@njit(cache=True, nogil=True)
def negative_binomial(u, mean, shape):
    """The negative binomial quantile at `u`: variance mean + mean**2 / shape; 0 for a mean of 0 or less."""
    if mean <= 0.0:
        return 0
    q = mean / (mean + shape)
    p = exp(-shape * log((mean + shape) / shape))
    total = p
    n = 0
    while u > total and n < MOST and p > 0.0:
        n += 1
        p *= q * (shape - 1.0 + n) * RECIPROCAL[n]
        total += p
    return n


@njit(cache=True, nogil=True)
def power_tailed(u, tail, largest):
    """A count of at least 1 with P(n or more) = n**-tail, at most `largest` (discrete Pareto)."""
    return int(min(floor(exp(-log(u) / tail)), largest))


@njit(cache=True, nogil=True)
def log_one_more(count):
    """ln(1 + count) of a whole number."""
    n = int(count)
    return LOGS[n] if n < len(LOGS) else log(1.0 + count)
