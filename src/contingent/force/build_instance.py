"""How a scenario becomes a planning question: arrays in the optimiser's terms, in an order of their own.

From a scenario to an instance: periods, groups, demand, cells, limits, and who can share a sector with whom.

Groups are sorted by name, so that the order in which contributors are written changes nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from math import ceil

import numpy as np

from contingent.force.eligibility import is_valid, permitted
from contingent.force.instance import (
    Calendar,
    Cells,
    Compatibility,
    Demand,
    Groups,
    Instance,
    Limits,
    Route,
    ShareRule,
    SupportRule,
)
from contingent.quantities import WEEKS_A_MONTH
from contingent.scenario.model import Scenario
from contingent.scenario.pledge import Pledge

HALF_YEAR = 26  # weeks: tours last six or twelve months, so steps of half a year lose nothing of them


def build_instance(scenario: Scenario, period: int = HALF_YEAR, calendar: Calendar | None = None) -> Instance:
    """The planning question of a scenario under one option, in periods of at most `period` weeks.

    A period also ends where an offer's notice does, and half-way where lift is short, so that nobody waits for long;
    with another question's `calendar`, as in that one.
    """
    calendar = calendar or periods(scenario, period)
    pledges = sorted((p for p in scenario.pledges if is_valid(scenario, p)), key=lambda p: p.id)
    contributors = tuple(sorted(scenario.contributors))
    units, sectors = tuple(scenario.unit_types), tuple(scenario.theatre.sectors)
    tasks = tuple(scenario.mandate.tasks)
    groups = _groups(scenario, pledges, contributors, units)
    part = groups.persons / np.array([scenario.unit_types[p.unit].strength for p in pledges], float)
    rows, demand = _demand(scenario, units, sectors, tasks, calendar)
    return Instance(
        calendar, contributors, units, sectors, tasks, groups, demand,
        _cells(scenario, pledges, rows), _limits(scenario, pledges, contributors, part, calendar),
    )  # fmt: skip


def periods(scenario: Scenario, period: int) -> Calendar:
    """The weeks of the operation, cut at every phase's bounds, into stretches of `period` weeks (of half as many where
    people wait for lift), and where an offer's notice ends.
    """
    phases = scenario.mandate.phases.values()
    cuts = sorted({p.start for p in phases} | {p.end for p in phases})
    starts: list[int] = []
    for low, high in pairwise(cuts):
        pieces = max(1, round((high - low) / (period / 2 if scenario.lift else period)))
        starts += [low + round(i * (high - low) / pieces) for i in range(pieces)]
    leads = {route.lead.best for route in scenario.routes.values()} or {0.0}
    days = {p.notice.best + lead for p in scenario.pledges if is_valid(scenario, p) for lead in leads}
    ready = {ceil(each / 7 - 1e-9) for each in days}
    ready |= {rule.build_up for rule in scenario.composition.values()}
    every = sorted({*starts, *(week for week in ready if cuts[0] < week < cuts[-1])})
    stretch = np.searchsorted(starts, every, side="right") - 1
    return Calendar(np.array(every), np.array([*every[1:], cuts[-1]]), stretch)


def _groups(scenario: Scenario, pledges: list[Pledge], contributors, units) -> Groups:
    typical = np.array([scenario.unit_types[p.unit].strength for p in pledges], float)
    strength = np.array([p.strength.best for p in pledges])
    count = np.maximum(1, np.round(strength / np.maximum(typical, 1))).astype(int)
    persons = strength / count
    return Groups(
        name=tuple(p.id for p in pledges),
        contributor=np.array([contributors.index(p.contributor) for p in pledges], int),
        unit=np.array([units.index(p.unit) for p in pledges], int), count=count, persons=persons,
        divisible=np.array([scenario.unit_types[p.unit].divisible for p in pledges], bool),
        notice=np.array([p.notice.best / 7 for p in pledges]),
        tour=np.array([p.tour.best * WEEKS_A_MONTH for p in pledges]),
        tours=count * np.array([p.rotations for p in pledges], int),
        lift=np.array([scenario.unit_types[p.unit].lift for p in pledges]) * persons / np.maximum(typical, 1),
        cost=np.array([p.cost.best for p in pledges]) * persons,
        billed=np.array([owed(scenario, p) for p in pledges]) * persons,
        reliability=np.array([p.reliability.best for p in pledges]),
    )  # fmt: skip


def owed(scenario: Scenario, pledge: Pledge) -> float:
    """What the fund owes for a person of a pledge a month, in the case's currency: its rates, never more than what the
    pledge costs beyond what others bear.
    """
    fund = scenario.reimbursement
    return min(fund.rate.best + fund.beside(pledge), pledge.cost.best * pledge.left) if pledge.reimbursed else 0.0


def first_period(notice: np.ndarray, calendar: Calendar) -> np.ndarray:
    """The first period of which a unit arriving after `notice` weeks is there for at least half."""
    middle = (calendar.start + calendar.end) / 2
    return np.searchsorted(middle, notice - 1e-9)


def _demand(scenario: Scenario, units, sectors, tasks, calendar: Calendar):
    rows = sorted({(r.unit, r.sector, r.task) for r in scenario.requirements})
    minimum, wanted = np.zeros((2, len(rows), len(calendar)))
    weight = np.zeros(minimum.shape)
    for r in scenario.requirements:
        phase, row = scenario.mandate.phases[r.phase], rows.index((r.unit, r.sector, r.task))
        now = calendar.within(phase.start, phase.end)
        minimum[row, now] += r.minimum.best
        wanted[row, now] += r.wanted.best
        weight[row, now] += r.wanted.best * r.weight.best
    index = [(units.index(u), sectors.index(s), tasks.index(k)) for u, s, k in rows]
    unit, sector, task = np.array(index, int).reshape(-1, 3).T
    weight = np.divide(weight, wanted, out=np.ones(weight.shape), where=wanted > 0)  # of two for one place, their mean
    return rows, Demand(unit, sector, task, minimum, wanted, weight)


def _cells(scenario: Scenario, pledges: list[Pledge], rows: list[tuple[str, str, str]]) -> Cells:
    found = [
        (g, r, answer == "ask")
        for g, pledge in enumerate(pledges)
        for r, (unit, sector, task) in enumerate(rows)
        if unit == pledge.unit and (answer := permitted(scenario, pledge, sector, task)) != "no"
    ]
    group, row, asked = np.array(found, int).reshape(-1, 3).T
    return Cells(group, row, asked.astype(bool))


def _limits(scenario: Scenario, pledges: list[Pledge], contributors, part: np.ndarray, calendar: Calendar) -> Limits:
    """Limits of the whole; `part` of a unit as it is normally offered is one of each group, (group,)."""
    budget, stretch = scenario.reimbursement.budget, np.full(len(calendar), -1)
    for number, name in enumerate(budget):
        phase = scenario.mandate.phases[name]
        stretch[calendar.within(phase.start, phase.end)] = number
    supports = tuple(
        SupportRule(
            name, kind.covers.best * np.array([p.unit in kind.unit for p in pledges]) * part,
            np.array([name not in p.self_sustains and kind.asked_for(p.unit) for p in pledges], bool),
            kind.beyond.best, kind.within, kind.required,
        )
        for name, kind in scenario.support.items()
    )  # fmt: skip
    routes = tuple(
        Route(
            name, _moved(scenario, way.capacity, calendar), way.lead.best / 7,
            np.array([way.carries(p) for p in pledges], bool),
        )
        for name, way in scenario.routes.items()
    )  # fmt: skip
    shares = (*_families(scenario, contributors), *_shares(scenario, contributors))
    return Limits(
        strength=np.full(len(calendar), scenario.mandate.authorized_strength.best),
        lift=_moved(scenario, scenario.lift, calendar), outbound=True,
        budget=np.array([budget[phase].best for phase in budget], float), stretch=stretch,
        contributor=np.array([scenario.contributors[c].ceiling.best for c in contributors]), shares=shares,
        compatible=compatibility_rules(scenario, pledges), supports=supports, routes=routes,
    )  # fmt: skip


def _moved(scenario: Scenario, monthly: dict[str, float], calendar: Calendar) -> np.ndarray:
    """Battalion equivalents that can be moved in each period, given those a month in some phases."""
    most = np.full(len(calendar), np.inf)
    for name, rate in monthly.items():
        phase = scenario.mandate.phases[name]
        now = calendar.within(phase.start, phase.end)
        most[now] = rate * calendar.months[now]
    return most


def _shares(scenario: Scenario, contributors: tuple[str, ...]) -> Iterator[ShareRule]:
    """What the rules on composition ask of shares and of persons."""
    for name, rule in sorted(scenario.composition.items()):
        if rule.kind not in ("least_share", "most_share", "ceiling", "floor"):
            continue
        share, persons = (0.0 if each is None else each.best for each in (rule.share, rule.persons))
        held = {"share": share} if "share" in rule.kind else {"share": 0.0, "persons": persons}
        for who, codes in scenario.spoken_of(rule).items():
            members = np.array([code in codes for code in contributors])
            known = name if who == rule.group else f"{name}:{who}"
            since = rule.build_up
            if rule.kind == "floor":  # of those who may come at all, once they are ready
                valid = [p for p in scenario.pledges if p.contributor in codes and is_valid(scenario, p)]
                held["persons"] = min(persons, sum(p.strength.best for p in valid))
                since = max([since, *(ceil(p.notice.best / 7 - 1e-9) for p in valid)])
            yield ShareRule(known, members, least=rule.kind in ("least_share", "floor"), since=since, **held)


def _families(scenario: Scenario, contributors: tuple[str, ...]) -> Iterator[ShareRule]:
    """The ceilings of contributors that answer for services: of all of them together."""
    for code in contributors:
        members = np.array([scenario.answering(each) == code for each in contributors])
        if members.sum() > 1:
            ceiling = scenario.contributors[code].ceiling.best
            yield ShareRule(f"ceiling of {code}", members, 0.0, least=False, persons=ceiling)


def compatibility_rules(scenario: Scenario, pledges: Sequence[Pledge]) -> tuple[Compatibility, ...]:
    """Every rule that can keep some of these pledges from sharing a sector; `suits` in their order."""
    rules = (*_by_caveat(scenario, pledges), *_by_composition(scenario, pledges))
    return tuple(_best(rule) for rule in rules if not rule.suits.all(axis=1).any())


def _best(rule: Compatibility) -> Compatibility:
    """A rule without the choices that suit nobody whom another choice does not suit as well."""
    kept: list[int] = []
    for choice in np.argsort(-rule.suits.sum(axis=1), kind="stable").tolist():
        if not any((rule.suits[choice] <= rule.suits[other]).all() for other in kept):
            kept.append(choice)
    kept.sort()
    return replace(rule, choices=tuple(rule.choices[k] for k in kept), suits=rule.suits[kept])


def _by_caveat(scenario: Scenario, pledges: Sequence[Pledge]) -> Iterator[Compatibility]:
    """A caveat has two sides: the pledges that carry it, and those of the contributors it names."""
    for name, caveat in scenario.caveats.items():
        if not caveat.excludes_contributors:
            continue
        carries = np.array([name in pledge.caveats for pledge in pledges], bool)
        named = np.array([scenario.among(p.contributor, caveat.excludes_contributors) for p in pledges], bool)
        sides = [
            ", ".join(sorted({pledge.contributor for pledge, is_in in zip(pledges, side, strict=True) if is_in}))
            for side in (carries, named)
        ]
        by_leave = caveat.card == "yellow"
        yield Compatibility(
            f"caveats.{name}", tuple(sides), np.array([~named, ~carries]), lasting=False, by_leave=by_leave
        )


def _by_composition(scenario: Scenario, pledges: Sequence[Pledge]) -> Iterator[Compatibility]:
    senders = [pledge.contributor for pledge in pledges]
    for name, rule in scenario.composition.items():
        if rule.kind == "apart":
            choices = tuple(sorted(scenario.apart(rule)))
            if len(choices) < 2:
                continue
            suits = [[scenario.among(who, (one,)) or not scenario.among(who, choices) for who in senders]
                     for one in choices]  # fmt: skip
        elif rule.kind in ("one_language", "one_command"):
            has = {
                code: set(who.languages if rule.kind == "one_language" else who.commands)
                for code, who in scenario.contributors.items()
            }
            choices = tuple(sorted(set().union(*has.values()))) or ("none",)
            suits = [[one in has[who] for who in senders] for one in choices]
        else:
            continue
        yield Compatibility(
            f"composition.{name}", choices, np.array(suits, bool).reshape(len(choices), len(senders)),
            lasting=rule.kind != "apart",
        )  # fmt: skip
