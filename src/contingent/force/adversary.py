"""Which contributors, staying at home, hurt a settled plan most.

For every loss the best the others can still do is a linear programme (`staged`). With few sets all are tried. With
many, one mixed-integer programme finds the worst: the dual of that programme, in which using a withdrawn contributor's
unit is not barred but priced above anything it could be worth, so that withdrawals stand on the right-hand side alone:

    max  lower p+ - upper p- - high d     R'(p+ - p-) - d <= cost + PRICE persons lost[contributor],  sum lost <= k
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from math import comb

import highspy
import numpy as np
from scipy import sparse

from contingent.force.goals import CRITICAL, SHORT
from contingent.force.matrices import Matrices, handed_over
from contingent.force.staged import Staged, without

LIKELY = 8  # losses tried while plans are still rough; the plan that is told has been tried against all
TRIED = 500  # sets up to which all are tried: a few milliseconds each
DEAR = 10.0  # times the worst price of a person: a member may let others serve, never ten (composition shares above .1)
TIES = 1e-6  # losses this much apart, relatively, count as equal, and the first by name is told


@dataclass(frozen=True, slots=True)
class Worst:
    """The worst loss found, what it costs in the goals of the plan, and what no loss exceeds."""

    loss: tuple[int, ...]
    cost: float
    bound: float


class Adversary:
    """What losses do to what is settled."""

    def __init__(self, parts: Staged):
        self.parts, self.instance = parts, parts.posed.instance
        later, ties = parts.later, parts.ties
        self.rows = replace(
            later,
            matrix=sparse.csr_matrix(sparse.vstack([later.matrix, parts.link])),
            lower=np.concatenate([later.lower, np.full(ties, -np.inf)]),
            upper=np.concatenate([later.upper, np.zeros(ties)]),
        )
        self.highs = handed_over(self.rows)
        self.units = np.flatnonzero(parts.posed.sender >= 0).astype(np.int32)
        self.costs: dict[tuple[int, ...], float] = {}
        self.senders = sorted(set(parts.posed.sender[self.units].tolist()))

    def settle(self, values: np.ndarray) -> None:
        """Take a plan's first half-year as settled; `values` are those of the first stage's columns."""
        most = np.maximum(self.parts.link @ values[: len(self.parts.later.cost)], 0.0) + 1e-9
        first = len(self.parts.later.lower)
        self.rows.upper[first:] = most
        for row, upper in enumerate(most.tolist(), first):
            self.highs.changeRowBounds(row, -np.inf, upper)

    def cost(self, loss: tuple[int, ...]) -> float:
        """The goals at best after a loss."""
        high = without(self.parts, loss)[self.units]
        self.highs.changeColsBounds(len(self.units), self.units, self.parts.later.low[self.units], high)
        self.highs.run()
        return float(self.highs.getInfo().objective_function_value)

    def short(self, loss: tuple[int, ...]) -> tuple[float, float]:
        """Persons below the minimum and below what is wanted after a loss, averaged over weeks."""
        self.cost(loss)
        values, weeks = np.asarray(self.highs.getSolution().col_value), self.instance.calendar.weeks
        below, wanted = (
            values[self.parts.posed.columns[name]].sum(0) @ weeks / weeks.sum() for name in ("critical", "short")
        )
        return float(below), float(wanted)

    def worst(self, k: int, seconds: float, *, likely: bool = False) -> Worst:
        """The worst loss of k contributors; the worst of those that were bad before, if the `likely` ones will do."""
        if comb(len(self.senders), k) > TRIED:
            return self._by_programme(k, seconds)
        losses = list(combinations(self.senders, k))
        if likely and len(self.costs) == len(losses):
            losses = sorted(losses, key=lambda loss: -self.costs[loss])[:LIKELY]
        found = {loss: self.cost(loss) for loss in losses}
        self.costs |= found
        top = max(found.values())
        return Worst(next(loss for loss in sorted(found) if found[loss] >= top * (1 - TIES)), top, top)

    def _by_programme(self, k: int, seconds: float) -> Worst:
        """The same by one mixed-integer programme."""
        rows, count = self.rows, len(self.senders)
        has_low, has_high = np.flatnonzero(np.isfinite(rows.lower)), np.flatnonzero(np.isfinite(rows.upper))
        capped = np.flatnonzero(np.isfinite(rows.high))
        down = sparse.csr_matrix(rows.matrix).T.tocsr()
        height = len(rows.cost)
        cap = sparse.csr_matrix((-np.ones(len(capped)), (capped, np.arange(len(capped)))), shape=(height, len(capped)))
        at_work = self.parts.posed.columns["use"]
        price = np.zeros(height)
        persons = self.instance.groups.persons
        weight = self.instance.demand.weight.max(initial=0.0)
        price[at_work] = (DEAR * (CRITICAL + SHORT) * weight * persons)[:, None]
        lost = sparse.csr_matrix(
            (price[self.units], (self.units, np.searchsorted(self.senders, self.parts.posed.sender[self.units]))),
            shape=(height, count),
        )
        prices = len(has_low) + len(has_high) + len(capped)
        matrix = sparse.hstack([down[:, has_low], -down[:, has_high], cap, -lost])
        choose = sparse.hstack([sparse.csr_matrix((1, prices)), np.ones((1, count))])
        dual = Matrices(
            sparse.csr_matrix(sparse.vstack([matrix, choose])),
            np.full(height + 1, -np.inf),
            np.append(rows.cost, float(k)),
            -np.concatenate([rows.lower[has_low], -rows.upper[has_high], -rows.high[capped], np.zeros(count)]),
            np.zeros(prices + count),
            np.concatenate([np.full(prices, np.inf), np.ones(count)]),
            np.arange(prices + count) >= prices,
        )
        highs = handed_over(dual, whole=True)
        highs.setOptionValue("mip_rel_gap", 1e-3)
        highs.setOptionValue("time_limit", max(seconds, 1.0))
        highs.run()
        info = highs.getInfo()
        if info.primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
            loss = tuple(self.senders[:k])
        else:
            chosen = np.asarray(highs.getSolution().col_value)[prices:]
            loss = tuple(sorted(self.senders[i] for i in np.argsort(-chosen, kind="stable")[:k]))
        cost = self.cost(loss)
        return Worst(loss, cost, max(cost, -info.mip_dual_bound))
