"""Planted faults of each kind are found and named, and nothing else: by hand, and a hundred of each at random."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from force_synthetic import Size, draw
from force_verify import verify
from tiny_force import tiny

from contingent.force.instance import Compatibility, Instance, Route, ShareRule, SupportRule
from contingent.force.solve import Solution, Solver, solve

QUARTER = 13 * 7 / 30.4375  # months
BY_HAND = Solver("optimal", 0.0, 0.0, 0.0, 0.0)


def solution(serving, stays) -> Solution:
    """Units by cell and period; of every stay its group, first and last week, tours and units."""
    served, periods = np.array(serving, float), np.shape(serving)[1]
    people = 100 * served.sum(0)[None]
    short, critical = np.maximum(150 - people, 0), np.maximum(100 - people, 0)
    return Solution(served, np.array(stays, float), short, critical, np.zeros((0, 1, periods), bool), BY_HAND)


SOUND = solution([[1, 1], [0, 0]], [[0, 0, 26, 2, 1]])
"""One battalion of the first contributor, relieved after its tour of one period."""


def groups(**values):
    return {"groups": {name: np.array(value) for name, value in values.items()}}


def limits(**values):
    return {"limits": {name: np.array(v) if isinstance(v, list) else v for name, v in values.items()}}


def small(count: int = 2, periods: int = 2, **changes) -> Instance:
    """`tiny` with other numbers in its parts, those of groups as well."""
    base = tiny(groups=count, periods=periods)
    return replace(base, **{part: replace(getattr(base, part), **values) for part, values in changes.items()})


MIXED = np.array([True, False])


@pytest.mark.parametrize(
    ("changes", "plan", "faults"),
    [
        ({}, SOUND, []),
        (groups(tours=[1, 10]), SOUND, ["G0: 2 tours of 1 it can sustain"]),
        (groups(tours=[2, 10]), SOUND, []),
        ({}, solution([[3, 1], [0, 0]], [[0, 0, 26, 2, 1], [0, 0, 13, 1, 2]]),
         ["G0, week 0: 3 units in theatre of 2 on offer"]),
        ({}, solution([[1, 2], [0, 0]], [[0, 0, 26, 2, 1]]),
         ["G0, week 13: 2 units stand at posts, 1 are in theatre"]),
        ({}, solution([[1, 1], [0, 0]], [[0, 0, 26, 2, 2]]),
         [*(f"G0, week {week}: 1 units stand at posts, 2 are in theatre" for week in (0, 13))]),
        ({}, solution([[1, 1], [0, 0]], [[0, 0, 26, 1, 1]]), ["G0, week 0: tours of 26.0 weeks, 13.0 are pledged"]),
        (groups(tour=[26.0, 26.0]), solution([[1, 1], [0, 0]], [[0, 0, 26, 1, 1]]), []),
        (groups(tour=[26.0, 26.0]), solution([[1, 0], [0, 0]], [[0, 0, 13, 1, 1]]),
         ["G0, week 0: is flown in for 13.0 weeks, 26.0 are pledged"]),
        (groups(tour=[26.0, 26.0]), solution([[0, 1], [0, 0]], [[0, 13, 26, 1, 1]]), []),  # the operation ends
        (groups(notice=[1.0, 0.0]), SOUND, ["G0, week 0: arrives before its notice of 1.0 weeks"]),
        ({}, solution([[0.5, 0.5], [0, 0]], [[0, 0, 26, 2, 0.5]]),
         ["G0, week 0: 0.5 of a unit that does not come in parts",
          *(f"G0, period {t}: part of a unit stands at a post" for t in (0, 1))]),
        (groups(divisible=[True, True]), solution([[0.5, 0.5], [0, 0]], [[0, 0, 26, 2, 0.5]]), []),
        (limits(strength=[100.0, 99.0]), SOUND, ["week 13: 100 people, 99 are authorized"]),
        (limits(contributor=[60.0, 0.0]), SOUND,
         [f"week {week}: C0 has 100 people, its ceiling is 60" for week in (0, 13)]),
        (limits(shares=(ShareRule("half", MIXED, 0.5, least=False),)), SOUND,
         [f"week {week}: half is broken by 50.0 people" for week in (0, 13)]),
        (limits(shares=(ShareRule("half", MIXED, 0.5, least=False, since=13),)), SOUND,
         ["week 13: half is broken by 50.0 people"]),
        (limits(shares=(ShareRule("half", ~MIXED, 0.4, least=True),)), SOUND,
         [f"week {week}: half is broken by 40.0 people" for week in (0, 13)]),
        (limits(shares=(ShareRule("half", MIXED, 1.0, least=True),)), SOUND, []),
        (limits(lift=[1.5, 1.0]), SOUND, ["weeks 0 to 13: 2 battalion equivalents moved, lift is 1.5"]),
        (limits(lift=[2.0, 0.0], outbound=True), SOUND,
         ["weeks 0 to 13: 3 battalion equivalents moved, lift is 2"]),
        (limits(lift=[2.0, 0.0], outbound=False), SOUND, []),
        (limits(budget=[200_000.0], stretch=[0, -1]), SOUND,
         [f"stretch 0 of the budget: {QUARTER * 100_000:,.0f} US dollars owed of 200,000"]),
        (limits(budget=[9e9, 500_000.0], stretch=[1, 1]), SOUND,
         [f"stretch 1 of the budget: {2 * QUARTER * 100_000:,.0f} US dollars owed of 500,000"]),
        (limits(budget=[300_000.0], stretch=[0, -1]), SOUND, []),
        ({}, replace(SOUND, short=np.array([[50.0, 0.0]])),
         ["row 0, period 1: 0 of those wanted are said to be missing"]),
    ],
)  # fmt: skip
def test_a_fault_of_each_kind_is_found_and_named(changes, plan: Solution, faults: list[str]) -> None:
    assert list(verify(small(**changes), plan)) == faults


@pytest.mark.parametrize(
    ("lasting", "by_leave", "serving", "faults"),
    [
        (False, False, [[1, 1], [1, 0]], ["period 0, S0: C0, C1 serve in one sector against composition.r"]),
        (False, False, [[1, 1], [0, 1]], ["period 1, S0: C0, C1 serve in one sector against composition.r"]),
        (False, False, [[1, 0], [0, 1]], []),
        (True, False, [[1, 0], [0, 1]], ["period 1, S0: C1 serve in one sector against composition.r"]),
        (False, True, [[1, 1], [1, 1]], []),
    ],
)
def test_neighbours_who_do_not_suit_each_other(lasting: bool, by_leave: bool, serving, faults: list[str]) -> None:
    rule = Compatibility("composition.r", ("a", "b"), np.eye(2, dtype=bool), lasting, by_leave)
    stays = [[g, 13 * t, 13 * t + 13, 1, 1] for g, t in np.argwhere(np.array(serving))]
    plan = solution(serving, stays)
    assert list(verify(small(limits={"compatible": (rule,)}), plan)) == faults


Draw = np.random.Generator


@pytest.fixture(scope="module")
def plans() -> list[tuple[Instance, Solution]]:
    """Questions of strength, lift both ways, money and tours, each with its plan, in which nothing is wrong."""
    found = []
    for seed in range(4):
        instance = draw(Size(contributors=6, units=16, sectors=2, periods=4), seed)
        instance = replace(instance, limits=replace(instance.limits, outbound=True))
        odd = np.arange(len(instance.groups.name)) % 3 == 0
        instance = replace(instance, groups=replace(instance.groups, divisible=odd))
        found.append((instance, solve(instance, gap=0.05)))
        assert list(verify(*found[-1])) == []
        assert len(found[-1][1].stays) > 5
    return found


def staying(plan: Solution, at: int, column: int, value: float) -> Solution:
    stays = plan.stays.copy()
    stays[at, column] = value
    return replace(plan, stays=stays)


def limited(instance: Instance, **values) -> Instance:
    return replace(instance, limits=replace(instance.limits, **values))


def present(instance: Instance, plan: Solution) -> np.ndarray:
    """People by contributor and period."""
    people = np.zeros((len(instance.contributors), len(instance.calendar)))
    cells = instance.cells.group
    np.add.at(people, instance.groups.contributor[cells], plan.serving * instance.groups.persons[cells][:, None])
    return people


def unready(instance: Instance, plan: Solution, rng: Draw):
    at = int(rng.integers(len(plan.stays)))
    notice = instance.groups.notice.copy()
    notice[int(plan.stays[at, 0])] = plan.stays[at, 1] + rng.uniform(0.1, 30)
    return replace(instance, groups=replace(instance.groups, notice=notice)), plan


def crowd(instance: Instance, plan: Solution, rng: Draw):
    at = int(rng.integers(len(plan.stays)))
    return instance, staying(plan, at, 4, instance.groups.count[int(plan.stays[at, 0])] + rng.integers(1, 9))


def overstay(instance: Instance, plan: Solution, rng: Draw):
    at = int(rng.integers(len(plan.stays)))
    tour = instance.groups.tour.copy()
    length = (plan.stays[at, 2] - plan.stays[at, 1]) / plan.stays[at, 3]
    tour[int(plan.stays[at, 0])] = length / rng.uniform(1.3, 4)
    return replace(instance, groups=replace(instance.groups, tour=tour)), plan


def visit(instance: Instance, plan: Solution, rng: Draw):
    at = int(rng.integers(len(plan.stays)))
    return instance, staying(plan, at, 2, plan.stays[at, 1] + rng.integers(1, 13))


def worn(instance: Instance, plan: Solution, rng: Draw):
    at = int(rng.integers(len(plan.stays)))
    tours, group = instance.groups.tours.copy(), int(plan.stays[at, 0])
    mine = plan.stays[plan.stays[:, 0] == group]
    tours[group] = np.ceil(mine[:, 3] @ mine[:, 4]) - rng.integers(1, 3)
    return replace(instance, groups=replace(instance.groups, tours=tours)), plan


def split(instance: Instance, plan: Solution, rng: Draw):
    at = int(rng.choice(np.flatnonzero(~instance.groups.divisible[plan.stays[:, 0].astype(int)])))
    return instance, staying(plan, at, 4, plan.stays[at, 4] - rng.uniform(0.1, 0.9))


def ghost(instance: Instance, plan: Solution, rng: Draw):
    serving = plan.serving.copy()
    serving[rng.integers(len(serving)), rng.integers(serving.shape[1])] += rng.integers(1, 4)
    return instance, replace(plan, serving=serving)


def idle(instance: Instance, plan: Solution, rng: Draw):
    serving = plan.serving.copy()
    busy = np.argwhere(serving > 0.5)
    serving[tuple(busy[rng.integers(len(busy))])] = 0.0
    return instance, replace(plan, serving=serving)


def above(instance: Instance, plan: Solution, rng: Draw):
    people, strength = present(instance, plan).sum(0), instance.limits.strength.copy()
    at = int(rng.choice(np.flatnonzero(people > 10)))
    strength[at] = people[at] - rng.uniform(1, people[at])
    return limited(instance, strength=strength), plan


def too_many(instance: Instance, plan: Solution, rng: Draw):
    people, most = present(instance, plan).max(1), instance.limits.contributor.copy()
    at = int(rng.choice(np.flatnonzero(people > 10)))
    most[at] = people[at] - rng.uniform(1, people[at])
    return limited(instance, contributor=most), plan


def shared(instance: Instance, plan: Solution, rng: Draw, *, least: bool):
    people = present(instance, plan)
    who, at = (int(v) for v in rng.choice(np.argwhere((people > 10) & (people < people.sum(0) - 10))))
    part, off = people[who, at] / people[:, at].sum(), rng.uniform(0.02, 0.3)
    rule = ShareRule("planted", np.arange(len(people)) == who, part + off if least else part - off, least=least)
    return limited(instance, shares=(*instance.limits.shares, rule)), plan


def stranded(instance: Instance, plan: Solution, rng: Draw):
    """No lift in the period in which somebody travels."""
    at = plan.stays[int(rng.integers(len(plan.stays)))]
    lift = instance.limits.lift.copy()
    lift[np.searchsorted(instance.calendar.end, at[1])] = rng.uniform(0, 0.9) * at[4] * instance.groups.lift[int(at[0])]
    return limited(instance, lift=lift), plan


def in_debt(instance: Instance, plan: Solution, rng: Draw):
    return limited(instance, budget=instance.limits.budget * rng.uniform(0, 0.02)), plan


def told_less(instance: Instance, plan: Solution, rng: Draw):
    short = plan.short.copy()
    short[rng.integers(len(short)), rng.integers(short.shape[1])] += rng.choice([-1, 1]) * rng.uniform(1, 500)
    return instance, replace(plan, short=short)


def feud(instance: Instance, plan: Solution, rng: Draw):
    """Two who serve side by side will not."""
    cells, people = instance.cells, plan.serving > 0.01
    pairs = [
        (int(cells.group[one]), int(cells.group[two]))
        for one, two in np.argwhere((people.astype(int) @ people.T) > 0)
        if cells.group[one] < cells.group[two]
        and instance.demand.sector[cells.row[one]] == instance.demand.sector[cells.row[two]]
    ]
    one, two = pairs[int(rng.integers(len(pairs)))]
    suits = np.ones((2, len(instance.groups.name)), bool)
    suits[0, one] = suits[1, two] = False
    rule = Compatibility("composition.planted", ("a", "b"), suits, lasting=False)
    return limited(instance, compatible=(rule,)), plan


def neglected(instance: Instance, plan: Solution, rng: Draw):
    """Support that is a must, and nobody who gives it."""
    groups, within = instance.groups, ("sector", "contributor", "force")[int(rng.integers(3))]
    busy = plan.serving.sum(1) * groups.persons[instance.cells.group]
    group = int(instance.cells.group[int(rng.choice(np.flatnonzero(busy > 10)))])
    needs, gives = np.arange(len(groups.name)) == group, rng.uniform(0, 0.02, len(groups.name))
    return limited(instance, supports=(SupportRule("planted", gives, needs, 1.0, within, required=True),)), plan


def routed(instance: Instance, plan: Solution, rng: Draw):
    """Two ways in that anybody may take at any time, each move by one of them: nothing is wrong yet."""
    every = np.ones(len(instance.groups.name), bool)
    routes = tuple(Route(name, np.full(len(instance.calendar), 1e3), 0.0, every) for name in ("road", "port"))
    ways = []
    for at, (group, start, end, tours, units) in enumerate(plan.stays.tolist()):
        weeks = start + np.arange(tours + 1) * (end - start) / tours
        for number, week in enumerate(weeks.tolist()):
            times = int(number < tours) + int(number > 0 and week < instance.calendar.end[-1])
            ways.append([at, week, rng.integers(2), times * units * instance.groups.lift[int(group)]])
    found = limited(instance, routes=routes), replace(plan, ways=np.array([way for way in ways if way[3]]))
    assert list(verify(*found)) == []
    return found


def closed(instance: Instance, plan: Solution, rng: Draw):
    """One way lets less through in the periods of a move than it takes."""
    instance, plan = routed(instance, plan, rng)
    _, week, way, size = plan.ways[int(rng.integers(len(plan.ways)))]
    routes = list(instance.limits.routes)
    lift = routes[int(way)].lift.copy()
    lift[np.searchsorted(instance.calendar.end, week)] = rng.uniform(0, 0.9) * size
    routes[int(way)] = replace(routes[int(way)], lift=lift)
    return limited(instance, routes=tuple(routes)), plan


def barred(instance: Instance, plan: Solution, rng: Draw):
    instance, plan = routed(instance, plan, rng)
    stay, _, way, _ = plan.ways[int(rng.integers(len(plan.ways)))].astype(int)
    routes, carries = list(instance.limits.routes), np.ones(len(instance.groups.name), bool)
    carries[int(plan.stays[stay, 0])] = False
    routes[way] = replace(routes[way], carries=carries)
    return limited(instance, routes=tuple(routes)), plan


def hasty(instance: Instance, plan: Solution, rng: Draw):
    """A way in takes longer than somebody who comes by it had."""
    instance, plan = routed(instance, plan, rng)
    arrivals = plan.ways[plan.stays[plan.ways[:, 0].astype(int), 1] == plan.ways[:, 1]]
    stay, week, way, _ = arrivals[int(rng.integers(len(arrivals)))]
    late = week - instance.groups.notice[int(plan.stays[int(stay), 0])] + rng.uniform(0.1, 20)
    routes = list(instance.limits.routes)
    routes[int(way)] = replace(routes[int(way)], lead=late)
    return limited(instance, routes=tuple(routes)), plan


def untold(instance: Instance, plan: Solution, rng: Draw):
    """Somebody moves by no way at all."""
    instance, plan = routed(instance, plan, rng)
    return instance, replace(plan, ways=np.delete(plan.ways, rng.integers(len(plan.ways)), axis=0))


KINDS = {
    unready: "before its notice", crowd: "on offer", overstay: "tours of", visit: "is flown in", worn: "it can sustain",
    split: "does not come in parts", ghost: "stand at posts", idle: "stand at posts", above: "are authorized",
    too_many: "its ceiling is", stranded: "lift is", in_debt: "US dollars owed", told_less: "said to be missing",
    feud: "against composition.planted", neglected: "are without planted", closed: "it lets", barred: "may not take",
    hasty: "before its lead is over", untold: "routes carry",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_hundred_planted_faults_of_a_kind_are_all_found(plans, kind) -> None:
    rng = np.random.default_rng(18)
    missed = [i for i in range(100) if not any(KINDS[kind] in told for told in verify(*kind(*plans[i % 4], rng)))]
    assert missed == []


@pytest.mark.parametrize("least", [True, False])
def test_a_hundred_broken_shares_are_all_found(plans, least: bool) -> None:
    rng = np.random.default_rng(19)
    told = (verify(*shared(*plans[i % 4], rng, least=least)) for i in range(100))
    assert all(any("planted is broken" in fault for fault in faults) for faults in told)
