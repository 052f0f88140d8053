"""How does a plan stand in a planner's workbook, beside what it was made from?"""

from itertools import groupby, product
from operator import itemgetter
from typing import Any

import numpy as np

from contingent.force.plan import Plan
from contingent.labels import CONTRIBUTOR, PLEDGE, SECTOR, TASK, UNIT_TYPE
from contingent.scenario.model import Scenario
from contingent.scenario.workbook import Results


def plan_sheets(scenario: Scenario, plan: Plan) -> list[Results]:
    """A plan as sheets of a workbook: who serves where and when, what is short, who arrives when, what it costs.

    People are whole numbers; weeks are counted from the day on which the force may begin.
    """
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
