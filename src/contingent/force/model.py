"""The plan as a mathematical programme: how many units of which pool serve which row in which period.

A mixed-integer linear programme and the prices of its goals.

Variables, by period t; a place is a row that a pool of interchangeable units may serve (`symmetry`):
    stay[s]  units in theatre from one week to another (`tours`), whole, or parts of a divisible unit
    there[group, t]  units in theatre, all of them at a place: x[place, t], whole, or parts of a divisible unit
    critical[row, t], short[row, t]  persons below the minimum, below what is wanted
    common[choice, sector, t]  the language, command or side that holds in a sector, whole
    way[route, move]  battalion equivalents that arrive, or go home, by a route

    cover      sum over places of a row  persons x + short    >= wanted
    critical   critical >= short - (wanted - minimum)
    there      sum over stays that last through t  stay = there <= count
    lent       sum over places of a pool  x = sum over its groups  there
    tours      sum over a group's stays  their tours * stay <= tours
    strength   sum  persons there = force <= authorized strength
    lift       sum over moves in a stretch of time up to t  lift stay <= what can be moved in it up to t
    carried    sum over routes  way[route, move] = lift stay        a route carries whom it may, once its lead is over
    routes     sum over moves in a stretch of time up to t  way <= what passes by the route in it up to t
    ceiling    sum over a contributor's groups  persons there <= its ceiling
    shares     sum over members  persons there  >= or <=  share * force + persons, once the force is built up
    budget     sum over a stretch of time  billed there <= its budget
    compatible sum over a pool's places in a sector  x <= its units * sum of  common  over choices that suit it + leave
    one        sum over a rule's choices  common = 1, the same in every period where the choice is lasting
    support    sum over a place  persons x of who needs it <= beyond + covers * its units + uncovered

Prices are in falling order, far apart enough that a lower goal never outweighs a person of a higher one; all are
judgements. Few contributors in a sector come last, in `gathering`.
The last price is generic (`by_name`), so that one plan is best and no release of a solver chooses between equals.
"""

from dataclasses import dataclass

import numpy as np

from contingent.force.highs import Matrices, ModelBuilder, by_name
from contingent.force.instance import Instance
from contingent.force.symmetry import Pools, pooled, unsuited
from contingent.force.tours import DAYS, Stays, present, stays

CRITICAL, SHORT = 100.0, 1.0  # a person below the minimum, below what is wanted, for a period
COST = 0.05  # a person of the dearest pledge in theatre for a period
EXTENDED = 0.004  # a person kept a week beyond the tours pledged
DOUBT, NAME = 0.5, 0.1  # of a pledge sure to fail, of the last by name; beside the dearest pledge's cost
ASKED = 0.2  # a person who serves by leave of the capital
PRESENCE = 2.0  # one more contributor in a sector for a period
MOVED = 1e-3  # a person who travels: nobody comes who is not to serve
UNCOVERED = 0.2  # a person in a sector beyond what units of support cover
TIE = {"who": 0.3, "there": 0.01, "stay": 0.01, "common": 0.01, "short": 1e-3, "uncovered": 1e-3, "b": 0.1, "x": 0.01,
       "way": 1e-3}  # fmt: skip
"""At most, by the variable that counts units or persons: the last goal, which makes the optimum unique. `who` is of a
unit in every period alike, so that nobody is exchanged for somebody as good on the way."""


@dataclass(frozen=True, slots=True)
class Model:
    """One instance's programme, and where things stand in it."""

    instance: Instance
    pools: Pools
    stays: Stays
    matrices: Matrices
    columns: dict[str, np.ndarray]
    """`stay`; `x` by place, `there` by group, `short` and `critical` by row; each and period. `force` by period."""
    rows: dict[str, np.ndarray]
    """By constraint family, flat, the period varying fastest."""
    sender: np.ndarray
    """Contributor whose units a column holds; -1 where none, and for those of a pool with several lenders."""


def build_model(instance: Instance, *, merged: bool = False) -> Model:
    """The programme of an instance; of pools of interchangeable units if `merged`."""
    draft, pools, offered = write_model(instance, merged=merged)
    matrices, at, groups = draft.matrices(), draft.columns, instance.groups
    sender = np.full(len(matrices.cost), -1)
    sender[at["there"]], sender[at["stay"]] = groups.contributor[:, None], groups.contributor[offered.group]
    if not merged:
        sender[at["x"]] = groups.contributor[instance.cells.group][:, None]
    return Model(instance, pools, offered, matrices, at, draft.rows, sender)


def write_model(instance: Instance, *, merged: bool = False) -> tuple[ModelBuilder, Pools, Stays]:
    """The programme as it is written down, and the pools and stays it is about."""
    pools, offered, draft = pooled(instance, merged=merged), stays(instance), ModelBuilder()
    _variables(draft, instance, pools, offered)
    _coverage(draft, instance, pools)
    _presence(draft, instance, pools, offered)
    _limits(draft, instance, pools, offered)
    _routes(draft, instance, offered)
    compatible(draft, instance, pools)
    _support(draft, instance, pools)
    return draft, pools, offered


def _variables(draft: ModelBuilder, instance: Instance, pools: Pools, offered: Stays) -> None:
    groups, demand, steps = instance.groups, instance.demand, np.arange(len(instance.calendar))
    long, serves = _long(instance), pools.of >= 0
    most = np.zeros((len(groups.name), len(steps)))
    np.maximum.at(most, offered.group, present(offered, len(steps)))
    most *= np.where(serves, groups.count, 0)[:, None]
    opens = np.zeros((len(pools.persons), len(steps)))
    np.add.at(opens, pools.of[serves], most[serves])
    leave = (pools.persons[pools.pool] * ASKED * pools.asked)[:, None] * long
    draft.add("x", 0, opens[pools.pool], leave, whole=~pools.divisible[pools.pool][:, None])
    who, there = np.split(by_name(groups.name, 1 + len(steps)), [1], axis=1)
    draft.add("there", 0, most, (_cost(instance)[:, None] + TIE["who"] * who) * long + TIE["there"] * there)
    names = [f"{groups.name[g]} {s} {e} {k}" for g, s, e, k in zip(
        offered.group, offered.start, offered.end, offered.tours, strict=True)]  # fmt: skip
    price = MOVED * offered.tours + EXTENDED * offered.extended
    draft.add(
        "stay", 0, (serves * groups.count)[offered.group],
        groups.persons[offered.group] * price + TIE["stay"] * by_name(names, 1)[:, 0],
        whole=~groups.divisible[offered.group],
    )  # fmt: skip
    short = TIE["short"] * by_name(instance.rows, len(steps))
    draft.add("short", 0, demand.wanted, SHORT * demand.weight * long + short)
    draft.add("critical", 0, demand.minimum, CRITICAL * demand.weight * long)


def _long(instance: Instance) -> np.ndarray:
    """Length of every period beside their mean."""
    return instance.calendar.weeks / max(float(instance.calendar.weeks.mean()), 1.0)


def _coverage(draft: ModelBuilder, instance: Instance, pools: Pools) -> None:
    demand, at = instance.demand, draft.columns
    every, periods = np.arange(demand.wanted.size).reshape(demand.wanted.shape), demand.wanted.shape[1]
    mine = pools.row[:, None] * periods + np.arange(periods)
    draft.require(
        "cover", demand.wanted, np.inf, (pools.persons[pools.pool][:, None], mine, at["x"]), (1, every, at["short"])
    )
    draft.require(
        "critical", demand.minimum - demand.wanted, np.inf, (1, every, at["critical"]), (-1, every, at["short"])
    )


def _presence(draft: ModelBuilder, instance: Instance, pools: Pools, offered: Stays) -> None:
    """Who is in theatre is there by a stay, and stands at one of the places he may serve in."""
    at, steps = draft.columns, np.arange(len(instance.calendar))
    every = np.arange(len(instance.groups.name))[:, None] * len(steps) + steps
    stay, now = np.nonzero(present(offered, len(steps)))
    draft.require(
        "there", np.zeros(every.shape), 0,
        (1, every, at["there"]), (-1, every[offered.group[stay], now], at["stay"][stay]),
    )  # fmt: skip
    lends = pools.of >= 0
    lender = pools.of[lends][:, None] * len(steps) + steps
    draft.require(
        "lent", np.zeros(len(pools.persons) * len(steps)), 0,
        (1, pools.pool[:, None] * len(steps) + steps, at["x"]), (-1, lender, at["there"][lends]),
    )  # fmt: skip
    draft.require("tours", -np.inf, instance.groups.tours, (offered.tours, offered.group, at["stay"]))


def _limits(draft: ModelBuilder, instance: Instance, pools: Pools, offered: Stays) -> None:
    """What the whole force and each contributor may not exceed."""
    groups, limits, at = instance.groups, instance.limits, draft.columns
    steps, potential = np.arange(len(instance.calendar)), _potential(instance)
    most = np.where(np.isfinite(limits.strength), limits.strength, potential.sum())
    force, persons = draft.add("force", np.zeros(len(steps)), most, 0), groups.persons[:, None]
    draft.require("strength", np.zeros(len(steps)), 0, (persons, steps, at["there"]), (-1, steps, force))
    lends = pools.of >= 0
    sent, own = np.unique(groups.contributor[lends], return_inverse=True)
    ceiling = np.repeat(np.minimum(limits.contributor, potential)[sent][:, None], len(steps), 1)
    mine = own[:, None] * len(steps) + steps
    draft.require("ceiling", -np.inf, ceiling, (persons[lends], mine, at["there"][lends]))
    if limits.shares:
        sign = np.array([1.0 if rule.least else -1.0 for rule in limits.shares])
        rule, group = np.nonzero([r.members[groups.contributor] for r in limits.shares])
        held = ((sign[rule] * groups.persons[group])[:, None], rule[:, None] * len(steps) + steps, at["there"][group])
        every = np.arange(len(sign))[:, None] * len(steps) + steps
        part = np.array([r.share for r in limits.shares])
        low = np.repeat((sign * [r.persons for r in limits.shares])[:, None], len(steps), 1)
        low[np.array([r.since for r in limits.shares])[:, None] >= instance.calendar.end] = -np.inf
        draft.require("shares", low, np.inf, held, (-(sign * part)[:, None], every, force))
    if np.isfinite(limits.lift).any():
        together = _saved(instance)
        stay, step, times, _ = offered.moves
        move, now = np.nonzero(together[step])
        moved = groups.lift[offered.group[stay]] * times
        draft.require(
            "lift",
            -np.inf,
            np.where(together, limits.lift[:, None], 0.0).sum(0),
            (moved[move], now, at["stay"][stay[move]]),
        )
    if np.isfinite(limits.budget).any():
        billed, now = groups.billed[:, None] * instance.calendar.months, np.flatnonzero(limits.stretch >= 0)
        owed = (1e-6 * billed[:, now], limits.stretch[now], at["there"][:, now])
        draft.require("budget", -np.inf, 1e-6 * limits.budget, owed)


def _routes(draft: ModelBuilder, instance: Instance, offered: Stays) -> None:
    """Everybody who moves does so by routes that are open to him: the first time once his lead is over."""
    routes, groups, steps = instance.limits.routes, instance.groups, np.arange(len(instance.calendar))
    stay, step, times, week = offered.moves
    group, first = offered.group[stay], week == offered.start[stay]
    size = groups.lift[group] * times
    names = [f"{route.name} {groups.name[g]} {w:g}" for route in routes for g, w in zip(group, week, strict=True)]
    late = groups.notice[group] - DAYS - week
    may = [route.carries[group] & (~first | (late + route.lead <= 0)) for route in routes]
    most = np.reshape(may, (len(routes), len(stay))) * size * groups.count[group]
    price = TIE["way"] * by_name(names, 1).reshape(most.shape)
    way = draft.add("way", 0, most, price)
    if not routes:
        return
    every = np.arange(len(stay))
    draft.require("carried", np.zeros(len(stay)), 0, (1, every, way), (-size, every, draft.columns["stay"][stay]))
    together = _saved(instance)
    move, now = np.nonzero(together[step])
    passing = np.array([np.where(together, route.lift[:, None], 0.0).sum(0) for route in routes])
    own = np.arange(len(routes))[:, None] * len(steps) + now
    draft.require("routes", -np.inf, passing, (1, own, way[:, move]))


def _saved(instance: Instance) -> np.ndarray:
    """Whether lift of one period can be used by the end of another, saved up in one stretch; (period, later period)."""
    steps = np.arange(len(instance.calendar))
    stretch = steps if instance.calendar.stretch is None else instance.calendar.stretch
    return (stretch[:, None] == stretch) & (steps[:, None] <= steps)


def _potential(instance: Instance) -> np.ndarray:
    """Persons each contributor offers at once."""
    groups = instance.groups
    return np.bincount(groups.contributor, groups.count * groups.persons, len(instance.contributors))


def _support(draft: ModelBuilder, instance: Instance, pools: Pools) -> None:
    """The price of people in a place beyond what the units that support them cover, or that nobody is.

    Who is in which sector is known of places, who is there at all of groups.
    """
    at, steps = draft.columns, len(instance.calendar)
    served = pools.of >= 0
    standing = pools.first[pools.pool], pools.row, at["x"]
    present = np.flatnonzero(served), np.zeros(served.sum(), int), at["there"][served]
    for rule in instance.limits.supports:
        group, row, columns = standing if rule.within == "sector" else present
        place, mine = np.unique(instance.place(rule.within, group, row), return_inverse=True)
        every = np.arange(len(place) * steps).reshape(len(place), steps)
        names = [f"{rule.name} {instance.places(rule.within)[each]}" for each in place]
        price = UNCOVERED * _long(instance) + TIE["uncovered"] * by_name(names, steps)
        most = 0.0 if rule.required else np.inf
        uncovered = draft.add(f"uncovered {rule.name}", np.zeros(every.shape), most, price)
        draft.require(
            f"support {rule.name}", -np.inf, np.full(every.shape, rule.beyond),
            (instance.load(rule)[group, None], every[mine], columns), (-1, every, uncovered),
        )  # fmt: skip


def _cost(instance: Instance) -> np.ndarray:
    """A small price for every unit used: dearer ones more, doubtful ones more; (group,).

    Between equal pledges the first by name is a hair cheaper.
    """
    groups = instance.groups
    dear = groups.cost / groups.persons
    dear = dear / max(dear.max(initial=0.0), 1.0)
    rank = np.arange(len(dear)) / max(len(dear), 1)
    return groups.persons * COST * (dear + DOUBT * (1 - groups.reliability) + NAME * rank)


def compatible(draft: ModelBuilder, instance: Instance, pools: Pools) -> None:
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
    price = ASKED * pools.persons[pool][:, None] * _long(instance)
    leave = draft.add("leave", np.zeros(mine.shape), np.where(by_leave, pools.count[pool], 0)[:, None], price)
    draft.require(
        "compatible", -np.inf, np.zeros(mine.shape),
        (1, mine[here], draft.columns["x"][place]), (-1, mine, leave),
        (-pools.count[pool][entry][:, None], mine[entry], common[choice, sector[entry]]),
    )  # fmt: skip
