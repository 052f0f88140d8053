"""How much a stakeholder likes given terms.

The distance is the salience-weighted Euclidean one of KTAB's Spatial Model of Politics (each
stakeholder weighs the issues by its own salience), and utility without attitude to risk is 1 - d.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from contingent.consultation.draws import Stakes


def utility(stakes: Stakes, terms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Utility 0 to 1 of `terms` (run, issue), on a 0 to 1 scale, to everyone; shape (run, stakeholder).

    An issue whose term is nan does not arise: nobody loses by it.
    """
    away = np.nan_to_num(stakes.position - terms[:, None, :], nan=0.0)
    weight = stakes.salience**2
    total = weight.sum(2)
    return 1 - np.sqrt((weight * away**2).sum(2) / np.where(total > 0, total, 1.0))


def compromise(stakes: Stakes, rows: list[int]) -> NDArray[np.float64]:
    """The capability x salience weighted mean of the positions of some stakeholders; shape (run, issue), 0 to 1.

    The compromise model of Achen 2006, doi:10.1017/CBO9780511492082.005: the best simple point
    forecast on decided EU issues. An issue nobody cares for gets the unweighted mean.
    """
    position = stakes.position[:, rows]
    weight = stakes.capability[:, rows, None] * stakes.salience[:, rows]
    total = weight.sum(1)
    return np.where(total > 0, (weight * position).sum(1) / np.where(total > 0, total, 1.0), position.mean(1))
