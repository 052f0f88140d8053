"""Which of the inputs the outcome's spread comes from: first and total Sobol indices.

Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018 (first: table 2b; total: Jansen 1999, table 2f), on a
scrambled Sobol sequence: base x (inputs + 2) histories.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from contingent.consultation.spatial.batch import Draws, play_all
from contingent.consultation.spatial.model import DEFAULT, Model
from contingent.consultation.spatial.table import Table
from contingent.consultation.spatial.vary import from_uniform, inputs


@dataclass(frozen=True, slots=True)
class Indices:
    """`first` and `total` (input, issue): the share of an outcome's variance from one input alone, and with all others.

    `variance` (issue,) in squared points; where it is 0 the indices are 0. `runs` is how many histories it took.
    """

    inputs: tuple[str, ...]
    issues: tuple[str, ...]
    first: NDArray[np.float64]
    total: NDArray[np.float64]
    variance: NDArray[np.float64]
    runs: int


def sobol(
    table: Table,
    *,
    model: Model = DEFAULT,
    base: int = 256,
    seed: int = 0,
    threads: int = 1,
    position: float = 10.0,
    salience: float = 0.2,
    capability: float = 0.2,
) -> Indices:
    """Sobol indices of the expected outcome on every issue; `base` is a power of two."""
    names = inputs(table)
    count = len(names)
    points = qmc.Sobol(2 * count, scramble=True, rng=seed).random(base)
    a, b = points[:, :count], points[:, count:]
    blocks = [a, b]
    for k in range(count):
        mixed = a.copy()
        mixed[:, k] = b[:, k]
        blocks.append(mixed)
    u = np.clip(np.concatenate(blocks), 1e-12, 1 - 1e-12)
    draws: Draws = from_uniform(
        table,
        {name: u[:, k] for k, name in enumerate(names)},
        (model,),
        np.zeros(len(u), np.int64),
        position=position,
        salience=salience,
        capability=capability,
    )
    outcome = play_all(draws, threads=threads, seed=seed).expected.reshape(count + 2, base, -1)
    outcome = outcome - outcome[:2].mean((0, 1))  # centred: the first-order estimator is a product
    fa, fb, mixed = outcome[0], outcome[1], outcome[2:]
    variance = np.concatenate([fa, fb]).var(0)
    safe = np.where(variance > 0, variance, np.inf)
    first = (fb * (mixed - fa)).mean(1) / safe
    total = ((fa - mixed) ** 2).mean(1) / 2 / safe
    return Indices(names, table.issues, first, total, variance, len(u))
