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
    highs = model.to_highspy()
    for option, value in {
        "output_flag": False, "threads": 1, "random_seed": 0, "mip_rel_gap": gap, "time_limit": seconds,
    }.items():  # fmt: skip
        highs.setOptionValue(option, value)
    _split(highs, model, instance)
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


def _split(highs: highspy.Highs, model: linopy.Model, instance: Instance) -> None:
    """Let the parts of divisible units serve in different cells."""
    parts = _columns(model, "x")[instance.groups.divisible[instance.cells.group]].ravel().astype(np.int32)
    continuous = np.full(len(parts), highspy.HighsVarType.kContinuous.value, np.uint8)
    highs.changeColsIntegrality(len(parts), parts, continuous)


def _columns(model: linopy.Model, name: str) -> np.ndarray:
    """Where a variable's entries stand among HiGHS's columns, which follow the order of linopy's labels."""
    return np.searchsorted(model.matrices.vlabels, model.variables[name].labels.values)


def _values(model: linopy.Model, values: np.ndarray, name: str) -> np.ndarray:
    """The solution of one variable, in its own shape."""
    return values[_columns(model, name)]
