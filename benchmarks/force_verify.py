"""Whether a plan keeps every rule, checked unit by unit without the optimiser's equations.

Nothing here shares code with `model` or `refine`: it counts people, ships and money as a staff officer would.
"""

from collections.abc import Iterator

import numpy as np

from contingent.force.instance import Instance
from contingent.force.refine import Weekly
from contingent.force.solve import Solution

SLACK = 1e-6  # beside a limit: what rounding in the last digits may add


def verify(instance: Instance, solution: Solution, weekly: Weekly | None = None) -> Iterator[str]:
    """Every rule broken, in words; nothing if the plan holds."""
    yield from _units(instance, solution)
    yield from _force(instance, solution)
    yield from _neighbours(instance, solution.serving, "period")
    if weekly is not None:
        yield from _weeks(instance, solution, weekly)
        yield from _neighbours(instance, weekly.serving, "week")


def _units(instance: Instance, solution: Solution) -> Iterator[str]:
    groups = instance.groups
    for g, name in enumerate(groups.name):
        arrivals = solution.arriving[g]
        if arrivals.sum() > groups.tours[g]:
            yield f"{name}: {arrivals.sum()} tours of {groups.tours[g]} it can sustain"
        mine = [cell for cell, group in enumerate(instance.cells.group) if group == g]
        for t in range(len(instance.calendar)):
            there = sum(int(arrivals[s]) for s in range(t + 1) if t - s < groups.tour[g])
            serving = sum(float(solution.serving[cell][t]) for cell in mine)
            if there > groups.count[g]:
                yield f"{name}, period {t}: {there} units in theatre of {groups.count[g]} on offer"
            if serving > there + SLACK:
                yield f"{name}, period {t}: {serving:g} units serve, {there} are in theatre"
            if arrivals[t] and t < groups.earliest[g]:
                yield f"{name}, period {t}: arrives before it is ready"


def _force(instance: Instance, solution: Solution) -> Iterator[str]:
    groups, limits, calendar = instance.groups, instance.limits, instance.calendar
    spent = [0.0] * len(limits.budget)
    for t in range(len(calendar)):
        people: dict[int, float] = {}
        for cell, g in enumerate(instance.cells.group.tolist()):
            units, each = float(solution.serving[cell][t]), float(groups.persons[g])
            people[int(groups.contributor[g])] = people.get(int(groups.contributor[g]), 0.0) + units * each
            if spent and limits.stretch[t] >= 0:
                spent[limits.stretch[t]] += units * float(groups.billed[g] * calendar.months[t])
        total = sum(people.values())
        if total > limits.strength[t] * (1 + SLACK) + SLACK:
            yield f"period {t}: {total:,.0f} people, {limits.strength[t]:,.0f} are authorized"
        for c, count in people.items():
            if count > limits.contributor[c] * (1 + SLACK) + SLACK:
                who, most = instance.contributors[c], limits.contributor[c]
                yield f"period {t}: {who} has {count:,.0f} people, its ceiling is {most:,.0f}"
        for rule in limits.shares:
            held = sum(count for c, count in people.items() if rule.members[c])
            over = rule.share * total - held if rule.least else held - rule.share * total
            if over > SLACK * max(total, 1.0) + SLACK:
                yield f"period {t}: {rule.name} is broken by {over:,.1f} people"
        moved = sum(
            groups.lift[g]
            * (
                solution.arriving[g, t]
                + (solution.arriving[g, t - groups.tour[g]] if limits.outbound and t >= groups.tour[g] else 0)
            )
            for g in range(len(groups.name))
        )
        if moved > limits.lift[t] * (1 + SLACK) + SLACK:
            yield f"period {t}: {moved:g} battalion equivalents moved, lift is {limits.lift[t]:g}"
    for stretch, money in enumerate(spent):
        if money > limits.budget[stretch] * (1 + SLACK) + SLACK:
            yield f"stretch {stretch} of the budget: {money:,.0f} US dollars owed of {limits.budget[stretch]:,.0f}"


def _neighbours(instance: Instance, serving: np.ndarray, step: str) -> Iterator[str]:
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
                    yield f"{step} {t}, {label}: {who} serve in one sector against {rule.name}"
                    break


def _weeks(instance: Instance, solution: Solution, weekly: Weekly) -> Iterator[str]:
    groups, calendar, limits = instance.groups, instance.calendar, instance.limits
    for g, name in enumerate(groups.name):
        there = 0
        for week in range(weekly.present.shape[1]):
            there += int(weekly.arriving[g, week]) - int(weekly.leaving[g, week])
            if there != weekly.present[g, week]:
                yield f"{name}, week {week}: arrivals, reliefs and departures do not balance"
                break
            if not 0 <= there <= groups.count[g]:
                yield f"{name}, week {week}: {there} units in theatre of {groups.count[g]} on offer"
        mine = weekly.serving[instance.cells.group == g].sum(0)
        if (mine > weekly.present[g] + SLACK).any():
            yield f"{name}: more units serve than are in theatre"
        for week in (int(w) for w in weekly.arriving[g].nonzero()[0]):
            if week < min(groups.notice[g], calendar.end[groups.earliest[g]] - 1) - 1:
                yield f"{name}, week {week}: arrives before its notice of {groups.notice[g]:.1f} weeks"
    for t in range(len(calendar)):
        span = slice(int(calendar.start[t]), int(calendar.end[t]))
        came, went = (float((moved[:, span].sum(1) * groups.lift).sum()) for moved in (weekly.arriving, weekly.leaving))
        if (weekly.arriving[:, span].sum(1) != solution.arriving[:, t]).any():
            yield f"period {t}: the weeks do not bring the units the plan brings"
        moved = came + (went if limits.outbound else 0.0)
        if moved > limits.lift[t] * (1 + SLACK) + SLACK:
            yield f"period {t}: the weeks move {moved:g} battalion equivalents, lift is {limits.lift[t]:g}"
        for week in range(span.start, span.stop):
            people = [float(units) for units in weekly.serving[:, week] * groups.persons[instance.cells.group]]
            if sum(people) > limits.strength[t] * (1 + SLACK) + SLACK:
                yield f"week {week}: {sum(people):,.0f} people serve, {limits.strength[t]:,.0f} are authorized"
