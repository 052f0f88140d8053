"""Two hundred tiny questions: the optimiser's plan is the best of all there are, found by trying every one of them.

Nothing of the optimiser is used to try them: people, ships, tours and money are counted week by week, in plain loops.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from force_verify import verify

from contingent.force import gathering, model
from contingent.force.instance import Calendar, Cells, Demand, Groups, Instance, Limits, Route, ShareRule, SupportRule
from contingent.force.solve import solve

BATCH = 25


def drawn(seed: int) -> Instance:
    """Two or three units of two types, two rows, two or three periods; limits that bind now and then."""
    rng = np.random.default_rng(seed)
    lengths = rng.choice([8, 13, 20, 26], rng.integers(2, 4))
    ends = np.cumsum(lengths)
    units, periods = int(rng.integers(2, 4)), len(ends)
    kind = rng.integers(0, 2, units)
    size = np.array([100.0, 60.0])[kind]
    rows = np.array([0, 1] if rng.random() < 0.7 else [0, 0])
    minimum = rng.choice([0, 60, 100, 150], (2, periods)).astype(float)
    cells = [(g, r) for g in range(units) for r in range(2) if rows[r] == kind[g] and rng.random() < 0.9]
    group, row = np.array(cells, int).reshape(-1, 2).T
    pay = size * rng.integers(1, 5, units) * 500
    groups = Groups(
        name=tuple(f"G{i}" for i in range(units)), contributor=rng.integers(0, 2, units), unit=kind,
        count=np.ones(units, int), persons=size, divisible=np.zeros(units, bool),
        notice=rng.choice([0.0, 0.0, 5.0, 13.0, 21.0], units), tour=rng.choice([13.0, 20.0, 26.0, 40.0], units),
        tours=rng.integers(1, 4, units), lift=rng.choice([0.5, 1.0], units), cost=pay, billed=pay * rng.integers(0, 2),
        reliability=rng.choice([0.3, 0.6, 0.9], units),
    )  # fmt: skip
    inf, some = np.inf, rng.random
    shares = [ShareRule("most", np.array([True, False]), 0.6, least=False, since=int(rng.choice([0, 13])))]
    shares += [ShareRule("least", np.array([False, True]), 0.4, least=True, persons=float(rng.choice([0, -20])))]
    support = SupportRule("well", np.where(kind == 1, 80.0, 0.0), (rng.random(units) < 0.7) & (kind != 1), 30.0)
    within = ("sector", "contributor", "force")[int(rng.integers(3))]
    support = replace(support, within=within, required=bool(rng.random() < 0.4))
    road = Route("road", np.where(rng.random(periods) < 0.5, 1.0, np.inf), 0.0, rng.random(units) < 0.8)
    port = Route("port", np.where(rng.random(periods) < 0.5, 0.75, np.inf), 5.0, rng.random(units) < 0.8)
    limits = Limits(
        strength=np.where(some(periods) < 0.4, 170.0, inf), lift=np.where(some(periods) < 0.4, 1.5, inf),
        outbound=bool(some() < 0.5), budget=np.array([rng.choice([3e5, 1e6, inf])]), stretch=np.zeros(periods, int),
        contributor=np.where(some(2) < 0.2, 110.0, inf), shares=tuple(r for r in shares if some() < 0.3),
        supports=(support,) if some() < 0.5 else (), routes=(road, port) if some() < 0.4 else (),
    )  # fmt: skip
    demand = Demand(
        unit=rows, sector=np.array([0, 1]), task=np.zeros(2, int), minimum=minimum,
        wanted=minimum + rng.choice([0.0, 50.0], (2, periods)), weight=rng.choice([0.2, 1.0, 3.0], (2, periods)),
    )  # fmt: skip
    return Instance(
        Calendar(ends - lengths, ends, np.zeros(periods, int) if some() < 0.5 else None), ("C0", "C1"), ("a", "b"),
        ("S0", "S1"), ("t",), groups, demand, Cells(group, row, rng.random(len(group)) < 0.2), limits,
    )  # fmt: skip


def rotas(instance: Instance, g: int) -> list[tuple[tuple[int, int, int], ...]]:
    """All ways one unit can come and go: no stay, one, or several after each other; (first week, last week, tours)."""
    cuts = [*instance.calendar.start.tolist(), int(instance.calendar.end[-1])]
    pledged, most = float(instance.groups.tour[g]), int(instance.groups.tours[g])
    single = []
    for start, end in product(cuts, cuts):
        for tours in range(1, most + 1):
            each = (end - start) / tours
            usual = 0.75 * pledged <= each <= 1.25 * pledged
            cut_short = tours == 1 and end == cuts[-1] and 13 <= each <= pledged
            if end > start >= instance.groups.notice[g] and (usual or cut_short):
                single.append((start, end, tours))
    found = [()]
    for stays in found:
        for stay in single:
            if (not stays or stay[0] >= stays[-1][1]) and stay[2] + sum(s[2] for s in stays) <= most:
                found += [(*stays, stay)]
    return found


def worth(instance: Instance, rota: tuple) -> float | None:
    """What the best plan costs in which every unit comes and goes as its rota says; None if it breaks a rule."""
    groups, limits, calendar = instance.groups, instance.limits, instance.calendar
    units, weeks = range(len(rota)), int(calendar.end[-1])
    moved, by = np.zeros(weeks + 1), np.zeros((3, weeks + 1))  # by road only, by port only, by either
    cost, owed = 0.0, 0.0
    dear = [groups.cost[g] / groups.persons[g] for g in units]
    for g in units:
        for start, end, tours in rota[g]:
            cost += groups.persons[g] * (0.001 * tours + 0.004 * max(0.0, end - start - tours * groups.tour[g]))
            for tour in range(tours):
                begins, ends = (int(np.ceil(start + i * (end - start) / tours)) for i in (tour, tour + 1))
                home = groups.lift[g] if limits.outbound and ends < weeks else 0.0
                moved[begins] += groups.lift[g]
                moved[ends] += home
                if limits.routes:
                    road, port = (bool(route.carries[g]) for route in limits.routes)
                    soon = tour == 0 and start < groups.notice[g] + limits.routes[1].lead
                    if not road and (not port or soon):
                        return None
                    by[2 if road and port and not soon else 1 - road, begins] += groups.lift[g]
                    by[2 if road and port else 1 - road, ends] += home
    if limits.routes and not passable(instance, by):
        return None
    bank = 0.0
    for t, (start, end) in enumerate(zip(calendar.start, calendar.end, strict=True)):
        bank = limits.lift[t] + (bank if calendar.stretch is not None else 0.0)
        bank -= moved[start + 1 : end + 1].sum() + (moved[0] if t == 0 else 0.0)
        if bank < -1e-9:
            return None
        there = [g for g in units if any(s <= start < e for s, e, _ in rota[g])]
        persons = {c: sum(groups.persons[g] for g in there if groups.contributor[g] == c) for c in (0, 1)}
        total = sum(persons.values())
        if total > limits.strength[t] or any(persons[c] > limits.contributor[c] for c in (0, 1)):
            return None
        for rule in limits.shares:
            part, bound = sum(persons[c] for c in (0, 1) if rule.members[c]), rule.share * total + rule.persons
            if end > rule.since and (part < bound - 1e-9 if rule.least else part > bound + 1e-9):
                return None
        owed += sum(groups.billed[g] for g in there) * (end - start) * 7 / 30.4375
        long = (end - start) / (weeks / len(calendar))
        best = posted(instance, there, t)
        if best is None:
            return None
        price = [
            groups.persons[g]
            * 0.05
            * (dear[g] / max(*dear, 1.0) + 0.5 * (1 - groups.reliability[g]) + 0.1 * g / len(rota))
            for g in there
        ]
        cost += long * (best + sum(price))
    return None if owed > limits.budget[0] else cost


def passable(instance: Instance, by: np.ndarray) -> bool:
    """Whether what can only take the road, only the port, or either, can be divided among them in every period."""
    ends = instance.calendar.end.tolist()
    sums = [by[:, (0 if t == 0 else ends[t - 1] + 1) : end + 1].sum(1) for t, end in enumerate(ends)]
    caps = np.array([route.lift for route in instance.limits.routes]).T
    total, most, low, high = np.zeros(3), np.zeros(2), 0.0, 0.0  # `low` to `high` of those free to choose take the road
    for t, now in enumerate(sums):
        if instance.calendar.stretch is None or t == 0:
            total, most, low, high = np.zeros(3), np.zeros(2), 0.0, 0.0
        total, most = total + now, most + caps[t]
        low, high = max(low, total[2] + total[1] - most[1]), min(high + now[2], most[0] - total[0])
        if low > high + 1e-9:
            return False
    return True


def posted(instance: Instance, there: list[int], t: int) -> float | None:
    """The least that is missing if those in theatre stand wherever they may; None if one may stand nowhere."""
    cells, demand, groups = instance.cells, instance.demand, instance.groups
    may = [[c for c in range(len(cells.group)) if cells.group[c] == g] for g in there]
    best = None
    for where in product(*may):
        missing, looked_after = 0.0, True
        for r in range(len(demand.unit)):
            have = sum(groups.persons[cells.group[c]] for c in where if cells.row[c] == r)
            short, critical = (max(0.0, float(asked[r, t]) - have) for asked in (demand.wanted, demand.minimum))
            missing += demand.weight[r, t] * (short + 100 * critical)
        for rule in instance.limits.supports:
            spots = {"sector": demand.sector[cells.row], "contributor": groups.contributor[cells.group]}
            spot = spots.get(rule.within, np.zeros(len(cells.group), int))
            for one in set(spot[list(where)].tolist()):
                mine = [cells.group[c] for c in where if spot[c] == one]
                load = sum(groups.persons[g] * rule.needs[g] - rule.gives[g] for g in mine) - rule.beyond
                missing += 0.2 * max(0.0, load)
                looked_after &= not rule.required or load <= 1e-9
        missing += sum(0.2 * groups.persons[cells.group[c]] for c in where if cells.asked[c])
        if looked_after:
            best = missing if best is None else min(best, missing)
    return best


@pytest.mark.parametrize("first", range(0, 200, BATCH))
def test_the_plan_is_the_best_of_all_plans(first: int, monkeypatch) -> None:
    for module in (model, gathering):  # the last price, which only chooses between equals
        monkeypatch.setattr(module, "TIE", dict.fromkeys(model.TIE, 0.0))
    for seed in range(first, first + BATCH):
        instance = drawn(seed)
        found = solve(instance, gap=1e-9)
        every = product(*(rotas(instance, g) for g in range(len(instance.groups.name))))
        best = min(cost for rota in every if (cost := worth(instance, rota)) is not None)
        assert found.solver.objective == pytest.approx(best, rel=1e-6, abs=1e-6), seed
        assert list(verify(instance, found)) == [], seed
