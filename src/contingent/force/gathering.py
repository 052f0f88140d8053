"""Who serves in which sector so that few contributors share one: the last goal, once all others are settled.

Who is in theatre when, and what stays short or unsupported, are as the plan has them; only who stands where is chosen
anew, by the same programme with two more families:

    b[contributor, sector]  whether a contributor works in a sector at all
    cohesion   sum over a contributor's units in a sector  x <= its units * b
    min  sum PRESENCE b + what is asked by leave
"""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np

from contingent.force.goals import PRESENCE
from contingent.force.instance import Instance
from contingent.force.matrices import Draft, handed_over
from contingent.force.programme import written

FEW = 2_000  # cells above which dealing out the pools has to do
WITHIN, PERSONS = 1e-5, 1e-2  # of a unit, of people: what rounding may have added
SURE, NODES = 1e-2, 200  # one place in a hundred; of the search tree for one place fewer


def gathered(
    instance: Instance, serving: np.ndarray, arriving: np.ndarray, common: np.ndarray, seconds: float
) -> np.ndarray:
    """Units by cell and period with the fewest contributors in sectors, no requirement worse served than before."""
    cells, demand = instance.cells, instance.demand
    if not len(cells.group) or len(cells.group) > FEW:
        return serving
    draft, _ = written(instance)
    _cohesion(draft, instance)
    matrices, at = draft.matrices(), draft.columns
    use, covered = np.zeros(at["use"].shape), np.zeros_like(demand.wanted)
    np.add.at(use, cells.group, serving)
    np.add.at(covered, cells.row, serving * instance.groups.persons[cells.group][:, None])
    short = np.maximum(demand.wanted - covered, 0.0)
    low, high, cost = matrices.low.copy(), matrices.high.copy(), np.zeros(len(matrices.cost))
    for name, settled in (("a", arriving), ("use", use), ("common", common)):
        within = np.where(matrices.whole[at[name]], 0.0, WITHIN)
        low[at[name]] = np.maximum(low[at[name]], settled - within)
        high[at[name]] = np.minimum(high[at[name]], settled + within)
    high[at["short"]] = np.minimum(high[at["short"]], short + PERSONS)
    rules = [draft.rows[f"support {rule.name}"] for rule in instance.limits.supports]
    supported = np.concatenate([np.zeros(0, int), *rules])
    load = matrices.matrix[supported][:, at["x"].ravel()] @ serving.ravel() - matrices.upper[supported]
    high[at["uncovered"].ravel()] = np.maximum(load, 0.0) + PERSONS
    for name in ("x", "leave", "b"):
        if name in at:
            cost[at[name]] = matrices.cost[at[name]]
    highs = handed_over(replace(matrices, low=low, high=high, cost=cost), whole=True)
    for option, value in {"mip_rel_gap": SURE, "mip_max_nodes": NODES, "time_limit": seconds}.items():
        highs.setOptionValue(option, value)
    highs.run()
    if highs.getInfo().primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
        return serving
    return np.round(np.asarray(highs.getSolution().col_value)[at["x"]], 6) + 0.0


def places(instance: Instance, group: np.ndarray, row: np.ndarray) -> np.ndarray:
    """One number for every contributor in a sector: where the group and the row belong."""
    return instance.groups.contributor[group] * len(instance.sectors) + instance.demand.sector[row]


def _cohesion(draft: Draft, instance: Instance) -> None:
    """The price of many contributors in one sector."""
    groups, cells, steps = instance.groups, instance.cells, np.arange(len(instance.calendar))
    present, which = np.unique(places(instance, cells.group, cells.row), return_inverse=True)
    units = np.bincount(groups.contributor, groups.count, len(instance.contributors))
    b = draft.add("b", np.zeros(len(present)), 1, PRESENCE * len(steps), whole=True)
    every = np.arange(len(present))[:, None] * len(steps) + steps
    most = -units[present // len(instance.sectors)][:, None]
    mine = which[:, None] * len(steps) + steps
    draft.require("cohesion", -np.inf, np.zeros(every.shape), (1, mine, draft.columns["x"]), (most, every, b[:, None]))
