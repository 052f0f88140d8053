"""Which of a few alternatives does a group settle on, and how much of its weight stands behind one?

Coleman's election weighs every pair of alternatives by the votes cast for each, capability x salience x difference of
utility, and turns the pairwise victory probabilities into one distribution (probabilistic Condorcet election; KTAB,
Wise, Lester & Efird 2015). All arrays carry runs first.
"""

import numpy as np
from numpy.typing import NDArray

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
