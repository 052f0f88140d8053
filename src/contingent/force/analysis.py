"""Why the force falls short, what would help most, and whom it cannot lose.

Every answer re-solves the plan with one thing changed, so prices are those of whole units, not of
fractions; values are persons short, weighted as in the statement of requirements.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from contingent.force.instance import Instance
from contingent.force.pose import HALF_YEAR, pose
from contingent.force.solve import solve
from contingent.scenario.model import Scenario

CLOSE = 1e-3  # of a plan behind a price: prices are read as tens of persons, plans as single ones


NEWCOMER = "ZZZ"  # an ISO 3166 code left to users: whoever brings the battalion that is priced


@dataclass(frozen=True, slots=True)
class Change:
    """One thing changed, and what it does to the shortfall (negative: fewer persons short), averaged over weeks."""

    what: str
    critical: float
    """Persons below the minimum."""
    short: float
    """Persons below what is wanted, those below the minimum included."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Persons short on average over the weeks of the operation."""

    critical: float
    short: float

    def to(self, other: Shortfall, what: str) -> Change:
        """How another plan differs from this one."""
        return Change(what, other.critical - self.critical, other.short - self.short)


def shortfall(instance: Instance) -> Shortfall:
    """The least shortfall an instance can have, as the plan's goals weigh it."""
    solution, weeks = solve(instance, gap=CLOSE), instance.calendar.weeks
    share = weeks / weeks.sum()
    return Shortfall(float(solution.critical.sum(0) @ share), float(solution.short.sum(0) @ share))


def one_more(scenario: Scenario, period: int = HALF_YEAR) -> list[Change]:
    """What one more unit of each type would be worth, from a contributor without caveats, there from the start."""
    base = pose(scenario, period)
    now = shortfall(base)
    found = []
    for unit, name in enumerate(base.units):
        rows = np.flatnonzero(base.demand.unit == unit)
        if len(rows):
            spec = scenario.unit_types[name]
            found.append(now.to(shortfall(with_unit(base, unit, float(spec.strength), spec.lift, rows)), name))
    return sorted(found, key=lambda c: (c.critical, c.short))


def with_unit(base: Instance, unit: int, persons: float, lift: float, rows: np.ndarray) -> Instance:
    """An instance with one more unit, offered by nobody in particular and free to serve in `rows`."""
    groups, cells, limits = base.groups, base.cells, base.limits
    more = replace(
        groups,
        name=(*groups.name, f"one_more_{base.units[unit]}"),
        contributor=np.append(groups.contributor, len(base.contributors)),
        unit=np.append(groups.unit, unit),
        count=np.append(groups.count, 1),
        persons=np.append(groups.persons, persons),
        divisible=np.append(groups.divisible, groups.divisible[groups.unit == unit].any()),
        notice=np.append(groups.notice, 0.0),
        earliest=np.append(groups.earliest, 0),
        tour=np.append(groups.tour, len(base.calendar)),
        tours=np.append(groups.tours, 1),
        lift=np.append(groups.lift, lift),
        cost=np.append(
            groups.cost, float(np.mean(groups.cost / groups.persons)) * persons if len(groups.cost) else 0.0
        ),
        reliability=np.append(groups.reliability, 1.0),
    )
    open_ = replace(
        cells,
        group=np.append(cells.group, np.full(len(rows), len(groups.name))),
        row=np.append(cells.row, rows),
        asked=np.append(cells.asked, np.zeros(len(rows), bool)),
    )
    shares = tuple(replace(r, members=np.append(r.members, False)) for r in limits.shares)
    room = replace(limits, contributor=np.append(limits.contributor, np.inf), shares=shares)
    return replace(base, contributors=(*base.contributors, NEWCOMER), groups=more, cells=open_, limits=room)


def caveat_prices(scenario: Scenario, period: int = HALF_YEAR) -> list[Change]:
    """What lifting each caveat, from all pledges that carry it, would do; most useful first."""
    now = shortfall(pose(scenario, period))
    carried = sorted({name for pledge in scenario.pledges for name in pledge.caveats})
    found = [now.to(shortfall(pose(without_caveat(scenario, name), period)), name) for name in carried]
    return sorted(found, key=lambda c: (c.critical, c.short))


def without_caveat(scenario: Scenario, name: str) -> Scenario:
    """The scenario if nobody insisted on a caveat."""
    pledges = tuple(
        p.model_copy(update={"caveats": tuple(c for c in p.caveats if c != name)}) for p in scenario.pledges
    )
    return scenario.model_copy(update={"pledges": pledges})


def rule_prices(scenario: Scenario, period: int = HALF_YEAR) -> list[Change]:
    """What giving up each rule, or a tenth more ceiling or lift, would do: the cheapest relaxation first."""
    base = pose(scenario, period)
    now = shortfall(base)
    found = []
    for name in scenario.composition:
        rules = {key: rule for key, rule in scenario.composition.items() if key != name}
        freed = scenario.model_copy(update={"composition": rules})
        found.append(now.to(shortfall(pose(freed, period)), f"composition.{name}"))
    tenth = replace(base, limits=replace(base.limits, strength=base.limits.strength * 1.1))
    found.append(now.to(shortfall(tenth), "mandate.authorized_strength + 10 %"))
    faster = replace(base, limits=replace(base.limits, lift=base.limits.lift * 1.1))
    found.append(now.to(shortfall(faster), "lift + 10 %"))
    return sorted(found, key=lambda c: (c.critical, c.short))


def withdrawals(scenario: Scenario, k: int = 1, period: int = HALF_YEAR) -> list[Change]:
    """What losing any k contributors would do, the worst first; only those that the plan uses can hurt it."""
    base = pose(scenario, period)
    now = shortfall(base)
    using = sorted(set(base.groups.contributor.tolist()))
    found = [
        now.to(shortfall(less(base, gone)), " + ".join(base.contributors[c] for c in gone))
        for gone in combinations(using, k)
    ]
    return sorted(found, key=lambda c: (-c.critical, -c.short))


def worst_withdrawals(scenario: Scenario, k: int, period: int = HALF_YEAR) -> list[Change]:
    """The worst loss of 1, 2, ... k contributors found by always losing the one whose loss then hurts most.

    Greedy, as all k-sets are too many; a lower bound on what the worst k could do.
    """
    base = pose(scenario, period)
    now, gone, found = shortfall(base), (), []
    for _ in range(min(k, len(set(base.groups.contributor.tolist())))):
        left = [c for c in sorted(set(base.groups.contributor.tolist())) if c not in gone]
        tried = [(now.to(shortfall(less(base, (*gone, c))), ""), c) for c in left]
        worst, chosen = max(tried, key=lambda pair: (pair[0].critical, pair[0].short, -pair[1]))
        gone = (*gone, chosen)
        found.append(replace(worst, what=" + ".join(base.contributors[c] for c in gone)))
    return found


def less(base: Instance, gone: Iterable[int]) -> Instance:
    """An instance in which some contributors send nobody."""
    cells, out = base.cells, np.isin(base.groups.contributor[base.cells.group], list(gone))
    kept = replace(cells, group=cells.group[~out], row=cells.row[~out], asked=cells.asked[~out])
    return replace(base, cells=kept)
