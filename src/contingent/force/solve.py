"""The best plan HiGHS can prove, how far it may be from the best there is, and how long that took.

The programme of pools (`symmetry`) is small and its relaxation nearly whole: a question of ordinary size is given to
HiGHS as it is. In a large one the relaxation is the bound, and the plan is made apart from it (`warm_start`). Once
there is a plan, it is improved beside the tree: one stretch of time, or a few unit types, are freed and solved again
around the best plan so far (large neighbourhood search; Danna, Rothberg & Le Pape 2005,
doi:10.1007/s10107-004-0518-7), tenths of a second each, before the whole tree, whose root alone takes tens of them, has
the rest of the work.

One thread, a fixed seed and limits counted in work, nodes of the tree by the size of the question: the same question
has the same answer to the last byte, however busy the machine is, unless somebody asked for a limit of time and it is
met. Whoever asks for a gap of `CLOSE` or less is given the optimum itself, which is unique (`model`):
the same from every release of the solver and in whatever order pledges are written. A gap of nought says that it was
proved; where the proof would take more than `SETTLED` nodes, or a larger gap is asked for, a plan within the gap is
told, and another release may tell another.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations
from time import perf_counter

import highspy
import numpy as np

from contingent.errors import InputError
from contingent.force.gathering import gather
from contingent.force.highs import run, set_bounds, solved, to_highs
from contingent.force.instance import Instance
from contingent.force.model import Model, build_model
from contingent.force.symmetry import deal_out
from contingent.force.warm_start import warm_start

OPTIMAL = 1e-4  # HiGHS's own default for calling a gap closed
LARGE = 2_000  # whole numbers up to which the search tree is begun without a plan
INTERIOR = 1e-7  # how far an interior point's value may be above the relaxation's, which it is within 1e-8 of
ROOT = 5.0  # relaxations' time that the root of the tree takes at least, and is not stopped in
NODES = 100  # of one neighbourhood's search tree
CLOSE, SETTLED = 1e-3, 5_000  # gap from which on the one best plan is looked for, and nodes of the tree it may take
WORK = 30_000_000  # nodes of the tree times coefficients: a judgement, thousands of nodes of a shipped question
OUT_OF_WORK = "work limit reached"  # a solver's status: the same plan on every machine
OUT_OF_TIME = "time limit reached"  # another machine may find another plan
RELIABLE = 2  # branchings after which a column's are guessed, once only the proof is missing


@dataclass(frozen=True, slots=True)
class Solver:
    """How good a plan is known to be: `gap` = (objective - bound) / objective. Seconds never enter a comparison."""

    status: str
    objective: float
    bound: float
    gap: float
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class Solution:
    """Units by cell and period, stays, persons short by row and period."""

    serving: np.ndarray
    stays: np.ndarray
    """Group, week of arrival, week of departure, tours, units; (stay, 5)."""
    short: np.ndarray
    critical: np.ndarray
    common: np.ndarray
    """Whether a choice holds in a sector, choices in the order of the rules; (choice, sector, period)."""
    solver: Solver
    ways: np.ndarray = field(default_factory=lambda: np.zeros((0, 4)))
    """By which route who moves: row of `stays`, week, route, battalion equivalents; (way, 4)."""


def solve(instance: Instance, *, gap: float = OPTIMAL, seconds: float | None = None) -> Solution:
    """The best plan found for an instance within a relative gap and `WORK`; if none was, nobody comes.

    With `seconds`, the best that was found by then.

    Raises:
        InputError: a floor asks for people who cannot be there.
    """
    started, seconds = perf_counter(), np.inf if seconds is None else seconds
    programme = build_model(instance, merged=True)
    search = Search(programme, gap, started + seconds)
    values = search.run()
    status = "optimal" if search.gap <= gap + 1e-12 else OUT_OF_WORK
    solver = Solver(status, search.objective, search.bound, search.gap, perf_counter() - started)
    left = max(1.0, started + seconds - perf_counter())
    solution = to_solution(programme, values, solver, left, settled=gap <= CLOSE)
    if perf_counter() > started + seconds - ROOT * search.relaxed:  # something may have been left undone for the clock
        return replace(solution, solver=replace(solver, status=OUT_OF_TIME))
    return solution


def to_solution(
    programme: Model, values: np.ndarray, solver: Solver, seconds: float, *, settled: bool = False
) -> Solution:
    """Who stands where, given the values of a programme's columns; `seconds` for few contributors in a sector."""
    instance, at = programme.instance, programme.columns
    common = np.round(values[at["common"]]) > 0
    serving, there, staying = (np.round(values[at[name]], 6) + 0.0 for name in ("x", "there", "stay"))
    dealt = deal_out(instance, programme.pools, serving, there)
    serving = gather(instance, dealt, staying, common, seconds, settled=settled)
    offered, taken = programme.stays, np.flatnonzero(staying)
    every = np.stack([offered.group, offered.start, offered.end, offered.tours, staying], axis=1)[taken]
    covered = instance.covered(serving)
    short, critical = (np.maximum(asked - covered, 0.0) for asked in (instance.demand.wanted, instance.demand.minimum))
    stay, _, _, week = offered.moves
    carried = np.round(values[at["way"]], 6)
    route, move = np.nonzero(carried)
    ways = np.stack([np.searchsorted(taken, stay[move]), week[move], route, carried[route, move]], axis=1)
    return Solution(serving, every, short, critical, common, solver, ways)


class Search:
    """One programme in HiGHS, with the best plan and the best bound known so far."""

    def __init__(self, programme: Model, gap: float, until: float):
        self.programme, self.target, self.until = programme, gap, until
        self.highs, self.rows = to_highs(programme.matrices, whole=True), programme.matrices
        self.whole = np.flatnonzero(self.rows.whole)
        small = len(self.whole) <= LARGE
        self.highs.setOptionValue("mip_allow_restart", not small)  # a small root begun anew takes longer than branching
        self.values, self.objective, self.bound = np.zeros(0), np.inf, 0.0  # no goal is worth less than nothing
        self.relaxed = 0.0  # seconds the relaxation took

    @property
    def gap(self) -> float:
        """Distance from the best plan to the bound, beside the plan."""
        return max(0.0, self.objective - self.bound) / max(abs(self.objective), 1e-9)

    def run(self) -> np.ndarray:
        """The values of all columns in the best plan found."""
        if len(self.whole) > LARGE:
            self._open()
        if not len(self.values) and not self._done() and self._left() > ROOT * self.relaxed:
            self._tree(nodes=1)
        if not self._done() and len(self.values):
            for free in self._neighbourhoods():
                self._around(free)
                if self._done():
                    break
            set_bounds(self.highs, self.whole, self.rows.low[self.whole], self.rows.high[self.whole])
        if not self._done() and self._left() > ROOT * self.relaxed:
            self._tree(nodes=WORK // self.rows.matrix.nnz)
        if not len(self.values):
            if self.highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
                what = "no plan keeps every `floor` of `composition` in every week"
                raise InputError(f"{what}: lower it, or give it a longer `build_up`")
            self._take(self._nobody())
        elif self.target <= CLOSE and self.gap <= self.target:
            self._settle()
        return self.values

    def _nobody(self) -> np.ndarray:
        """The plan in which nobody comes, which breaks no rule."""
        values, at, first = np.zeros(len(self.rows.cost)), self.programme.columns, 0
        demand, rules = self.programme.instance.demand, self.programme.instance.limits.compatible
        values[at["short"]], values[at["critical"]] = demand.wanted, demand.minimum
        for rule in rules:
            values[at["common"][first]] = 1.0
            first += len(rule.choices)
        return values

    def _done(self) -> bool:
        return self.gap <= self.target or perf_counter() > self.until

    def _left(self) -> float:
        """Seconds; never none, as HiGHS wants them."""
        return max(0.01, self.until - perf_counter())

    def _open(self) -> None:
        """The relaxation as a bound, by simplex where the interior point is not exact, and a plan made from afar."""
        relaxed = to_highs(self.rows)
        values = run(relaxed, solver="ipm", run_crossover="choose", time_limit=self._left())
        self.relaxed = relaxed.getRunTime()
        if values is None or not solved(relaxed):
            return
        self.bound = (1 - INTERIOR) * relaxed.getInfo().objective_function_value
        self._take(warm_start(self.programme, values[self.programme.columns["force"]], self._left))

    def _tree(self, nodes: int) -> None:
        """Branch and cut on the whole programme, the best plan so far as its start."""
        self._run(nodes, mip_rel_gap=self.target)
        info = self.highs.getInfo()
        linear = not len(self.whole) and solved(self.highs)  # nobody can serve, so there is no dual bound
        self.bound = max(self.bound, info.objective_function_value if linear else info.mip_dual_bound)

    def _settle(self) -> None:
        """Branch until no other plan can be better; what is known is nearly it, so no time goes to heuristics."""
        proving = {"mip_rel_gap": 0.0, "mip_abs_gap": 0.0, "mip_heuristic_effort": 0.0}
        self._run(SETTLED, **proving, mip_pscost_minreliable=RELIABLE)
        self.bound = min(self.objective, max(self.bound, self.highs.getInfo().mip_dual_bound))

    def _neighbourhoods(self) -> Iterator[np.ndarray]:
        """Which whole numbers are free while the others stay."""
        groups, at, pools = self.programme.instance.groups, self.programme.columns, self.programme.pools
        unit, period = np.full((2, len(self.rows.cost)), -1)
        unit[at["x"]], period[at["x"]] = pools.unit[pools.pool][:, None], np.arange(at["x"].shape[1])
        offered = self.programme.stays
        unit[at["stay"]], period[at["stay"]] = groups.unit[offered.group], offered.first
        unit, period = unit[self.whole], period[self.whole]
        steps = np.unique(period[period >= 0])
        yield from ((period >= step) & (period <= step + 2) for step in steps[:-2])
        yield from (np.isin(unit, some) for some in combinations(np.unique(unit[unit >= 0]), 2))

    def _around(self, free: np.ndarray) -> None:
        """Look for a better plan that differs from the best one only in some whole numbers."""
        low, high, now = self.rows.low[self.whole], self.rows.high[self.whole], np.round(self.values[self.whole])
        set_bounds(self.highs, self.whole, np.where(free, low, now), np.where(free, high, now))
        self._run(NODES, mip_rel_gap=self.target / 4)

    def _run(self, nodes: int, **options: float) -> None:
        known, until = self.values if len(self.values) else None, self.highs.getRunTime() + self._left()
        self._take(run(self.highs, known, **options, mip_max_nodes=nodes, time_limit=until))

    def _take(self, values: np.ndarray | None) -> None:
        if values is not None and (objective := float(self.rows.cost @ values)) < self.objective - 1e-9:
            self.objective, self.values = objective, values
