"""A first statement of requirements where the user has only a concept of operations: tasks, sectors and people.

Rules, each with its source or named a judgement; what comes out is a proposal to edit, never a finding. Of units that
can stand in for each other, the first that the case knows is asked for.

    infantry for presence   1.5 (at least) and 2.5 (wanted) soldiers per 1,000 inhabitants in the busiest phase, between
                            the 1 to 4 police of a peaceful population and the 20 and more where order had to be made
                            (Quinlivan 2003, RAND Review, Summer), in whole units
    a line without people   for presence, monitoring and deterrence 1 (at least) and 2.5 (wanted) people a square
                            kilometre; forces on lines keep 2 to 5 (Cyprus some 850 on 346, Golan some 1,100 on 235)
    police                  for presence one formed unit a sector, a second above 400,000 inhabitants (judgement); for
                            policing .35 (at least) and .7 (wanted) per 1,000 inhabitants in the busiest phase, beside
                            the place's own (judgement)
    protection of sites     two companies or formed police units a sector, one at least (judgement)
    monitoring, deterrence  where people live one battalion a sector, three companies at least (judgement)
    disarmament             one ordnance company and three infantry companies a sector (judgement)
    clearance               one ordnance and one engineer company a sector (judgement)
    crossings               one battalion where goods and people cross, three companies where goods only (judgement)
    aid                     one engineer and one transport company a sector, a second above 400,000 inhabitants,
                            one level 2 hospital for every 1,500 soldiers (judgement)
    training                one team a sector, a second above 400,000 inhabitants (judgement)
    governance              one civil-military team a sector (judgement)
"""

import math
import tomllib
from itertools import product

from contingent.force.states import DATA
from contingent.quantities import Estimate, Unit
from contingent.scenario.model import Scenario
from contingent.scenario.theatre import Requirement

AT_LEAST, WANTED = 1.5, 2.5  # infantry per 1,000 inhabitants
CROWDED = 400_000  # inhabitants above which a sector gets a second unit
COVERED = 1500  # soldiers one level 2 hospital covers (judgement)
COMPANY = 170  # soldiers of a battalion's company
PERSON = Unit("person", 0)
LINE = (1.0, 2.5)  # soldiers a square kilometre where nobody lives, at least and wanted
POLICE = (0.35, 0.7)  # formed police per 1,000 inhabitants, at least and wanted
UNITS = tomllib.loads((DATA / "units_by_task.toml").read_text("utf-8"))
"""For every kind of task its weight, and its units, each with those that can stand in for it."""


def propose(scenario: Scenario) -> tuple[Requirement, ...]:
    """Requirements for every task, sector and phase of a scenario, of the unit types it knows.

    The first phase asks 60 % and the last 70 % of the infantry of the phases between (judgement).
    """
    found = []
    phases = list(scenario.mandate.phases)
    last = len(phases) - 1
    for name, task in scenario.mandate.tasks.items():
        asked = UNITS[task.contributes_to]
        for place, phase, able in product(scenario.theatre.sectors, phases, asked["units"]):
            number = phases.index(phase)
            ramp = 0.6 if number == 0 and last else 0.7 if number == last and last > 1 else 1.0
            unit = next((each for each in able if each in scenario.unit_types), None)
            if unit is not None:
                least, wanted = _persons(scenario, task.contributes_to, unit, place, ramp)
                if wanted:
                    found.append(_row(name, place, phase, unit, least, wanted, asked["weight"]))
    return (*found, *_hospitals(scenario, found))


def _hospitals(scenario: Scenario, found: list[Requirement]) -> list[Requirement]:
    """One level 2 hospital for every 1,500 soldiers wanted, in the most populous sectors first, in every phase."""
    unit = "level_two_hospital"
    tasks = [name for name, task in scenario.mandate.tasks.items() if task.contributes_to == "aid"]
    if unit not in scenario.unit_types or not tasks:
        return []
    sectors, beds = scenario.theatre.sectors, scenario.unit_types[unit].strength
    places = sorted(sectors, key=lambda place: (-sectors[place].population.best, place))
    rows = []
    for phase in scenario.mandate.phases:
        soldiers = sum(row.wanted.best for row in found if row.phase == phase)
        count = math.ceil(soldiers / COVERED)
        for rank, place in enumerate(places[:count]):
            here = count // len(places) + (rank < count % len(places)) if count > len(places) else 1
            rows.append(_row(tasks[0], place, phase, unit, beds, here * beds, 3.0))
    return rows


def _persons(scenario: Scenario, kind: str, unit: str, place: str, ramp: float) -> tuple[float, float]:
    """The least and the wanted number of people."""
    strength = scenario.unit_types[unit].strength
    people = scenario.theatre.sectors[place].population.best
    units = 2 if people > CROWDED else 1
    if people <= 0 and unit == "formed_police_unit":
        return 0, 0
    if people <= 0 and kind in ("presence", "monitoring", "deterrence"):
        return _whole(LINE, ramp * scenario.theatre.sectors[place].area.best, strength)
    if kind == "policing":
        return _whole(POLICE, ramp * people / 1000, strength)
    if kind == "protection":
        some = min(COMPANY, strength)
        return some, 2 * some
    if kind in ("monitoring", "deterrence"):
        return min(3 * COMPANY, strength), strength
    if kind == "presence" and unit == "infantry_battalion":
        return _whole((AT_LEAST, WANTED), ramp * people / 1000, strength)
    if kind == "disarmament" and unit == "infantry_battalion":
        return COMPANY, 3 * COMPANY
    if kind == "crossings":
        crossings = [c for c in scenario.theatre.crossings.values() if place in c.serves]
        if not crossings:
            return 0, 0
        busy = any(c.people for c in crossings)
        return (2 * COMPANY, strength) if busy else (COMPANY, 3 * COMPANY)
    return strength, strength * (units if kind in ("presence", "aid", "training") else 1)


def _whole(rates: tuple[float, float], of: float, strength: float) -> tuple[float, float]:
    """The least and the wanted number of people at two rates, in whole units, one at least."""
    least, wanted = (max(1, round(rate * of / strength)) * strength for rate in rates)
    return least, max(least, wanted)


def _row(task: str, place: str, phase: str, unit: str, least: float, wanted: float, weight: float) -> Requirement:
    return Requirement(
        id=f"{place}_{task}_{unit}_{phase}", unit=unit, sector=place, task=task, phase=phase,
        minimum=Estimate(least, least, least, unit=PERSON), wanted=Estimate(wanted, wanted, wanted, unit=PERSON),
        weight=Estimate(weight, weight, weight),
        assumption="a proposal by judgement, from the ratios of force to people and ground in contingent.force.propose",
    )  # fmt: skip
