"""The plan in two stages: what is settled before anybody withdraws, and what can still be re-planned after it.

Two-stage robust optimization: the first stage, its recourse and the adversary.

The first stage is the programme as it stands if everybody comes. A *loss* is a set of contributors that send nobody; it
adds a copy of the whole programme without them, in which units may be split, tied to the first in the periods that
are settled (the first half-year: whoever is asked only then comes later):

    there      there'[g,t] <= there[g,t]    t settled: nobody comes who was not to; those who do may serve elsewhere
    common     common'[c,s,t] <= common[c,s,t]    all t: a sector keeps its language, command, sides
    worst      worst >= goals of the copy
    min  worst

Rules on the composition of the force wait while nobody can be replaced, and floors are given up. Two-stage robust
optimization: Zeng & Zhao 2013, doi:10.1016/j.orl.2013.05.003.

Which contributors, staying at home, hurt a settled plan most.

For every loss the best the others can still do is a linear programme (`two_stage`). With few sets all are tried. With
many, one mixed-integer programme finds the worst: the dual of that programme, in which using a withdrawn contributor's
unit is not barred but priced above anything it could be worth, so that withdrawals stand on the right-hand side alone:

    max  lower p+ - upper p- - high d     R'(p+ - p-) - d <= cost + PRICE persons lost[contributor],  sum lost <= k
"""

from dataclasses import dataclass, replace
from itertools import combinations
from math import comb

import numpy as np
from scipy import sparse

from contingent.force.highs import Matrices, run, to_highs, with_rows
from contingent.force.instance import Instance
from contingent.force.model import CRITICAL, SHORT, Model, build_model

SETTLED = 26  # weeks in which nobody else can be found: replacements need asking, notice and lift (judgement)


@dataclass(frozen=True, slots=True)
class TwoStage:
    """One instance's programme, and how a copy of it is tied to it."""

    posed: Model
    later: Matrices
    """The copy: the same columns, nothing whole, no rules on the composition while nobody can be replaced."""
    link: sparse.csr_matrix
    """(tie, column): `link @ copy <= link @ first`."""
    ties: int

    @property
    def settled(self) -> np.ndarray:
        """Columns of the first stage that a copy is tied to, or that make up what it is tied to."""
        tied, stays = np.asarray(self.link.sum(axis=0)).ravel() > 0, self.posed.columns["stay"]
        tied[stays] = tied[self.posed.columns["there"][self.posed.stays.group, self.posed.stays.first]]
        return tied


def two_stages(instance: Instance) -> TwoStage:
    """The two stages of an instance."""
    base = build_model(instance, merged=True)
    first, columns = base.matrices, base.columns
    settled = np.flatnonzero(instance.calendar.end <= SETTLED)
    kept = np.ones(len(first.lower), bool)
    if "shares" in base.rows:
        shares = base.rows["shares"].reshape(-1, len(instance.calendar))
        kept[shares[:, settled]] = kept[
            shares[[rule.least and rule.persons > 0 for rule in instance.limits.shares]]
        ] = False
    later = replace(
        first,
        matrix=first.matrix[np.flatnonzero(kept)], lower=first.lower[kept], upper=first.upper[kept],
        whole=np.zeros(len(first.cost), bool),
    )  # fmt: skip
    at = np.concatenate([columns["there"][:, settled].ravel(), columns["common"].ravel()])
    link = sparse.csr_matrix((np.ones(len(at)), (np.arange(len(at)), at)), shape=(len(at), len(first.cost)))
    return TwoStage(base, later, link, len(at))


def without(parts: TwoStage, loss: tuple[int, ...]) -> np.ndarray:
    """The upper bounds of a copy's columns if some contributors send nobody."""
    return np.where(np.isin(parts.posed.sender, loss), 0.0, parts.later.high)


def together(parts: TwoStage, losses: list[tuple[int, ...]], *, whole: bool = True) -> Matrices:
    """Both stages in one programme, a copy for every loss; the last column is the worst of them.

    Units are whole in all of the first stage, or, if not `whole`, in what is settled of it.
    """
    first, later, ties, copies = parts.posed.matrices, parts.later, parts.ties, len(losses)
    goals = sparse.csr_matrix(later.cost[None, :])
    blocks: list[list] = [[first.matrix, *[None] * copies, sparse.csr_matrix((len(first.lower), 1))]]
    for number in range(copies):
        for left, own, last in ((None, later.matrix, None), (-parts.link, parts.link, None), (None, -goals, [[1.0]])):
            row: list = [left, *[None] * copies, last if last is None else sparse.csr_matrix(last)]
            row[1 + number] = own
            blocks.append(row)
    free, zero = np.full(ties, -np.inf), np.zeros(ties)
    return Matrices(
        sparse.csr_matrix(sparse.block_array(blocks, format="csr")),
        np.concatenate([first.lower, *[later.lower, free, [0.0]] * copies]),
        np.concatenate([first.upper, *[later.upper, zero, [np.inf]] * copies]),
        np.concatenate([np.zeros(len(first.cost) + copies * len(later.cost)), [1.0]]),
        np.concatenate([first.low, *[later.low] * copies, [0.0]]),
        np.concatenate([first.high, *[without(parts, loss) for loss in losses], [np.inf]]),
        np.concatenate([first.whole & (whole | parts.settled), *[later.whole] * copies, [False]]),
    )  # fmt: skip


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

    def __init__(self, parts: TwoStage):
        self.parts, self.instance = parts, parts.posed.instance
        later, ties = parts.later, parts.ties
        self.rows = with_rows(later, parts.link, np.full(ties, -np.inf), np.zeros(ties))
        self.highs = to_highs(self.rows)
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
        there = self.parts.posed.columns["there"]
        price = np.zeros(height)
        persons = self.instance.groups.persons
        weight = self.instance.demand.weight.max(initial=0.0)
        price[there] = (DEAR * (CRITICAL + SHORT) * weight * persons)[:, None]
        lost = sparse.csr_matrix(
            (price[self.units], (self.units, np.searchsorted(self.senders, self.parts.posed.sender[self.units]))),
            shape=(height, count),
        )
        prices = len(has_low) + len(has_high) + len(capped)
        matrix = sparse.hstack([down[:, has_low], -down[:, has_high], cap, -lost])
        choose = sparse.hstack([sparse.csr_matrix((1, prices)), np.ones((1, count))])
        dual = Matrices(
            sparse.csr_matrix(sparse.vstack([matrix, choose])), np.full(height + 1, -np.inf),
            np.append(rows.cost, float(k)),
            -np.concatenate([rows.lower[has_low], -rows.upper[has_high], -rows.high[capped], np.zeros(count)]),
            np.zeros(prices + count), np.concatenate([np.full(prices, np.inf), np.ones(count)]),
            np.arange(prices + count) >= prices,
        )  # fmt: skip
        highs = to_highs(dual, whole=True)
        found = run(highs, mip_rel_gap=1e-3, time_limit=max(seconds, 1.0))
        loss = tuple(self.senders[:k])
        if found is not None:
            loss = tuple(sorted(self.senders[i] for i in np.argsort(-found[prices:], kind="stable")[:k]))
        cost = self.cost(loss)
        return Worst(loss, cost, max(cost, -highs.getInfo().mip_dual_bound))
