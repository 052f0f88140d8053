"""Whether posteriors deserve their name: simulation-based calibration.

Numbers drawn from the prior, data drawn at those numbers, the posterior of those data: the rank of the truth among
posterior draws is uniform if prior, likelihood and sampler belong together, and only then is it sure to be
(Talts et al. 2018, arXiv:1804.06788, theorem 1 and algorithm 1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chisquare

from contingent.mission.calibration.grid import Question, posterior

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
