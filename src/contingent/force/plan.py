"""Who serves where, on what, when; what stays uncovered; what it costs and whom."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, product
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from contingent.force.build_instance import HALF_YEAR, build_instance, owed
from contingent.force.instance import Instance
from contingent.force.solve import OPTIMAL, Solution, Solver, solve
from contingent.force.tours import DAYS
from contingent.labels import CONTRIBUTOR, PHASE, PLEDGE, SECTOR, TASK, UNIT_TYPE, WEEK
from contingent.scenario.model import Scenario

if TYPE_CHECKING:
    from contingent.scenario.workbook import Results

PERIOD = "period"
CHOICE = "choice"
SUPPORT = "support"
PLACE = "place"
ROUTE = "route"
STAY = "stay"
NOBODY = 0.5  # persons missing in all that still count as none
PAYER = "payer"


@dataclass(frozen=True, slots=True)
class Plan:
    """The best plan found for one option, in persons unless said otherwise: all who are in theatre, each at a place.

    Phases hold averages over their weeks. Pledges stand in the scenario's order; those that do not
    hold under the option are there with zeros and named in `withheld`.
    """

    solver: Solver
    assigned: xr.DataArray
    """(pledge, phase, sector, task)"""
    required: xr.DataArray
    """(unit_type, phase, sector, task) wanted"""
    shortfall: xr.DataArray
    """(unit_type, phase, sector, task) below what is wanted"""
    critical: xr.DataArray
    """(unit_type, phase, sector, task) below the minimum"""
    serving: xr.DataArray
    """(pledge, period, sector, task)"""
    weekly: xr.DataArray
    """(pledge, week, sector, task) as lift and notice let them arrive; week 0 is the decision"""
    stays: xr.DataArray
    """(stay, of) units, all of them from week `start` to `end` in so many equally long `tours`"""
    cost: xr.DataArray
    """(contributor, payer) money for the whole operation: of the `fund`, the `contributor`, and each in `borne_by`"""
    common: xr.DataArray
    """(choice, sector, period) whether a choice (`composition.RULE: arabic`) holds where it matters who serves there"""
    unsupported: xr.DataArray
    """(support, phase, place) people beyond what the units of that support there cover; a place is a sector, one
    contributor's people, or the whole `force`"""
    moved: xr.DataArray
    """(route, phase) battalion equivalents that come and go by it"""
    withheld: tuple[str, ...]
    """Pledges that a condition or a veto keeps out."""
    start: np.ndarray
    """First week of every period."""
    end: np.ndarray

    def __repr__(self) -> str:
        phases = [
            f"{phase}: {float(self.assigned.sel({PHASE: phase}).sum()):,.0f} of "
            f"{float(self.required.sel({PHASE: phase}).sum()):,.0f} persons"
            for phase in self.assigned[PHASE].values
        ]
        return f"Plan ({self.solver.status}, gap {self.solver.gap:.1%}); {'; '.join(phases)}"


def plan(scenario: Scenario, *, gap: float = OPTIMAL, seconds: float | None = None, period: int = HALF_YEAR) -> Plan:
    """The best assignment of a scenario's pledges to its requirements under the option it stands for.

    Args:
        scenario: as it stands under one option (`scenario.under(option)`).
        gap: relative distance to the bound at which a plan is good enough.
        seconds: after which the best plan found so far is taken; if not given, the search ends by its work alone.
        period: weeks in one step of the plan.

    """
    instance = build_instance(scenario, period)
    return to_plan(scenario, instance, solve(instance, gap=gap, seconds=seconds))


def to_plan(scenario: Scenario, instance: Instance, solution: Solution) -> Plan:
    """A solution in the scenario's own words."""
    groups, cells, demand, calendar = instance.groups, instance.cells, instance.demand, instance.calendar
    pledges = [p.id for p in scenario.pledges]
    place = np.array([pledges.index(name) for name in groups.name], int)
    persons = groups.persons[cells.group][:, None]

    def of_pledges(units: np.ndarray, time: str) -> xr.DataArray:
        return _placed(instance, units * persons, cells.row, {PLEDGE: pledges}, place[cells.group], time)

    stays = solution.stays.copy()
    stays[:, 0] = place[stays[:, 0].astype(int)]
    coords = {STAY: np.arange(len(stays)), "of": ["pledge", "start", "end", "tours", "units"]}
    served, phases = of_pledges(solution.serving, PERIOD), _phases(scenario, instance)
    return Plan(
        solver=solution.solver,
        assigned=(served @ phases).transpose(PLEDGE, PHASE, SECTOR, TASK).assign_attrs(units="person"),
        required=_by_row(instance, demand.wanted, phases), shortfall=_by_row(instance, solution.short, phases),
        critical=_by_row(instance, solution.critical, phases), serving=served,
        weekly=of_pledges(np.repeat(solution.serving, calendar.end - calendar.start, axis=1), WEEK),
        stays=xr.DataArray(stays, coords, attrs={"units": "1"}),
        cost=_cost(scenario, served, calendar.months), common=_common(instance, solution),
        unsupported=_unsupported(instance, solution.serving, phases), moved=_moved(instance, solution, phases),
        withheld=tuple(name for name in pledges if name not in groups.name), start=calendar.start, end=calendar.end,
    )  # fmt: skip


def _common(instance: Instance, solution: Solution) -> xr.DataArray:
    """What holds in a sector, wherever somebody serves whom not every choice would suit."""
    cells, labels, holds = instance.cells, [], []
    served = solution.serving > 0
    for rule in instance.limits.compatible:
        picky = ~rule.suits[:, cells.group].all(axis=0)
        matters = [
            served[picky & (instance.demand.sector[cells.row] == s)].any(axis=0) for s in range(len(instance.sectors))
        ]
        first = len(labels)
        labels += [f"{rule.name}: {choice}" for choice in rule.choices]
        holds.append(solution.common[first : len(labels)] & np.array(matters))
    shape = (0, len(instance.sectors), len(instance.calendar))
    coords = {CHOICE: labels, SECTOR: list(instance.sectors), PERIOD: np.arange(len(instance.calendar))}
    return xr.DataArray(np.concatenate([np.zeros(shape, bool), *holds]), coords=coords, dims=list(coords))


def _placed(
    instance: Instance, persons: np.ndarray, rows: np.ndarray, whose: dict[str, list[str]], of: np.ndarray, time: str
) -> xr.DataArray:
    """Persons (entry, time) by whose they are, time, sector and task, given the row and the owner of each entry."""
    demand, steps = instance.demand, np.arange(persons.shape[1])
    coords = whose | {time: steps, SECTOR: list(instance.sectors), TASK: list(instance.tasks)}
    found = np.zeros([len(labels) for labels in coords.values()])
    np.add.at(found, (of[:, None], steps, demand.sector[rows][:, None], demand.task[rows][:, None]), persons)
    return xr.DataArray(found, coords=coords, dims=list(coords), attrs={"units": "person"})


def _phases(scenario: Scenario, instance: Instance) -> xr.DataArray:
    """The share of each period in a phase's average; (phase, period)."""
    calendar, phases = instance.calendar, scenario.mandate.phases
    share = np.array([calendar.within(p.start, p.end) for p in phases.values()]) * calendar.weeks
    share = share / np.maximum(share.sum(1, keepdims=True), 1)
    return xr.DataArray(share, coords={PHASE: list(phases), PERIOD: np.arange(len(calendar))})


def _by_row(instance: Instance, values: np.ndarray, phases: xr.DataArray) -> xr.DataArray:
    rows, units = np.arange(len(values)), {UNIT_TYPE: list(instance.units)}
    array = _placed(instance, np.round(values, 6) + 0.0, rows, units, instance.demand.unit, PERIOD)
    return (array @ phases).transpose(UNIT_TYPE, PHASE, SECTOR, TASK).assign_attrs(units="person")


def _cost(scenario: Scenario, served: xr.DataArray, months: np.ndarray) -> xr.DataArray:
    """What keeping the force in theatre costs, by who sends it and who pays; the fund owes its rate and pays a part."""
    stay = (served.sum([SECTOR, TASK]).values * months).sum(1)
    contributors, others = list(scenario.contributors), sorted({who for p in scenario.pledges for who in p.borne_by})
    total = np.zeros((len(contributors), 2 + len(others)))
    for pledge, person_months in zip(scenario.pledges, stay, strict=True):
        owner, paid = contributors.index(pledge.contributor), owed(scenario, pledge) * scenario.reimbursement.paid.best
        borne = [pledge.cost.best * pledge.borne_by[who].best if who in pledge.borne_by else 0.0 for who in others]
        total[owner] += person_months * np.array([paid, pledge.cost.best * pledge.left - paid, *borne])
    coords = {CONTRIBUTOR: contributors, PAYER: ["fund", "contributor", *others]}
    return xr.DataArray(total, coords=coords, attrs={"units": scenario.currency})


def _unsupported(instance: Instance, serving: np.ndarray, phases: xr.DataArray) -> xr.DataArray:
    """People whom no unit of support covers where they are, counted from who serves where."""
    cells, rules = instance.cells, instance.limits.supports
    kinds = [rule.within for rule in rules]
    more = (name for kind in ("contributor", "force") if kind in kinds for name in instance.places(kind))
    places = list(dict.fromkeys((*instance.sectors, *more)))  # a sector may have the name of a contributor
    beyond = np.zeros((len(rules), len(places), serving.shape[1]))
    for rule, found in zip(rules, beyond, strict=True):
        named = np.array([places.index(name) for name in instance.places(rule.within)])
        at = named[instance.place(rule.within, cells.group, cells.row)]
        np.add.at(found, at, instance.load(rule)[cells.group, None] * serving)
        found -= rule.beyond
    coords = {SUPPORT: [rule.name for rule in rules], PLACE: places, PERIOD: np.arange(serving.shape[1])}
    missing = xr.DataArray(np.maximum(beyond, 0.0), coords=coords, dims=list(coords))
    return (missing @ phases).transpose(SUPPORT, PHASE, PLACE).assign_attrs(units="person")


def _moved(instance: Instance, solution: Solution, phases: xr.DataArray) -> xr.DataArray:
    """What comes and goes by each route in each phase; what arrives in a phase's first week travelled before it."""
    names = [route.name for route in instance.limits.routes]
    period = np.searchsorted(instance.calendar.end, solution.ways[:, 1] - DAYS)
    found = np.zeros((len(names), len(instance.calendar)))
    np.add.at(found, (solution.ways[:, 2].astype(int), period), solution.ways[:, 3])
    each = xr.DataArray(found, coords={ROUTE: names, PERIOD: np.arange(found.shape[1])}, dims=[ROUTE, PERIOD])
    return (each @ (phases > 0).astype(float)).transpose(ROUTE, PHASE).assign_attrs(units="battalion")


def operating(scenario: Scenario, plan: Plan) -> dict[str, int | None]:
    """The first weeks in which every minimum is met (`initial`) and all that is wanted is there (`full`), if any is.

    Initial and full operating capability, of all requirements that stand in that week.
    """
    unit, missing = [p.unit for p in scenario.pledges], np.zeros((2, plan.weekly.sizes[WEEK]))
    there = plan.weekly.assign_coords(unit=(PLEDGE, unit)).groupby("unit").sum() if unit else None
    for phase in scenario.mandate.phases.values():
        asked: dict[tuple[str, str, str], np.ndarray] = {}
        for r in scenario.requirements:
            if scenario.mandate.phases[r.phase] is phase:
                asked[r.unit, r.sector, r.task] = asked.get((r.unit, r.sector, r.task), 0) + np.array(
                    [r.minimum.best, r.wanted.best]
                )
        for (kind, sector, task), persons in asked.items():
            has = 0.0 if there is None or kind not in unit else there.sel(unit=kind, sector=sector, task=task).values
            below = np.maximum(persons[:, None] - has, 0.0)
            missing[:, phase.start : phase.end] += np.broadcast_to(below, missing.shape)[:, phase.start : phase.end]
    met = missing < NOBODY
    return {name: int(now.argmax()) if now.any() else None for name, now in zip(("initial", "full"), met, strict=True)}


def largest_phase(assigned: xr.DataArray) -> xr.DataArray:
    """Persons of every pledge at work in the phase in which most of them are, given (pledge, phase, sector, task)."""
    return assigned.fillna(0).sum([SECTOR, TASK]).max(PHASE)


def plan_sheets(scenario: Scenario, plan: Plan) -> list[Results]:
    """A plan as sheets of a workbook: who serves where and when, what is short, who arrives when, what it costs.

    People are whole numbers; weeks are counted from the day on which the force may begin.
    """
    from contingent.scenario.workbook import Results

    pledges, sectors, tasks = scenario.pledges, scenario.theatre.sectors, scenario.mandate.tasks
    weekly, lines = plan.weekly.round(), list[list[Any]]()
    arrivals = list[list[Any]]()
    for pledge in pledges:
        named = [pledge.id, scenario.contributors[pledge.contributor].label, scenario.unit_types[pledge.unit].label]
        mine, first = weekly.sel(pledge=pledge.id), len(lines)
        for sector, task in product(sectors, tasks):
            week = 1
            for people, run in groupby(mine.sel(sector=sector, task=task).values.tolist()):
                week += (long := len(list(run)))
                if people:
                    where = [sectors[sector].label, tasks[task].label, week - long, week - 1]
                    lines.append([*named, pledge.status, *where, people])
        if len(lines) == first:
            why = "withheld" if pledge.id in plan.withheld else "not used"
            lines.append([*named, pledge.status, why, "", "", "", 0])
        there = mine.sum([SECTOR, TASK]).values
        for at, more in enumerate(np.diff(there, prepend=0).tolist()):
            if more > 0:
                arrivals.append([at + 1, *named, more, float(there[at])])
    places = {(r.unit, r.phase, r.sector, r.task): r for r in scenario.requirements}
    short = []
    for (unit, phase, sector, task), asked in places.items():
        cell: dict[Any, str] = {"phase": phase, "sector": sector, "task": task}
        sent = dict.fromkeys(("offered", "confirmed", "withdrawn"), 0.0)
        for pledge in (each for each in pledges if each.unit == unit):
            sent[pledge.status] += float(plan.assigned.sel({**cell, PLEDGE: pledge.id}))
        below = (float(each.sel({**cell, UNIT_TYPE: unit})) for each in (plan.shortfall, plan.critical))
        where = [sectors[sector].label, tasks[task].label, scenario.mandate.phases[phase].label]
        numbers = (asked.minimum.best, asked.wanted.best, sent["offered"], sent["confirmed"], *below)
        short.append([asked.id, scenario.unit_types[unit].label, *where, *(round(each) for each in numbers)])
    costs = [
        [scenario.contributors[str(code)].label, round(fund), round(own), round(fund + own)]
        for code, (fund, own) in zip(plan.cost[CONTRIBUTOR].values, plan.cost.values.tolist(), strict=True)
    ]
    average = "people, average of the phase"
    sheets = {
        "Plan": ("Pledge|Contributor|Unit|Status|Sector|Task|From week|To week|People", lines),
        "Plan lines": (
            "Requirement|Unit|Sector|Task|Phase|+Minimum, people|+Wanted, people"
            f"|+From pledges offered, {average}|+From pledges confirmed, {average}|+Short, {average}"
            f"|+Below the minimum, {average}", short,
        ),
        "Plan arrivals": (
            "Week|Pledge|Contributor|Unit|+Arriving, people|Then there of the pledge, people",
            sorted(arrivals, key=itemgetter(0)),
        ),
        "Plan cost": (
            "Contributor|+Paid by the fund, US dollars|+Borne by the contributor, US dollars|+Total, US dollars", costs,
        ),
    }  # fmt: skip
    return [Results.wide_enough(name, heads.split("|"), rows) for name, (heads, rows) in sheets.items()]
