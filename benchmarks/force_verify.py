"""Whether a plan keeps every rule in every week, counted without the optimiser's equations.

Nothing here shares code or definitions with `model` or `tours`: it walks through the weeks with a roll of who is in
theatre, as a staff officer would, and counts people, ships and money from that roll alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from contingent.force.instance import Instance
from contingent.force.solve import Solution

SLACK, UNIT = 1e-5, 1e-4  # beside a limit and beside a whole unit: what rounding in the last digits may add
LONGER, SHORTER, VISIT = 1.25, 0.75, 13  # of a tour pledged; weeks below which nobody is flown in


def verify(instance: Instance, solution: Solution) -> Iterator[str]:
    """Every rule broken, in words; nothing if the plan holds."""
    roll = _roll(instance, solution)
    yield from _tours(instance, solution)
    yield from _units(instance, roll)
    yield from _posts(instance, solution, roll)
    yield from _people(instance, roll)
    yield from _ships(instance, solution)
    yield from _roads(instance, solution)
    yield from _money(instance, roll)
    yield from _looked_after(instance, solution)
    yield from _neighbours(instance, solution.serving)
    yield from _short(instance, solution)


def _roll(instance: Instance, solution: Solution) -> list[Counter[int]]:
    """For every week, how many units of each group are in theatre."""
    roll: list[Counter[int]] = [Counter() for _ in range(int(instance.calendar.end[-1]))]
    for group, start, end, _, units in solution.stays.tolist():
        for week in range(int(start), int(end)):
            roll[week][int(group)] += units
    return roll


def _tours(instance: Instance, solution: Solution) -> Iterator[str]:
    groups, over, used = instance.groups, int(instance.calendar.end[-1]), Counter()
    for number, start, end, tours, units in solution.stays.tolist():
        group = int(number)
        name, pledged, weeks = groups.name[group], float(groups.tour[group]), (end - start) / max(tours, 1)
        used[group] += tours * units
        if start < groups.notice[group] - SLACK:
            yield f"{name}, week {start:g}: arrives before its notice of {groups.notice[group]:.1f} weeks"
        if weeks > LONGER * pledged + SLACK:
            yield f"{name}, week {start:g}: tours of {weeks:.1f} weeks, {pledged:.1f} are pledged"
        cut_short = tours == 1 and end == over and weeks >= VISIT
        if weeks < SHORTER * pledged - SLACK and not cut_short:
            yield f"{name}, week {start:g}: is flown in for {weeks:.1f} weeks, {pledged:.1f} are pledged"
        if not groups.divisible[group] and abs(units - round(units)) > SLACK:
            yield f"{name}, week {start:g}: {units:g} of a unit that does not come in parts"
    for group, tours in used.items():
        if tours > groups.tours[group] + SLACK:
            yield f"{groups.name[group]}: {tours:g} tours of {groups.tours[group]} it can sustain"


def _units(instance: Instance, roll: list[Counter[int]]) -> Iterator[str]:
    for group, name in enumerate(instance.groups.name):
        for week, there in enumerate(roll):
            if there[group] > instance.groups.count[group] + SLACK:
                most = instance.groups.count[group]
                yield f"{name}, week {week}: {there[group]:g} units in theatre of {most} on offer"
                break


def _posts(instance: Instance, solution: Solution, roll: list[Counter[int]]) -> Iterator[str]:
    """Nobody stands at a post who is not in theatre, and nobody is in theatre who stands nowhere."""
    calendar, owner = instance.calendar, instance.cells.group.tolist()
    for t, (start, end) in enumerate(zip(calendar.start.tolist(), calendar.end.tolist(), strict=True)):
        posted: Counter[int] = Counter()
        for cell, group in enumerate(owner):
            posted[group] += float(solution.serving[cell][t])
            part = float(solution.serving[cell][t]) % 1.0
            if not instance.groups.divisible[group] and min(part, 1 - part) > UNIT:
                yield f"{instance.groups.name[group]}, period {t}: part of a unit stands at a post"
        for week in range(start, end):
            wrong = [g for g in {*posted, *roll[week]} if abs(posted[g] - roll[week][g]) > UNIT]
            for g in wrong:
                name, there = instance.groups.name[g], roll[week][g]
                yield f"{name}, week {week}: {posted[g]:g} units stand at posts, {there:g} are in theatre"
            if wrong:
                break


def _people(instance: Instance, roll: list[Counter[int]]) -> Iterator[str]:
    groups, limits, told = instance.groups, instance.limits, set()
    for week, there in enumerate(roll):
        t = int(np.searchsorted(instance.calendar.end, week, side="right"))
        people: Counter[int] = Counter()
        for group, units in there.items():
            people[int(groups.contributor[group])] += units * float(groups.persons[group])
        total = sum(people.values())
        faults = []
        if total > limits.strength[t] * (1 + SLACK) + SLACK:
            faults.append(("strength", f"{total:,.0f} people, {limits.strength[t]:,.0f} are authorized"))
        for c, count in people.items():
            if count > limits.contributor[c] * (1 + SLACK) + SLACK:
                who, most = instance.contributors[c], limits.contributor[c]
                faults.append((who, f"{who} has {count:,.0f} people, its ceiling is {most:,.0f}"))
        for rule in limits.shares:
            held = sum(count for c, count in people.items() if rule.members[c])
            bound = rule.share * total + rule.persons
            over = bound - held if rule.least else held - bound
            if week >= rule.since and over > SLACK * max(total, 1.0) + SLACK:
                faults.append((rule.name, f"{rule.name} is broken by {over:,.1f} people"))
        for kind, words in faults:
            if (kind, t) not in told:
                told.add((kind, t))
                yield f"week {week}: {words}"


def _ships(instance: Instance, solution: Solution) -> Iterator[str]:
    """What was moved up to the end of every period, beside the lift there was since the stretch of time began."""
    groups, calendar, limits = instance.groups, instance.calendar, instance.limits
    moved: dict[int, float] = defaultdict(float)
    for number, start, end, tours, units in solution.stays.tolist():
        size = units * float(groups.lift[int(number)])
        for tour in range(int(tours)):
            begins, ends = (start + i * (end - start) / tours for i in (tour, tour + 1))
            moved[begins] += size
            if limits.outbound and ends < calendar.end[-1] - SLACK:
                moved[ends] += size
    stretch = list(range(len(calendar))) if calendar.stretch is None else calendar.stretch.tolist()
    for t, now in enumerate(stretch):
        mine = [s for s in range(t + 1) if stretch[s] == now]
        since, until = int(calendar.start[mine[0]]), int(calendar.end[t])
        used = sum(m for week, m in moved.items() if since + SLACK < week <= until + SLACK or since == week == 0)
        most = sum(float(limits.lift[s]) for s in mine)
        if used > most * (1 + SLACK) + SLACK:
            yield f"weeks {since} to {until}: {used:g} battalion equivalents moved, lift is {most:g}"


def _roads(instance: Instance, solution: Solution) -> Iterator[str]:
    """Everybody who comes or goes does so by a way that is open to him, and no way lets more through than it can."""
    groups, calendar, routes = instance.groups, instance.calendar, instance.limits.routes
    told: dict[tuple[int, float], float] = defaultdict(float)
    passed: dict[tuple[int, float], float] = defaultdict(float)
    for stay, week, way, size in solution.ways.tolist():
        number, start = (int(each) for each in solution.stays[int(stay), :2])
        route = routes[int(way)]
        told[int(stay), round(week, 6)] += size
        passed[int(way), week] += size
        if not route.carries[number]:
            yield f"{groups.name[number]}, week {week:g}: may not take {route.name}"
        elif abs(week - start) < SLACK and week < groups.notice[number] + route.lead - SLACK:
            yield f"{groups.name[number]}, week {week:g}: arrives by {route.name} before its lead is over"
    for row, (number, start, end, tours, units) in enumerate(solution.stays.tolist() if routes else []):
        size, due = units * float(groups.lift[int(number)]), defaultdict[float, float](float)
        for tour in range(int(tours)):
            begins, ends = (start + i * (end - start) / tours for i in (tour, tour + 1))
            due[round(begins, 6)] += size
            due[round(ends, 6)] += size if instance.limits.outbound and ends < calendar.end[-1] - SLACK else 0.0
        for week, expected in due.items():
            if abs(told[row, week] - expected) > SLACK * max(expected, 1.0) + UNIT:
                moved = told[row, week]
                yield f"{groups.name[int(number)]}, week {week:g}: {expected:g} are to be moved, routes carry {moved:g}"
    stretch = list(range(len(calendar))) if calendar.stretch is None else calendar.stretch.tolist()
    for way, route in enumerate(routes):
        for t, now in enumerate(stretch):
            mine = [s for s in range(t + 1) if stretch[s] == now]
            since, until = int(calendar.start[mine[0]]), int(calendar.end[t])
            used = sum(size for (by, week), size in passed.items()
                       if by == way and (since + SLACK < week <= until + SLACK or since == week == 0))  # fmt: skip
            if used > (most := sum(float(route.lift[s]) for s in mine)) * (1 + SLACK) + UNIT:
                yield f"weeks {since} to {until}: {used:g} battalion equivalents pass by {route.name}, it lets {most:g}"


def _looked_after(instance: Instance, solution: Solution) -> Iterator[str]:
    """Where support is a must, nobody is in a place without it."""
    groups, cells = instance.groups, instance.cells
    for rule in (rule for rule in instance.limits.supports if rule.required):
        for t in range(solution.serving.shape[1]):
            people: Counter[int] = Counter()
            covered: Counter[int] = Counter()
            for cell, (g, r) in enumerate(zip(cells.group.tolist(), cells.row.tolist(), strict=True)):
                where = {"sector": instance.demand.sector[r], "contributor": groups.contributor[g]}.get(rule.within, 0)
                units = float(solution.serving[cell][t])
                people[int(where)] += units * float(groups.persons[g]) if rule.needs[g] else 0.0
                covered[int(where)] += units * float(rule.gives[g])
            for where, count in people.items():
                if count > rule.beyond + covered[where] + SLACK * max(count, 1.0) + 0.01:
                    name = instance.places(rule.within)[where]
                    without = count - rule.beyond - covered[where]
                    yield f"period {t}, {name}: {without:,.1f} people are without {rule.name}"


def _money(instance: Instance, roll: list[Counter[int]]) -> Iterator[str]:
    limits, spent = instance.limits, [0.0] * len(instance.limits.budget)
    for week, there in enumerate(roll):
        stretch = int(limits.stretch[int(np.searchsorted(instance.calendar.end, week, side="right"))])
        if spent and stretch >= 0:
            monthly = sum(units * float(instance.groups.billed[group]) for group, units in there.items())
            spent[stretch] += monthly * 7 / 30.4375
    for stretch, money in enumerate(spent):
        if money > limits.budget[stretch] * (1 + SLACK) + SLACK:
            yield f"stretch {stretch} of the budget: {money:,.0f} US dollars owed of {limits.budget[stretch]:,.0f}"


def _neighbours(instance: Instance, serving: np.ndarray) -> Iterator[str]:
    """Sectors in which those who serve side by side do not suit each other."""
    at = [
        (int(g), int(instance.demand.sector[r])) for g, r in zip(instance.cells.group, instance.cells.row, strict=True)
    ]
    for rule in (rule for rule in instance.limits.compatible if not rule.by_leave):
        for sector, label in enumerate(instance.sectors):
            kept = set(range(len(rule.choices)))
            for t in range(serving.shape[1]):
                here = {g for cell, (g, s) in enumerate(at) if s == sector and serving[cell][t] > SLACK}
                fit = {choice for choice in range(len(rule.choices)) if all(rule.suits[choice][g] for g in here)}
                kept = kept & fit if rule.lasting else fit
                if not kept:
                    who = ", ".join(sorted({instance.contributors[instance.groups.contributor[g]] for g in here}))
                    yield f"period {t}, {label}: {who} serve in one sector against {rule.name}"
                    break


def _short(instance: Instance, solution: Solution) -> Iterator[str]:
    """Persons said to be missing are those that are."""
    demand = instance.demand
    have = np.zeros(demand.wanted.shape)
    for cell, (g, r) in enumerate(zip(instance.cells.group.tolist(), instance.cells.row.tolist(), strict=True)):
        have[r] += solution.serving[cell] * float(instance.groups.persons[g])
    for what, asked, told in (("wanted", demand.wanted, solution.short), ("needed", demand.minimum, solution.critical)):
        for r, t in np.argwhere(abs(np.maximum(asked - have, 0) - told) > 0.5).tolist():
            yield f"row {r}, period {t}: {told[r, t]:,.0f} of those {what} are said to be missing"
