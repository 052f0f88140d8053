"""Who can share a sector, as rows of the programme.

compatible   sum over a pool's places in a sector  x <= its units * sum over choices that suit it  common + leave
one          sum over a rule's choices  common = 1
lasting      common[t] = common[0] where the choice is for the whole operation
"""

from __future__ import annotations

import numpy as np

from contingent.force.goals import ASKED, TIE, by_name
from contingent.force.instance import Instance
from contingent.force.matrices import Draft
from contingent.force.pools import Pools


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


def compatible(draft: Draft, instance: Instance, pools: Pools) -> None:
    """Who serves in a sector is suited by the choices that hold there."""
    rules, steps, sectors = instance.limits.compatible, np.arange(len(instance.calendar)), len(instance.sectors)
    of = np.repeat(np.arange(len(rules)), [len(rule.choices) for rule in rules])
    names = [f"{rule.name} {choice} {place}" for rule in rules for choice in rule.choices for place in instance.sectors]
    price = TIE["common"] * by_name(names, len(steps)).reshape(len(of), sectors, len(steps))
    common = draft.add("common", 0, 1, price, whole=True)
    if not rules:
        return
    single = (of[:, None, None] * sectors + np.arange(sectors)[:, None]) * len(steps) + steps
    draft.require("one", np.ones(len(rules) * sectors * len(steps)), 1, (1, single, common))
    stays = common[[bool(rules[rule].lasting) for rule in of]]
    every = np.arange(stays[..., 1:].size).reshape(stays[..., 1:].shape)
    draft.require("lasting", np.zeros(every.shape), 0, (1, every, stays[..., 1:]), (-1, every, stays[..., :1]))
    entries = unsuited(instance, pools)
    rule, pool, sector = entries.T
    mine = np.arange(len(entries))[:, None] * len(steps) + steps
    suits = np.concatenate([one.suits for one in rules])[:, pools.first[pool]] & (of[:, None] == rule)
    choice, entry = np.nonzero(suits)
    at_place = pools.pool[:, None], instance.demand.sector[pools.row][:, None]
    place, here = np.nonzero((at_place[0] == pool) & (at_place[1] == sector))
    by_leave = np.array([one.by_leave for one in rules])[rule]
    price = ASKED * pools.persons[pool]
    leave = draft.add("leave", np.zeros(mine.shape), np.where(by_leave, pools.count[pool], 0)[:, None], price[:, None])
    draft.require(
        "compatible", -np.inf, np.zeros(mine.shape),
        (1, mine[here], draft.columns["x"][place]), (-1, mine, leave),
        (-pools.count[pool][entry][:, None], mine[entry], common[choice, sector[entry]]),
    )  # fmt: skip
