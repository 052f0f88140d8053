"""A first plan for a large question: from afar two periods at a time, then in full.

Warm start by aggregation, relax and fix.

*Relax and fix* over time (Pochet & Wolsey 2006, doi:10.1007/0-387-33477-7, section 3.6), on the outline of the
question: arrivals of the next periods are whole while all later ones may be split, then they are settled.
The whole programme is then solved with no more arrivals of alike groups than the outline has.

A question seen from afar: alike pledges of several contributors as one, all sectors and tasks of one weight as one.

What is coupled over the whole force (lift, tours, strength, money) stays as it is. Caveats, sectors, and limits of
contributors who cannot reach them are left out: they are seen to when the plan is made in full (`warm_start`).
"""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
from scipy import sparse

from contingent.force.highs import Matrices, run, to_highs, with_rows
from contingent.force.instance import Cells, Demand, Groups, Instance, ShareRule
from contingent.force.model import Model, build_model
from contingent.force.tours import DAYS, Stays

NEAR = 0.5  # of what its limits let in: a contributor who offers more is told apart (the force may end up smaller)


def aggregated(instance: Instance, force: np.ndarray) -> tuple[Instance, np.ndarray]:
    """The question from afar, and for every group of the instance which of its groups stands for it.

    Args:
        instance: the planning question.
        force: persons likely to be deployed, by period; says whose limits may bind.

    """
    groups, limits = instance.groups, instance.limits
    near = _near(instance, force)
    told = [np.where(near, groups.contributor, -1)]
    told += [rule.members[groups.contributor] for rule in limits.shares if rule.members.sum() > 1]
    _, spokesman, sender = _alike(told)
    serving = np.isin(np.arange(len(groups.name)), instance.cells.group)
    size = [groups.unit, groups.persons, groups.divisible, groups.lift, serving, *(r.needs for r in limits.supports)]
    size += [
        np.where(r.carries, np.searchsorted(instance.calendar.start, groups.notice + r.lead - DAYS), -1)
        for r in limits.routes
    ]
    ready = np.searchsorted(
        instance.calendar.start, groups.notice - DAYS
    )  # the first period of which it sees the start
    pace = [groups.tour, ready, groups.tours // np.maximum(groups.count, 1)]
    _, first, of = _alike([*size, *pace, sender])
    demand, row = _demand(instance.demand)
    ceiling = np.where(near, limits.contributor[groups.contributor], np.inf)[spokesman]
    supports = (
        replace(
            r,
            needs=r.needs[first],
            gives=r.gives[first],
            beyond=r.beyond * len(instance.sectors) ** (r.within == "sector"),
        )
        for r in limits.supports
        if r.within != "contributor"
    )
    routes = tuple(replace(r, carries=r.carries[first]) for r in limits.routes)
    kept = {"contributor": ceiling, "shares": _shares(instance, sender, near), "supports": tuple(supports),
            "routes": routes}  # fmt: skip
    seen = replace(
        instance, contributors=tuple(groups.name[group] for group in spokesman), sectors=("all",), tasks=("all",),
        groups=_groups(groups, sender, first, of), demand=demand, cells=_cells(instance.cells, of, row),
        limits=replace(limits, **kept, compatible=()),
    )  # fmt: skip
    return seen, of


def _alike(keys: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distinct columns of some keys, the first place of each, and which of them stands at every place."""
    found, first, which = np.unique(np.array(keys, float), axis=1, return_index=True, return_inverse=True)
    return found, first, which.ravel()


def _near(instance: Instance, force: np.ndarray) -> np.ndarray:
    """Groups whose contributor offers, by some period from their first on, what its limits may not let in; (group,)."""
    groups, limits, count = instance.groups, instance.limits, len(instance.contributors)
    alone = [rule for rule in limits.shares if not rule.least and rule.members.sum() == 1]
    near = np.zeros(len(groups.name), bool)
    for start, people in zip(instance.calendar.start, force, strict=True):
        ready = groups.notice <= start
        offered = np.bincount(groups.contributor, groups.count * groups.persons * ready, count)
        most = limits.contributor.copy()
        for rule in alone:
            most[rule.members] = np.minimum(most[rule.members], rule.share * people + rule.persons)
        near |= ready & (offered > NEAR * most)[groups.contributor]
    return near


def _groups(groups: Groups, sender: np.ndarray, first: np.ndarray, of: np.ndarray) -> Groups:
    """One group for all that are alike: their units and tours together, their costs and reliability in the mean."""
    one: dict[str, Any] = {field.name: np.asarray(getattr(groups, field.name))[first] for field in fields(groups)}
    one |= {name: np.bincount(of, getattr(groups, name)).astype(int) for name in ("count", "tours")}
    for name in ("cost", "billed", "reliability"):
        one[name] = np.bincount(of, groups.count * getattr(groups, name)) / np.maximum(one["count"], 1)
    return Groups(**one | {"name": tuple(one["name"].tolist()), "contributor": sender[first]})


def _demand(demand: Demand) -> tuple[Demand, np.ndarray]:
    """Rows of one unit type and weight together, and which of them stands for every row."""
    found, first, row = _alike([demand.unit, *demand.weight.T])
    nowhere, minimum, wanted = np.zeros(len(first), int), *np.zeros((2, len(first), demand.wanted.shape[1]))
    np.add.at(minimum, row, demand.minimum)
    np.add.at(wanted, row, demand.wanted)
    return Demand(demand.unit[first], nowhere, nowhere, minimum, wanted, found[1:].T), row


def _cells(cells: Cells, of: np.ndarray, row: np.ndarray) -> Cells:
    """A group may serve a row if any it stands for may; by leave, if none may without."""
    if not len(cells.group):
        return cells
    found, _, which = _alike([of[cells.group], row[cells.row]])
    group, served = found.astype(int)
    return Cells(group, served, np.bincount(which, ~cells.asked) == 0)


def _shares(instance: Instance, sender: np.ndarray, near: np.ndarray) -> tuple[ShareRule, ...]:
    """The rules on several contributors, and those on one whose limits may bind."""
    groups, kept = instance.groups, []
    for rule in instance.limits.shares:
        bound = rule.members[groups.contributor] & (near | (rule.members.sum() > 1))
        if bound.any():
            kept.append(replace(rule, members=np.bincount(sender, bound) > 0))
    return tuple(kept)


STRETCH = 2  # periods settled at once
FIRST, LAST = 4e-3, 1e-3  # gap at which a stretch of YEARS is settled: early ones are hard, and later ones mend them
YEARS = 12  # periods; with more of them stretches are smaller and harder, and their gaps grow with the square
EFFORT = 0.2  # share of the work given to heuristics, which is what the root of a tree is here for
SETTLING, NODES = 1, 100  # of the tree for a stretch (more changed nothing), and for the whole programme


def warm_start(programme: Model, force: np.ndarray, left: Callable[[], float]) -> np.ndarray | None:
    """Values of all columns in a first plan; None if none was found this way.

    Args:
        programme: the whole programme.
        force: persons deployed by period in its relaxation.
        left: seconds left, after which no plan is found.

    """
    seen, of = aggregated(programme.instance, force)
    ahead = build_model(seen, merged=True)
    arrivals = _ahead(ahead, left)
    if arrivals is None:
        return None
    at, matrices = programme.columns["stay"], programme.matrices
    like, most = _of_stays(of, programme.stays, ahead.stays), np.append(arrivals, 0.0)
    sums = sparse.csr_matrix((np.ones(at.size), (like, at)), shape=(len(most), len(matrices.cost)))
    bounded = with_rows(matrices, sums, np.full(len(most), -np.inf), most)
    return _solved(bounded, LAST, NODES, left)


def _of_stays(of: np.ndarray, mine: Stays, seen: Stays) -> np.ndarray:
    """Which stay seen from afar stands for each of a question's own; the one behind the last if none does."""
    known = {key: at for at, key in enumerate(zip(seen.group, seen.first, seen.last, seen.tours, strict=True))}
    ours = zip(of[mine.group], mine.first, mine.last, mine.tours, strict=True)
    return np.array([known.get(key, len(known)) for key in ours], int)


def _ahead(programme: Model, left: Callable[[], float]) -> np.ndarray | None:
    """Whole stays, settled by the period in which they begin, from the first to the last."""
    at, matrices = programme.columns["stay"], programme.matrices
    low, high, periods = matrices.low.copy(), matrices.high.copy(), len(programme.instance.calendar)
    starts = range(0, periods, STRETCH)
    gaps = np.linspace(FIRST, LAST, len(starts)) * max(1.0, periods / YEARS) ** 2
    for start, gap in zip(starts, gaps, strict=True):
        now = at[(programme.stays.first >= start) & (programme.stays.first < start + STRETCH)]
        whole = np.isin(np.arange(len(low)), now)
        values = _solved(replace(matrices, low=low, high=high, whole=whole), float(gap), SETTLING, left)
        if values is None:
            return None
        low[now] = high[now] = np.round(values[now])
    return np.round(low[at])


def _solved(matrices: Matrices, gap: float, nodes: int, left: Callable[[], float]) -> np.ndarray | None:
    options = {"mip_rel_gap": gap, "mip_max_nodes": nodes, "mip_heuristic_effort": EFFORT}
    return run(to_highs(matrices, whole=True), **options, time_limit=left())
