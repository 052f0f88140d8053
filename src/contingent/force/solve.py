"""The best plan HiGHS can prove, how far it may be from the best there is, and how long that took.

One thread and a fixed seed, so that the same question has the same answer to the last byte.
HiGHS: Huangfu & Hall 2018, doi:10.1007/s12532-017-0130-5.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import highspy
import linopy
import numpy as np

from contingent.errors import InfeasibleError
from contingent.force.instance import Instance
from contingent.force.programme import programme

OPTIMAL = 1e-4  # HiGHS's own default for calling a gap closed


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
    highs = _loaded(model, instance)
    for option, value in {"threads": 1, "random_seed": 0, "mip_rel_gap": gap, "time_limit": seconds}.items():
        highs.setOptionValue(option, value)
    highs.run()
    info, status = highs.getInfo(), highs.modelStatusToString(highs.getModelStatus())
    if info.primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
        raise InfeasibleError(f"no plan meets every hard rule (HiGHS: {status})")
    values = np.asarray(highs.getSolution().col_value)
    objective, bound = float(info.objective_function_value), float(info.mip_dual_bound)
    distance = abs(objective - bound) / max(abs(objective), 1e-9)
    return Solution(
        serving=np.round(_values(model, values, "x"), 6) + 0.0,
        arriving=np.round(_values(model, values, "a")).astype(int),
        short=_values(model, values, "short"),
        critical=_values(model, values, "critical"),
        solver=Solver(status.lower(), objective, bound, distance, perf_counter() - started),
    )


def _loaded(model: linopy.Model, instance: Instance) -> highspy.Highs:
    """The programme in HiGHS, silent from the start; the parts of divisible units may serve in different cells."""
    matrices = model.matrices
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)  # linopy's own hand-over lets HiGHS print its banner first
    whole = matrices.vtypes != "C"
    whole[_columns(model, "x")[instance.groups.divisible[instance.cells.group]].ravel()] = False
    columns = np.flatnonzero(whole).astype(np.int32)
    highs.addVars(len(matrices.vlabels), matrices.lb, matrices.ub)
    kinds = np.full(len(columns), highspy.HighsVarType.kInteger.value, np.uint8)
    highs.changeColsIntegrality(len(columns), columns, kinds)
    highs.changeColsCost(len(matrices.c), np.arange(len(matrices.c), dtype=np.int32), matrices.c)
    rows = matrices.A.tocsr()
    lower = np.where(matrices.sense != "<", matrices.b, -np.inf)
    upper = np.where(matrices.sense != ">", matrices.b, np.inf)
    highs.addRows(rows.shape[0], lower, upper, rows.nnz, rows.indptr, rows.indices, rows.data)
    return highs


def _columns(model: linopy.Model, name: str) -> np.ndarray:
    """Where a variable's entries stand among HiGHS's columns, which follow the order of linopy's labels."""
    return np.searchsorted(model.matrices.vlabels, model.variables[name].labels.values)


def _values(model: linopy.Model, values: np.ndarray, name: str) -> np.ndarray:
    """The solution of one variable, in its own shape."""
    return values[_columns(model, name)]
