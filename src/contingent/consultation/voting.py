"""How likely is it that a body says yes, and which of a few alternatives does a group settle on?

A member votes yes when `latent + sqrt(shared) Z + sqrt(1 - shared) e > 0` with standard normal Z, common to all, and e,
its own (one-factor probit, Vasicek 2002). Given Z the seats for yes have an exact distribution by convolution; Z is
integrated by Gauss-Hermite quadrature. Coleman's election weighs every pair of alternatives by the votes cast for each,
capability x salience x difference of utility, and turns the pairwise victory probabilities into one distribution
(probabilistic Condorcet election; KTAB, Wise, Lester & Efird 2015). All arrays carry runs first.
"""

from __future__ import annotations

from math import erfc, sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(21)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


def pass_probability(
    latent: NDArray[np.float64], seats: NDArray[np.float64], shared: NDArray[np.float64], quota: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Probability that more than the share `quota` of the seats votes yes, or all of them where quota is 1.

    Shapes: `latent` and `seats` (run, member), `shared` and `quota` (run,) -> (run,). Seats are rounded
    to whole ones and a member casts all of its seats one way.
    """
    whole = np.rint(seats).astype(np.int64)
    return _pass_probability(np.ascontiguousarray(latent), whole, np.clip(shared, 0.0, 0.999), quota, NODES, WEIGHTS)


@njit(cache=True, nogil=True)
def _pass_probability(latent, seats, shared, quota, nodes, weights):
    runs, members = latent.shape
    out = np.zeros(runs)
    for run in range(runs):
        total = 0
        for member in range(members):
            total += seats[run, member]
        if total == 0:
            out[run] = 1.0
            continue
        needed = min(int(np.floor(quota[run] * total + 1e-9)) + 1, total)
        common, own = sqrt(shared[run]), sqrt(2.0 * (1.0 - shared[run]))
        mass = np.zeros(total + 1)
        for node in range(len(nodes)):
            mass[:] = 0.0
            mass[0] = 1.0
            reached = 0
            for member in range(members):
                yes = 0.5 * erfc(-(latent[run, member] + common * nodes[node]) / own)
                size = seats[run, member]
                for k in range(reached, -1, -1):
                    mass[k + size] += mass[k] * yes if size else 0.0
                    if size:
                        mass[k] *= 1.0 - yes
                reached += size
            tail = 0.0
            for k in range(needed, total + 1):
                tail += mass[k]
            out[run] += weights[node] * tail
    return out


EVEN = 1e-8  # KTAB's minimal support: a pair nobody cares about is even


def support(weight: NDArray[np.float64], utility: NDArray[np.float64]) -> NDArray[np.float64]:
    """Votes for i over j: `weight` (run, voter) and `utility` (run, voter, alternative) -> (run, i, j)."""
    gain = utility[:, :, :, None] - utility[:, :, None, :]
    return EVEN + (weight[:, :, None, None] * np.maximum(gain, 0.0)).sum(1)


def victory(votes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability that i beats j, linear in the votes; 1/2 on the diagonal."""
    return votes / (votes + np.swapaxes(votes, 1, 2))


def condorcet(beats: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability of each alternative, (run, i, j) -> (run, i): the limit of the Markov chain with uniform challenges.

    Solves p = (diag(sum_j V_ij) + V) p / M instead of iterating towards it, so there is no tolerance.
    With two alternatives it is the weighted share itself.
    """
    count = beats.shape[1]
    step = beats.copy()
    diagonal = np.arange(count)
    step[:, diagonal, diagonal] += beats.sum(2)
    system = step / count
    system[:, diagonal, diagonal] -= 1.0
    system[:, -1, :] = 1.0
    right = np.zeros((*beats.shape[:1], count, 1))
    right[:, -1] = 1.0
    p = np.clip(np.linalg.solve(system, right)[..., 0], 0.0, None)
    return p / p.sum(1, keepdims=True)


def weighted_share(weight: NDArray[np.float64], gain: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of capability x salience x |gain| on the side of yes; `weight`, `gain` (run, voter) -> (run,)."""
    yes = (weight * np.maximum(gain, 0.0)).sum(1) + EVEN
    no = (weight * np.maximum(-gain, 0.0)).sum(1) + EVEN
    return yes / (yes + no)
