"""What is believed of a few numbers once data are seen, and does that belief deserve its name?

Grid posteriors, and simulation-based calibration of them.

The grid is laid in the prior's own quantiles, so that every cell holds the same prior belief, and drawn in twice on
where the likelihood leaves any weight. Exact but for the width of a cell; no chain that might not have mixed.

Numbers drawn from the prior, data drawn at those numbers, the posterior of those data: the rank of the truth among
posterior draws is uniform if prior, likelihood and sampler belong together, and only then is it sure to be
(Talts et al. 2018, arXiv:1804.06788, theorem 1 and algorithm 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chisquare

from contingent.quantities import Estimate

ROUNDS = 3  # the whole prior, then twice what is left of it
NEGLIGIBLE = 1e-4  # cells of a margin below this share of its largest are cut away at the ends


class Question(Protocol):
    """Data, and what they would say of the numbers named in `priors`."""

    @property
    def priors(self) -> dict[str, Estimate]:
        """The numbers on the grid, as believed before the data."""
        ...

    @property
    def points(self) -> int:
        """Points along each axis of the grid."""
        ...

    def log_likelihood(self, values: NDArray) -> NDArray:
        """Log probability of the data, up to a constant, at `values` (point, number); shape (point)."""
        ...

    def told(self, values: NDArray, u: NDArray) -> dict[str, NDArray]:
        """The mission's parameters that follow from `values` (draw, number) and a uniform number a draw."""
        ...

    def replicate(self, values: NDArray, rng: np.random.Generator) -> tuple[Self, dict[str, float]]:
        """The same question with data drawn at `values` (number), and the parameters behind those data."""
        ...


@dataclass(frozen=True, slots=True)
class Posterior:
    """Weighted cells of the prior's quantiles: `low` and `width` (cell, number), `weight` (cell)."""

    priors: tuple[Estimate, ...]
    low: NDArray
    width: NDArray
    weight: NDArray

    def draws(self, count: int, rng: np.random.Generator) -> NDArray:
        """Values (draw, number): cells by systematic resampling, then anywhere in the cell."""
        at = (np.arange(count) + rng.random()) / count
        cell = np.minimum(np.searchsorted(np.cumsum(self.weight), at), len(self.weight) - 1)
        u = self.low[cell] + self.width * rng.random((count, len(self.priors)))
        return np.stack([prior.quantile(u[:, j]) for j, prior in enumerate(self.priors)], axis=1)


def posterior(question: Question) -> Posterior:
    """The prior of a question weighted by its likelihood."""
    priors, points = tuple(question.priors.values()), question.points
    low, high = np.zeros(len(priors)), np.ones(len(priors))
    found = weighted(question, low, high)
    for _ in range(ROUNDS - 1):
        for j in range(len(priors)):
            at = np.rint((found.low[:, j] - low[j]) / found.width[j]).astype(int)
            margin = np.bincount(at, found.weight, points)
            kept = np.flatnonzero(margin > NEGLIGIBLE * margin.max())
            start = low[j]
            low[j] = max(0.0, start + (kept[0] - 1) * found.width[j])
            high[j] = min(1.0, start + (kept[-1] + 2) * found.width[j])
        found = weighted(question, low, high)
    return found


def weighted(question: Question, low: NDArray, high: NDArray) -> Posterior:
    """A grid between two corners of the prior's quantiles, each cell with its share of the likelihood."""
    priors, points = tuple(question.priors.values()), question.points
    width = (high - low) / points
    cells = np.stack(np.meshgrid(*[np.arange(points)] * len(priors), indexing="ij"), axis=-1).reshape(-1, len(priors))
    middle = low + (cells + 0.5) * width
    values = np.stack([prior.quantile(middle[:, j]) for j, prior in enumerate(priors)], axis=1)
    log = question.log_likelihood(values)
    weight = np.exp(log - log.max())
    return Posterior(priors, low + cells * width, width, weight / weight.sum())


DRAWS = 99  # posterior draws a replicate: a rank is one of 100
BINS = 10


@dataclass(frozen=True, slots=True)
class Ranks:
    """How often the truth fell into each tenth of the posterior (bin), and the chance of a histogram as uneven."""

    counts: NDArray
    p: float


def rank_histograms(question: Question, replicates: int, seed: int = 1) -> dict[str, Ranks]:
    """The histogram of ranks of every number on the grid and every parameter told.

    The question's own data only lend their size and shape.
    """
    rng = np.random.default_rng(seed)
    found: dict[str, list[int]] = {}
    for _ in range(replicates):
        truth = np.array([float(prior.quantile(rng.random())) for prior in question.priors.values()])
        again, behind = question.replicate(truth, rng)
        values = posterior(again).draws(DRAWS, rng)
        drawn = dict(zip(question.priors, values.T, strict=True))
        drawn |= again.told(rng.permutation(values), rng.random(DRAWS))
        for name, value in (dict(zip(question.priors, truth, strict=True)) | behind).items():
            found.setdefault(name, []).append(int((drawn[name] < value).sum()))
    table = {}
    for name, ranks in found.items():
        counts = np.bincount(np.array(ranks) * BINS // (DRAWS + 1), minlength=BINS)
        table[name] = Ranks(counts, float(chisquare(counts).pvalue))
    return table
