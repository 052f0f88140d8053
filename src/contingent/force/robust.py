"""The plan that loses least when the worst k contributors stay at home, and what that safety costs.

Column-and-constraint generation (Zeng & Zhao 2013, doi:10.1016/j.orl.2013.05.003): a plan against the losses known so
far (`staged`), the worst loss for that plan (`adversary`), and again with that loss added, until no loss is worse than
the plan allowed for. Then, among plans as good at the worst, the one best if everybody comes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter

import highspy
import numpy as np
from scipy import sparse

from contingent.errors import InfeasibleError, InputError
from contingent.force.adversary import Adversary
from contingent.force.instance import Instance
from contingent.force.matrices import handed_over
from contingent.force.solve import Solution, Solver, handed_out, solve
from contingent.force.staged import Staged, staged, together

WITHIN = 1e-3  # of the worst case that may be given up for a better plan if everybody comes (judgement)
ROUNDS = 40
LAST = 5.0  # seconds the years after the first half-year may take, even if the time is up
ROUNDED = 1e-6  # of a unit
SLIGHT = 0.01  # weight of the worst case while the ordinary one is improved: what is given up is used


@dataclass(frozen=True, slots=True)
class Case:
    """What a plan leaves uncovered, in persons averaged over weeks, and who stayed at home."""

    withdrawn: tuple[str, ...]
    critical: float
    """Below the minimum."""
    short: float
    """Below what is wanted, those below the minimum included."""


@dataclass(frozen=True, slots=True)
class Robust:
    """A plan against k withdrawals beside the ordinary one."""

    withdrawals: int
    ordinary: Case
    """The ordinary plan, everybody coming."""
    ordinary_worst: Case
    robust: Case
    robust_worst: Case
    considered: tuple[tuple[str, ...], ...]
    """Losses the robust plan was made against."""
    solution: Solution
    """The robust plan, everybody coming; its solver speaks of the worst case."""


def robust(instance: Instance, k: int, *, gap: float = 0.01, seconds: float = 60.0) -> Robust:
    """The plan least hurt by the worst k withdrawals.

    Args:
        instance: the planning question.
        k: contributors that may send nobody, any of them.
        gap: relative distance between the plan's worst case and the best possible one that is good enough.
        seconds: after which the best plan so far is taken.

    Raises:
        InputError: k is below 1, or not below the number of contributors with an offer.
        InfeasibleError: no plan at all was found.
    """
    started = perf_counter()
    until = started + seconds
    parts = staged(instance)
    against = Adversary(parts)
    if not 1 <= k < len(against.senders):
        what = f"{k} withdrawals: {len(against.senders)} contributors can serve under this option"
        raise InputError(f"{what}; ask for 1 to {max(1, len(against.senders) - 1)}")
    ordinary = solve(instance, seconds=seconds)
    search = _Search(parts, against, k, until)
    against.settle(_first(parts, ordinary))
    before = against.worst(k, seconds)
    before_short = against.short(before.loss)
    best, worst, bound = search.run(before.loss, gap)
    against.settle(best)
    after = against.short(worst.loss)
    reached = (worst.bound - bound) / max(worst.bound, 1e-9)
    status = "optimal" if reached <= gap else "time limit reached"
    solver = Solver(status, worst.cost, bound, max(0.0, reached), perf_counter() - started)
    solution = handed_out(parts.posed, best, solver, max(1.0, until - perf_counter()))

    def named(loss: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(instance.contributors[c] for c in loss)

    return Robust(
        k,
        Case((), *_persons(instance, ordinary)),
        Case(named(before.loss), *before_short),
        Case((), *_persons(instance, solution)),
        Case(named(worst.loss), *after),
        tuple(named(loss) for loss in search.losses),
        solution,
    )


def _first(parts: Staged, plan: Solution) -> np.ndarray:
    """A plan in the columns that can be settled."""
    values, at = np.zeros(len(parts.posed.matrices.cost)), parts.posed.columns
    values[at["a"]], values[at["common"]] = plan.arriving, plan.common
    np.add.at(values, at["use"][parts.posed.instance.cells.group], plan.serving)
    return values


def _persons(instance: Instance, solution: Solution) -> tuple[float, float]:
    weeks = instance.calendar.weeks
    each = (part.sum(0) @ weeks / weeks.sum() for part in (solution.critical, solution.short))
    below, wanted = (float(value) for value in each)
    return below, wanted


class _Search:
    """Plans against more and more losses."""

    def __init__(self, parts: Staged, against: Adversary, k: int, until: float):
        self.parts, self.against, self.k, self.until = parts, against, k, until
        self.losses: list[tuple[int, ...]] = []

    def run(self, first: tuple[int, ...], gap: float):
        """The first stage of the best plan, its worst loss, and what no plan's worst case is below."""
        self.losses = [first]
        bound, best, worst = -np.inf, None, None
        for whole in (False, True):  # losses are found with the relaxation, which is quick, and then once more
            for _ in range(ROUNDS):
                found, least = self._plan(whole=whole, gap=gap)
                bound = max(bound, least)
                self.against.settle(found)
                here = self.against.worst(self.k, self._left())
                if whole and (worst is None or here.bound < worst.bound):
                    best, worst = found, here
                allowed = found_worst(found)
                if here.cost <= allowed * (1 + gap / 4) + 1e-6 or here.loss in self.losses or self._left() <= 0:
                    break
                self.losses.append(here.loss)
        assert best is not None
        assert worst is not None
        return *self._polished(best, worst, gap), bound

    def _plan(self, *, whole: bool, gap: float) -> tuple[np.ndarray, float]:
        """A plan against the losses so far (its last value is their worst), and a bound on any plan's worst case."""
        highs = handed_over(together(self.parts, self.losses), whole=whole)
        return self._solved(highs, gap / 4, whole=whole)

    def _solved(self, highs: highspy.Highs, gap: float, *, whole: bool) -> tuple[np.ndarray, float]:
        highs.setOptionValue("mip_rel_gap", gap)
        highs.setOptionValue("time_limit", max(self._left(), 1.0))
        highs.run()
        info = highs.getInfo()
        if info.primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
            raise InfeasibleError("no plan against withdrawals was found in the time given")
        bound = info.mip_dual_bound if whole else info.objective_function_value
        return np.asarray(highs.getSolution().col_value), float(bound)

    def _polished(self, best: np.ndarray, worst, gap: float):
        """Among plans hardly worse at the worst, the one best if everybody comes."""
        width = len(self.parts.posed.matrices.cost)
        for _ in range(ROUNDS):
            if self._left() <= 0:
                break
            rows = together(self.parts, self.losses)
            cost, high = np.zeros(len(rows.cost)), rows.high.copy()
            cost[:width], cost[-1], high[-1] = self.parts.posed.matrices.cost, SLIGHT, worst.cost * (1 + WITHIN)
            try:
                highs = handed_over(replace(rows, cost=cost, high=high), whole=True)
                found, _ = self._solved(highs, gap / 10, whole=True)
            except InfeasibleError:
                break
            self.against.settle(found)
            here = self.against.worst(self.k, self._left())
            if here.cost <= worst.cost * (1 + WITHIN) + 1e-6:
                return found, here
            if here.loss in self.losses:
                break
            self.losses.append(here.loss)
        return self._completed(best, gap), worst

    def _completed(self, best: np.ndarray, gap: float) -> np.ndarray:
        """The same first half-year, which decides how bad the worst is; after it the best if everybody comes."""
        first, link = self.parts.posed.matrices, self.parts.link
        settled = link @ best[: len(first.cost)]
        rows = replace(
            first,
            matrix=sparse.csr_matrix(sparse.vstack([first.matrix, link])),
            lower=np.concatenate([first.lower, settled - ROUNDED]),
            upper=np.concatenate([first.upper, settled + ROUNDED]),
        )
        highs = handed_over(rows, whole=True)
        start = highspy.HighsSolution()
        start.col_value = best[: len(first.cost)].tolist()
        highs.setSolution(start)
        highs.setOptionValue("mip_rel_gap", gap / 10)
        highs.setOptionValue("time_limit", max(self._left(), LAST))
        highs.run()
        found = highs.getInfo().primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
        return np.asarray(highs.getSolution().col_value) if found else best

    def _left(self) -> float:
        return self.until - perf_counter()


def found_worst(values: np.ndarray) -> float:
    """What a plan allowed for at the worst: the last column of `staged.together`."""
    return float(values[-1])
