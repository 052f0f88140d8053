"""Which pledged units are interchangeable, and who of them serves where.

Symmetry of identical units: orbits as pools.

Units of one size that may serve the same rows under the same conditions form a *pool*: the programme asks only how many
of a pool serve a row, and how many each contributor lends to the pool. That is the same optimum with a fraction of the
columns. Who stands where is dealt out afterwards: whoever was there stays, newcomers go first where their contributor
already works.
"""

from dataclasses import dataclass

import numpy as np

from contingent.force.instance import Instance

TINY = 1e-9  # of a unit


@dataclass(frozen=True, slots=True)
class Pools:
    """The pools of an instance and the rows they may serve."""

    of: np.ndarray
    """Pool of every group, -1 for one that may serve nowhere; (group,)."""
    first: np.ndarray
    """One group of every pool, which speaks for the others; (pool,)."""
    persons: np.ndarray
    """In one unit; (pool,)."""
    unit: np.ndarray
    divisible: np.ndarray
    count: np.ndarray
    """Units on offer at once, all lenders together; (pool,)."""
    pool: np.ndarray
    """Pool of every place, a place being a row that a pool may serve; (place,)."""
    row: np.ndarray
    asked: np.ndarray


def pooled(instance: Instance, *, merged: bool = True) -> Pools:
    """The pools of an instance; every group its own unless `merged`. Places stand in the order of the cells."""
    groups, cells = instance.groups, instance.cells
    rows: list[list[tuple[int, bool]]] = [[] for _ in groups.name]
    for group, row, asked in zip(cells.group.tolist(), cells.row.tolist(), cells.asked.tolist(), strict=True):
        rows[group].append((row, asked))
    limits = instance.limits
    told = [rule.suits for rule in limits.compatible] + [
        rule.needs for rule in limits.supports if rule.within == "sector"
    ]
    marks = np.vstack([np.zeros((0, len(rows)), bool), *told]).T
    pools: dict[tuple, int] = {}
    of = np.full(len(groups.name), -1)
    for group, mine in enumerate(rows):
        size = (int(groups.unit[group]), float(groups.persons[group]), bool(groups.divisible[group]))
        alike = (*size, marks[group].tobytes(), tuple(mine))
        if mine:
            of[group] = pools.setdefault(alike if merged else (group,), len(pools))
    first = np.array([int(np.argmax(of == pool)) for pool in range(len(pools))], int)
    places = [(pool, row, asked) for pool, group in enumerate(first) for row, asked in rows[group]]
    pool, row, asked = np.array(places, int).reshape(-1, 3).T
    return Pools(
        of, first, groups.persons[first], groups.unit[first], groups.divisible[first],
        np.bincount(of[of >= 0], groups.count[of >= 0], len(pools)), pool, row, asked.astype(bool),
    )  # fmt: skip


def deal_out(instance: Instance, pools: Pools, serving: np.ndarray, lent: np.ndarray) -> np.ndarray:
    """Units by cell and period, given units by place and period and how many of each group are there by period."""
    cells, sector = instance.cells, instance.demand.sector
    cell = {key: at for at, key in enumerate(zip(cells.group.tolist(), cells.row.tolist(), strict=True))}
    found, there = np.zeros((len(cells.group), serving.shape[1])), set()
    for pool in range(len(pools.persons)):
        members, places = np.flatnonzero(pools.of == pool), np.flatnonzero(pools.pool == pool)
        rows = pools.row[places]
        at = np.array([[cell[g, r] for r in rows.tolist()] for g in members.tolist()])
        for period in range(serving.shape[1]):
            before = found[at, period - 1] if period else np.zeros(at.shape)
            own = instance.groups.contributor[members]
            dealing = _deal(
                serving[places, period].copy(), lent[members, period].copy(), before, own, sector[rows], there
            )
            found[at, period] = dealing
            there |= {(int(own[i]), int(sector[rows[j]])) for i, j in zip(*np.nonzero(dealing), strict=True)}
    return found


def _deal(
    need: np.ndarray, have: np.ndarray, before: np.ndarray, own: np.ndarray, sector: np.ndarray, there: set
) -> np.ndarray:
    """Units by member and row of one pool in one period."""
    found = np.zeros(before.shape)

    def give(member: int, row: int, most: float) -> None:
        units = min(most, have[member], need[row])
        found[member, row] += units
        have[member] -= units
        need[row] -= units

    for member, row in zip(*np.nonzero(before), strict=True):
        give(int(member), int(row), float(before[member, row]))
    for member in np.argsort(-have, kind="stable"):
        known = np.array([(int(own[member]), int(s)) in there for s in sector])
        while have[member] > TINY and need.max(initial=0.0) > TINY:
            row = int(np.argmax(np.where(need > TINY, need + 1e6 * known, -1.0)))
            give(int(member), row, np.inf)
            known |= sector == sector[row]
    return found


def unsuited(instance: Instance, pools: Pools) -> np.ndarray:
    """Where compatibility can keep a pool out: (rule, pool, sector) by row of `compatible`, before periods."""
    where = np.unique(np.stack([pools.pool, instance.demand.sector[pools.row]]), axis=1)
    found = [
        (number, pool, sector)
        for number, rule in enumerate(instance.limits.compatible)
        for pool, sector in where.T.tolist()
        if not rule.suits[:, pools.first[pool]].all()
    ]
    return np.array(found, int).reshape(-1, 3)
