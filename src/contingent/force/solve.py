"""The best plan HiGHS can prove, how far it may be from the best there is, and how long that took.

The relaxation of the programme is nearly whole already, so the plan is found beside it rather than by
branching: round what it leaves open (relaxation-enforced neighbourhood search, Berthold 2014,
doi:10.1007/s10589-013-9602-z), then free one unit type, one pair of types or one stretch of time after
the other and solve again, until the plan is within `gap` of the relaxation's bound. Only if that is not
enough does the whole programme go to branch and cut, with the plan as its start.

One thread, a fixed seed and limits counted in nodes: the same question has the same answer to the last byte.
HiGHS: Huangfu & Hall 2018, doi:10.1007/s12532-017-0130-5.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from time import perf_counter

import highspy
import linopy
import numpy as np
from numpy.typing import NDArray

from contingent.errors import InfeasibleError
from contingent.force.instance import Instance
from contingent.force.programme import COUPLING, programme
from contingent.force.relaxation import Rows

OPTIMAL = 1e-4  # HiGHS's own default for calling a gap closed
NODES = 200  # of one neighbourhood's search tree
LARGE = 60_000  # columns above which an interior point beats the simplex method at the root (measured)
HAIR, LEEWAY = 1e-7, 1e-3  # an interior point may overstep a limit by a little
WHOLE, ANY = highspy.HighsVarType.kInteger.value, highspy.HighsVarType.kContinuous.value


@dataclass(frozen=True, slots=True)
class Solver:
    """How good a plan is known to be: `gap` = (objective - bound) / objective. Seconds never enter a comparison."""

    status: str
    objective: float
    bound: float
    gap: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Solution:
    """Units by cell and period, arrivals by group and period, persons short by row and period."""

    serving: np.ndarray
    arriving: np.ndarray
    short: np.ndarray
    critical: np.ndarray
    solver: Solver


def solve(instance: Instance, *, gap: float = OPTIMAL, seconds: float = 60.0) -> Solution:
    """The best plan found for an instance within a relative gap and a time limit.

    Raises:
        InfeasibleError: no plan at all was found.

    """
    started = perf_counter()
    model = programme(instance)
    search = Search(model, instance, gap, started + seconds)
    values = search.run()
    status = "optimal" if search.gap <= gap + 1e-12 else "time limit reached"
    solver = Solver(status, search.objective, search.bound, search.gap, perf_counter() - started)
    columns = {name: columns_of(model, name) for name in ("x", "a", "short", "critical")}
    return Solution(
        serving=np.round(values[columns["x"]], 6) + 0.0,
        arriving=np.round(values[columns["a"]]).astype(int),
        short=values[columns["short"]],
        critical=values[columns["critical"]],
        solver=solver,
    )


def columns_of(model: linopy.Model, name: str) -> NDArray[np.int64]:
    """Where a variable's entries stand among HiGHS's columns: at linopy's labels, as none is masked."""
    return model.variables[name].labels.values


def rows_of(model: linopy.Model, name: str) -> NDArray[np.int64]:
    """Where a constraint's entries stand among HiGHS's rows."""
    labels = model.constraints[name].labels.values.ravel()
    return np.searchsorted(model.matrices.clabels, labels[labels >= 0])


def _loaded(model: linopy.Model) -> highspy.Highs:
    """The programme in HiGHS, silent from the start: linopy's own hand-over lets HiGHS print its banner first."""
    matrices = model.matrices
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)  # noqa: FBT003 - HiGHS has no keyword for it
    highs.addVars(len(matrices.vlabels), matrices.lb, matrices.ub)
    _integrality(highs, np.flatnonzero(matrices.vtypes != "C"), WHOLE)
    highs.changeColsCost(len(matrices.c), np.arange(len(matrices.c), dtype=np.int32), matrices.c)
    assert matrices.A is not None  # every programme here has rows
    rows = matrices.A.tocsr()
    lower = np.where(matrices.sense != "<", matrices.b, -np.inf)
    upper = np.where(matrices.sense != ">", matrices.b, np.inf)
    starts, columns = np.asarray(rows.indptr, np.int32), np.asarray(rows.indices, np.int32)
    highs.addRows(lower.size, lower, upper, rows.nnz, starts, columns, np.asarray(rows.data, np.float64))
    return highs


class Search:
    """One programme in HiGHS, with the best plan and the best bound known so far."""

    def __init__(self, model: linopy.Model, instance: Instance, gap: float, until: float):
        self.highs, self.target, self.until = _loaded(model), gap, until
        for option, value in {"threads": 1, "random_seed": 0, "mip_rel_gap": gap / 4}.items():
            self.highs.setOptionValue(option, value)
        x, a = columns_of(model, "x"), columns_of(model, "a")
        groups, cells = instance.groups, instance.cells
        _integrality(self.highs, x[groups.divisible[cells.group]].ravel(), ANY)
        lp = self.highs.getLp()
        self.low, self.high = np.array(lp.col_lower_), np.array(lp.col_upper_)
        self.whole = np.flatnonzero([kind == highspy.HighsVarType.kInteger for kind in lp.integrality_])
        self.unit, self.period = np.full(len(self.low), -1), np.full(len(self.low), -1)
        self.unit[x], self.unit[a] = groups.unit[cells.group][:, None], groups.unit[:, None]
        self.period[x], self.period[a] = np.arange(x.shape[1]), np.arange(a.shape[1])
        self.large = len(self.low) > LARGE or instance.limits.cohesion
        self.rows = Rows.of(self.highs)
        self.coupling = np.concatenate([rows_of(model, name) for name in COUPLING if name in model.constraints])
        self.values, self.objective, self.bound = np.zeros(0), np.inf, -np.inf

    @property
    def gap(self) -> float:
        """Distance from the plan to the bound, beside the plan."""
        return max(0.0, self.objective - self.bound) / max(abs(self.objective), 1e-9)

    def run(self) -> np.ndarray:
        """The values of all columns in the best plan found."""
        relaxed = self._relax()
        if self.large:
            self._type_by_type(relaxed)
        else:
            self._within(np.floor(relaxed[self.whole] + 1e-6), np.ceil(relaxed[self.whole] - 1e-6))
        if not len(self.values):
            self._within(np.zeros(len(self.whole)), np.zeros(len(self.whole)))  # nobody goes: always allowed
        for free in self._neighbourhoods():
            if self.gap <= self.target or perf_counter() > self.until or not len(self.values):
                break
            now = np.round(self.values[self.whole])
            self._within(np.where(free, -np.inf, now), np.where(free, np.inf, now))
        if self.gap > self.target and perf_counter() < self.until:
            self._whole_programme()
        if not len(self.values):
            raise InfeasibleError("no plan meets every hard rule")
        return self.values

    def _relax(self) -> np.ndarray:
        """The whole numbers' values where they need not be whole; sets the bound."""
        _integrality(self.highs, self.whole, ANY)
        self._limit(nodes=None)
        self.highs.setOptionValue("solver", "ipm" if self.large else "choose")
        self.highs.setOptionValue("run_crossover", "off" if self.large else "on")
        self.highs.run()
        status = self.highs.getModelStatus()
        if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kUnknown):
            words = self.highs.modelStatusToString(status).lower()
            raise InfeasibleError(f"no plan meets every hard rule: the programme is {words}")
        solution = self.highs.getSolution()
        self.bound = self.rows.bound(np.asarray(solution.row_dual), self.low, self.high)
        self.highs.setOptionValue("solver", "choose")
        self.highs.setOptionValue("run_crossover", "on")
        _integrality(self.highs, self.whole, WHOLE)
        return np.asarray(solution.col_value)

    def _type_by_type(self, relaxed: np.ndarray) -> None:
        """Round one unit type after the other, leaving the others what the relaxation gave them.

        Types meet only in the rows that couple them (lift, ceiling, budget and the like). What types still to come
        use there in the relaxation is set aside; they themselves stay at zero, which every other row allows.
        """
        unit, now = self.unit[self.whole], np.zeros(len(self.whole))
        indexes = self.coupling.astype(np.int32)
        rows, lower, upper = self.rows.matrix[indexes], self.rows.lower[indexes], self.rows.upper[indexes]
        kinds = np.argsort(-np.bincount(unit[unit >= 0]))
        # a relative gap would be measured beside the shortfall of all types still to come
        self.highs.setOptionValue("mip_rel_gap", 0.0)
        self.highs.setOptionValue("mip_abs_gap", abs(self.bound) * self.target / 4 / len(kinds))
        for step, kind in enumerate(kinds):
            later = np.where(np.isin(self.unit, kinds[step + 1 :]), relaxed * (1 - LEEWAY), 0.0)
            aside = rows @ later
            give = HAIR * (1 + np.abs(aside))
            self._row_bounds(indexes, lower - aside - give, upper - aside + give)
            free = (unit == kind) | (unit < 0)
            self._bounds(np.where(free, -np.inf, now), np.where(free, np.inf, now))
            self._limit(nodes=NODES)
            self.highs.run()
            if self._feasible():
                found = np.asarray(self.highs.getSolution().col_value)[self.whole]
                now = np.where(free, np.round(found), now)
        self._row_bounds(indexes, lower, upper)
        self.highs.setOptionValue("mip_rel_gap", self.target / 4)
        self.highs.setOptionValue("mip_abs_gap", 1e-6)
        self._within(np.where(unit < 0, -np.inf, now), np.where(unit < 0, np.inf, now))

    def _row_bounds(self, indexes: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        for row, low, high in zip(indexes.tolist(), lower.tolist(), upper.tolist(), strict=True):
            self.highs.changeRowBounds(row, low, high)

    def _neighbourhoods(self) -> Iterator[NDArray[np.bool_]]:
        """Which whole numbers are free while the others stay, from narrow to wide."""
        unit, period = self.unit[self.whole], self.period[self.whole]
        kinds, steps = np.unique(unit[unit >= 0]), np.unique(period)
        yield from (unit == kind for kind in kinds)
        yield from (np.isin(unit, pair) for pair in combinations(kinds, 2))
        yield from ((period >= step) & (period <= step + 1) for step in steps[:-1])

    def _within(self, low: np.ndarray, high: np.ndarray) -> None:
        """Look for a better plan with every whole number between two bounds of its own."""
        self._bounds(low, high)
        self._limit(nodes=NODES)
        self._start()
        self.highs.run()
        self._take()

    def _bounds(self, low: np.ndarray, high: np.ndarray) -> None:
        low, high = np.maximum(low, self.low[self.whole]), np.minimum(high, self.high[self.whole])
        self.highs.changeColsBounds(len(self.whole), self.whole.astype(np.int32), low, np.maximum(low, high))

    def _whole_programme(self) -> None:
        self._bounds(self.low[self.whole], self.high[self.whole])
        self._limit(nodes=None)
        self.highs.setOptionValue("mip_rel_gap", self.target)
        self._start()
        self.highs.run()
        self._take()
        self.bound = max(self.bound, self.highs.getInfo().mip_dual_bound)

    def _limit(self, nodes: int | None) -> None:
        self.highs.setOptionValue("mip_max_nodes", 2**31 - 1 if nodes is None else nodes)
        self.highs.setOptionValue("time_limit", self.highs.getRunTime() + max(0.01, self.until - perf_counter()))

    def _start(self) -> None:
        if len(self.values):
            start = highspy.HighsSolution()
            start.col_value = self.values.tolist()
            self.highs.setSolution(start)

    def _feasible(self) -> bool:
        return self.highs.getInfo().primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)

    def _take(self) -> None:
        found = self.highs.getInfo().objective_function_value
        if self._feasible() and found < self.objective - 1e-9:
            self.objective = found
            self.values = np.asarray(self.highs.getSolution().col_value)


def _integrality(highs: highspy.Highs, columns: np.ndarray, kind: int) -> None:
    chosen = columns.astype(np.int32)
    highs.changeColsIntegrality(len(chosen), chosen, np.full(len(chosen), kind, np.uint8))
