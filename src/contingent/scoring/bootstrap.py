"""How sure we can be of a mean score when cases come in clusters that share their luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

DRAWS = 2_000


@dataclass(frozen=True, slots=True)
class Score:
    """A mean score with its 90 % cluster-bootstrap interval, in the score's own unit."""

    value: float
    low: float
    high: float


def cluster_bootstrap(scores: ArrayLike, clusters: Sequence[object] | NDArray, *, seed: int = 1) -> Score:
    """The mean of `scores` (case,) and its 90 % interval, resampling whole `clusters` (case,).

    Field & Welsh 2007, doi:10.1111/j.1467-9868.2007.00593.x. With no case at all, all three are nan.
    """
    values = np.asarray(scores, dtype=float)
    if not len(values):
        return Score(float("nan"), float("nan"), float("nan"))
    _, member = np.unique(np.asarray(clusters).astype(str), return_inverse=True)
    total = np.bincount(member, weights=values)
    count = np.bincount(member)
    rng = np.random.Generator(np.random.Philox(seed))
    picks = rng.multinomial(len(total), np.full(len(total), 1 / len(total)), size=DRAWS)
    means = (picks @ total) / np.maximum(picks @ count, 1)
    low, high = np.quantile(means, [0.05, 0.95])
    return Score(float(values.mean()), float(low), float(high))


def paired_difference(ours: ArrayLike, theirs: ArrayLike, clusters: Sequence[object] | NDArray) -> Score:
    """The mean of `ours - theirs` on the same cases, with its interval; below 0 means ours is better."""
    return cluster_bootstrap(np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float), clusters)
