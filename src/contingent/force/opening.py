"""A first plan for a large question: from afar two periods at a time, then in full.

*Relax and fix* over time (Pochet & Wolsey 2006, doi:10.1007/0-387-33477-7, section 3.6), on the outline of the
question (`outline`): arrivals of the next periods are whole while all later ones may be split, then they are settled.
The whole programme is then solved with no more arrivals of alike groups than the outline has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import highspy
import numpy as np
from scipy import sparse

from contingent.force.matrices import Matrices, handed_over
from contingent.force.outline import outlined
from contingent.force.programme import Posed, posed

STRETCH = 2  # periods settled at once
FIRST, LAST = 4e-3, 1e-3  # gap at which a stretch of YEARS is settled: early ones are hard, and later ones mend them
YEARS = 12  # periods; with more of them stretches are smaller and harder, and their gaps grow with the square
EFFORT = 0.2  # share of the work given to heuristics, which is what the root of a tree is here for
SETTLING, NODES = 1, 100  # of the tree for a stretch (more changed nothing), and for the whole programme


def opening(programme: Posed, force: np.ndarray, left: Callable[[], float]) -> np.ndarray | None:
    """Values of all columns in a first plan; None if none was found this way.

    Args:
        programme: the whole programme.
        force: persons deployed by period in its relaxation.
        left: seconds left, after which no plan is found.

    """
    seen, of = outlined(programme.instance, force)
    arrivals = _ahead(posed(seen, merged=True), left)
    if arrivals is None:
        return None
    at, matrices = programme.columns["a"], programme.matrices
    like = of[:, None] * arrivals.shape[1] + np.arange(arrivals.shape[1])
    sums = sparse.csr_matrix((np.ones(at.size), (like.ravel(), at.ravel())), shape=(arrivals.size, len(matrices.cost)))
    bounded = replace(
        matrices,
        matrix=sparse.csr_matrix(sparse.vstack([matrices.matrix, sums])),
        lower=np.append(matrices.lower, np.full(arrivals.size, -np.inf)),
        upper=np.append(matrices.upper, arrivals),
    )
    return _solved(bounded, LAST, NODES, left)


def _ahead(programme: Posed, left: Callable[[], float]) -> np.ndarray | None:
    """Whole arrivals by group and period, settled from the first period to the last."""
    at, at_work, matrices = programme.columns["a"], programme.columns["use"], programme.matrices
    low, high = matrices.low.copy(), matrices.high.copy()
    starts = range(0, at.shape[1], STRETCH)
    gaps = np.linspace(FIRST, LAST, len(starts)) * max(1.0, at.shape[1] / YEARS) ** 2
    for start, gap in zip(starts, gaps, strict=True):
        now = at[:, start : start + STRETCH].ravel()
        whole = np.isin(np.arange(len(low)), [now, at_work[:, start : start + STRETCH].ravel()])
        values = _solved(replace(matrices, low=low, high=high, whole=whole), float(gap), SETTLING, left)
        if values is None:
            return None
        low[now] = high[now] = np.round(values[now])
    return np.round(low[at])


def _solved(matrices: Matrices, gap: float, nodes: int, left: Callable[[], float]) -> np.ndarray | None:
    highs = handed_over(matrices, whole=True)
    options = {"mip_rel_gap": gap, "mip_max_nodes": nodes, "mip_heuristic_effort": EFFORT}
    for option, value in (options | {"time_limit": left()}).items():
        highs.setOptionValue(option, value)
    highs.run()
    if highs.getInfo().primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
        return None
    return np.asarray(highs.getSolution().col_value)
