"""The plan that loses least when the worst k contributors stay at home, and what that safety costs.

Column-and-constraint generation (Zeng & Zhao 2013, doi:10.1016/j.orl.2013.05.003): a plan against the losses known so
far, the worst loss for that plan (`two_stage` has both), and again with that loss added, until no loss is worse than
the plan allowed for. Then, among plans as good at the worst, the one best if everybody comes.
"""

from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from contingent.errors import InputError
from contingent.force.highs import Matrices, run, solved, to_highs, with_rows
from contingent.force.instance import Instance
from contingent.force.solve import Solution, Solver, solve, to_solution
from contingent.force.two_stage import Adversary, TwoStage, Worst, together, two_stages

WITHIN = 1e-3  # of the worst case that may be given up for a better plan if everybody comes (judgement)
ROUNDS = 40
ORDINARY = 0.25  # of the time, at most, for the plan if everybody comes
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
    """
    started = perf_counter()
    until = started + seconds
    parts = two_stages(instance)
    against = Adversary(parts)
    if not 1 <= k < len(against.senders):
        what = f"{k} withdrawals: {len(against.senders)} contributors can serve under this option"
        raise InputError(f"{what}; ask for 1 to {max(1, len(against.senders) - 1)}")
    ordinary = solve(instance, seconds=ORDINARY * seconds)
    search = _Search(parts, against, k, until)
    against.settle(_first(parts, ordinary))
    before = against.worst(k, search.left())
    before_short = against.short(before.loss)
    found = search.run(before, gap)
    reached = max(0.0, (found.worst.bound - found.bound) / max(found.worst.bound, 1e-9))
    status = "optimal" if reached <= gap else "time limit reached"
    solver = Solver(status, found.worst.cost, found.bound, reached, perf_counter() - started)
    if found.values is None:
        solution, after = replace(ordinary, solver=solver), before_short
    else:
        against.settle(found.values)
        after = against.short(found.worst.loss)
        solution = to_solution(parts.posed, found.values, solver, search.left())

    def named(loss: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(instance.contributors[c] for c in loss)

    return Robust(
        k, Case((), *_persons(instance, ordinary)), Case(named(before.loss), *before_short),
        Case((), *_persons(instance, solution)), Case(named(found.worst.loss), *after),
        tuple(named(loss) for loss in search.losses), solution,
    )  # fmt: skip


def _first(parts: TwoStage, plan: Solution) -> np.ndarray:
    """A plan in the columns that can be settled."""
    values, at = np.zeros(len(parts.posed.matrices.cost)), parts.posed.columns
    values[at["common"]] = plan.common
    np.add.at(values, at["there"][parts.posed.instance.cells.group], plan.serving)
    return values


def _persons(instance: Instance, solution: Solution) -> tuple[float, float]:
    weeks = instance.calendar.weeks
    each = (part.sum(0) @ weeks / weeks.sum() for part in (solution.critical, solution.short))
    below, wanted = (float(value) for value in each)
    return below, wanted


@dataclass(frozen=True, slots=True)
class _Found:
    """The first stage of the best plan (none: the ordinary one), its worst loss, what no plan's worst is below."""

    values: np.ndarray | None
    worst: Worst
    bound: float


class _Search:
    """Plans against more and more losses."""

    def __init__(self, parts: TwoStage, against: Adversary, k: int, until: float):
        self.parts, self.against, self.k, self.until = parts, against, k, until
        self.losses: list[tuple[int, ...]] = []

    def run(self, before: Worst, gap: float) -> _Found:
        """The best plan found; `before` is the ordinary plan's worst loss."""
        self.losses = [before.loss]
        found, half = _Found(None, before, -np.inf), self.left() / 2
        for whole in (False, True):  # losses are found with the relaxation, which is quick, and then once more
            for _ in range(ROUNDS):
                # against the losses so far: its last value is their worst; and a bound on any plan's worst case
                plan = self._solved(together(self.parts, self.losses, whole=False), gap / 4, whole=whole)
                if plan is None:
                    break
                values, least = plan
                found = replace(found, bound=max(found.bound, least))
                self.against.settle(values)
                here = self.against.worst(self.k, self.left(), likely=not whole)
                if whole and here.bound < found.worst.bound:
                    found = replace(found, values=values, worst=here)
                late = self.left() <= (0 if whole else half)
                if late or here.cost <= values[-1] * (1 + gap / 4) + 1e-6 or here.loss in self.losses:
                    break
                self.losses.append(here.loss)
        return found if found.values is None else self._polished(found, found.values, before, gap)

    def left(self) -> float:
        """Seconds; never none, as HiGHS wants them."""
        return max(0.01, self.until - perf_counter())

    def _solved(self, rows: Matrices, gap: float, *, whole: bool) -> tuple[np.ndarray, float] | None:
        highs = to_highs(rows, whole=whole)
        values = run(highs, mip_rel_gap=gap, time_limit=self.left())
        if values is None or not (whole or solved(highs)):
            return None
        info = highs.getInfo()
        return values, float(info.mip_dual_bound if whole else info.objective_function_value)

    def _polished(self, found: _Found, best: np.ndarray, before: Worst, gap: float) -> _Found:
        """Among plans hardly worse at the worst, the one best if everybody comes."""
        width = len(self.parts.posed.matrices.cost)
        while self.left() > LAST and len(self.losses) < ROUNDS:
            rows = together(self.parts, self.losses)
            cost, high = np.zeros(len(rows.cost)), rows.high.copy()
            cost[:width], cost[-1], high[-1] = self.parts.posed.matrices.cost, SLIGHT, found.worst.cost * (1 + WITHIN)
            plan = self._solved(replace(rows, cost=cost, high=high), gap / 10, whole=True)
            if plan is None:
                break
            self.against.settle(plan[0])
            here = self.against.worst(self.k, self.left())
            if here.cost <= found.worst.cost * (1 + WITHIN) + 1e-6:
                return replace(found, values=plan[0], worst=here)
            if here.loss in self.losses:
                break
            self.losses.append(here.loss)
        values = self._completed(best, gap)
        return replace(found, values=values, worst=before if values is None else found.worst)

    def _completed(self, best: np.ndarray, gap: float) -> np.ndarray | None:
        """The same first half-year, which decides how bad the worst is; after it the best if everybody comes."""
        first, link = self.parts.posed.matrices, self.parts.link
        settled = link @ best[: len(first.cost)]
        rows = with_rows(first, link, settled - ROUNDED, settled + ROUNDED)
        self.until = max(self.until, perf_counter() + LAST)
        plan = self._solved(rows, gap / 10, whole=True)
        return None if plan is None else plan[0]
