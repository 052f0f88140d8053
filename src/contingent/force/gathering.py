"""Who serves in which sector so that few contributors share one: the last goal, once all others are settled.

Who is in theatre when, and what stays short or unsupported, are as the plan has them; only who stands where is chosen
anew, by the same programme with two more families:

    b[contributor, sector]  whether a contributor works in a sector at all
    cohesion   units of a group in a row  x <= its units there * b
    min  sum PRESENCE b + what is asked by leave

The plan with the fewest contributors in sectors is found first and then, with them, the one place for every unit that
the generic last price (`model`) says: so it is unique.
"""

from dataclasses import replace

import numpy as np

from contingent.force.highs import Matrices, ModelBuilder, by_name, run, solved, to_highs
from contingent.force.instance import Instance
from contingent.force.model import PRESENCE, TIE, write_model

FEW = 2_000  # cells above which dealing out the pools has to do
WITHIN, PERSONS = 1e-5, 1e-2  # of a unit, of people: what rounding may have added
SURE, NODES = 1e-2, 200  # one place in a hundred; of the search tree for one place fewer
MOST = 5_000  # of the search tree for the proof that there is no fewer


def gather(
    instance: Instance,
    serving: np.ndarray,
    staying: np.ndarray,
    common: np.ndarray,
    seconds: float,
    *,
    settled: bool = False,
) -> np.ndarray:
    """Units by cell and period with the fewest contributors in sectors, no requirement worse served than before.

    With `settled` they are proved to be the fewest, and the one best plan among equals is told.
    """
    cells = instance.cells
    if not len(cells.group) or len(cells.group) > FEW:
        return serving
    there = np.zeros((len(instance.groups.name), serving.shape[1]))
    np.add.at(there, cells.group, serving)
    draft, *_ = write_model(instance)
    _cohesion(draft, instance, there + np.where(instance.groups.divisible, WITHIN, 0.0)[:, None])
    matrices, at = draft.matrices(), draft.columns
    short = np.maximum(instance.demand.wanted - instance.covered(serving), 0.0)
    low, high, cost = matrices.low.copy(), matrices.high.copy(), np.zeros(len(matrices.cost))
    for name, stays in (("stay", staying), ("there", there), ("common", common)):
        within = np.where(matrices.whole[at[name]], 0.0, WITHIN)
        low[at[name]] = np.maximum(low[at[name]], stays - within)
        high[at[name]] = np.minimum(high[at[name]], stays + within)
    high[at["short"]] = np.minimum(high[at["short"]], short + PERSONS)
    values = np.zeros(len(cost))
    values[at["x"]], values[at["there"]] = serving, there
    for rule in instance.limits.supports:
        rows = draft.rows[f"support {rule.name}"]
        load = matrices.matrix[rows] @ values - matrices.upper[rows]
        high[at[f"uncovered {rule.name}"].ravel()] = np.maximum(load, 0.0) + PERSONS
    for name in ("x", "leave", "b"):
        if name in at:
            cost[at[name]] = matrices.cost[at[name]]
    programme = replace(matrices, low=low, high=high, cost=cost)
    found = few = _best(programme, None, seconds, settled=settled)
    if few is not None and settled:
        cost[at["b"]], high[at["b"]] = 0.0, np.round(few[at["b"]])
        rows = instance.rows
        names = [f"{instance.groups.name[g]} {rows[r]}" for g, r in zip(cells.group, cells.row, strict=True)]
        cost[at["x"]] += TIE["x"] * by_name(names, at["x"].shape[1])
        programme = replace(programme, high=high, cost=cost)
        found = _best(programme, few, seconds, settled=True)
        if found is not None and instance.groups.divisible.any():
            found = _divided(programme, found)
    return serving if found is None else np.round(found[at["x"]], 6) + 0.0


def _best(programme: Matrices, start: np.ndarray | None, seconds: float, *, settled: bool) -> np.ndarray | None:
    """Values of all columns in the best plan found, or the proved one if `settled`."""
    options = {"mip_rel_gap": SURE, "mip_max_nodes": NODES}
    if settled:
        options = {"mip_rel_gap": 0.0, "mip_abs_gap": 0.0, "mip_max_nodes": MOST, "mip_allow_restart": False}
    return run(to_highs(programme, whole=True), start, **options, time_limit=seconds)


def _divided(programme: Matrices, values: np.ndarray) -> np.ndarray:
    """The same plan with parts of units settled to the last digit: a linear programme's one vertex."""
    low, high = programme.low.copy(), programme.high.copy()
    low[programme.whole] = high[programme.whole] = np.round(values[programme.whole])
    highs = to_highs(replace(programme, low=low, high=high))
    found = run(highs)
    return found if found is not None and solved(highs) else values


def places(instance: Instance, group: np.ndarray, row: np.ndarray) -> np.ndarray:
    """One number for every contributor in a sector: where the group and the row belong."""
    return instance.groups.contributor[group] * len(instance.sectors) + instance.demand.sector[row]


def _cohesion(draft: ModelBuilder, instance: Instance, there: np.ndarray) -> None:
    """The price of many contributors in one sector, given how many units of each group are there by period."""
    cells, steps = instance.cells, np.arange(len(instance.calendar))
    present, which = np.unique(places(instance, cells.group, cells.row), return_inverse=True)
    who, where = np.divmod(present, len(instance.sectors))
    names = [f"{instance.contributors[w]} {instance.sectors[s]}" for w, s in zip(who, where, strict=True)]
    price = PRESENCE * len(steps) + TIE["b"] * by_name(names, 1)[:, 0]
    b = draft.add("b", 0, 1, price, whole=True)
    x = draft.columns["x"]
    every = np.arange(x.size).reshape(x.shape)
    draft.require(
        "cohesion", -np.inf, np.zeros(x.shape), (1, every, x), (-there[cells.group], every, b[which][:, None])
    )
