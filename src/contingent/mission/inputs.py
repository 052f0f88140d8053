"""What does the kernel need to know of one option, in every run?

Every uncertain number of the theatre and of the contributors' publics, drawn by its dotted path, and the force plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import zeta

from contingent.ensemble.design import Design
from contingent.errors import InputError
from contingent.mission import state
from contingent.mission.eq01_coverage import changes, sort_by_channel
from contingent.mission.kernel import Given, Network, Plan
from contingent.mission.parameters import authorized, draw
from contingent.mission.presence import Presence, check_presence
from contingent.quantities import Estimate
from contingent.scenario.model import Scenario
from contingent.scenario.theatre import Theatre
from contingent.streams import Streams


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the kernel is given; names in the order of their axes.

    `theta` (parameter, run). `theatre` (run), `sectors` (run, sector), `crossings` (run, crossing) and `publics` (run,
    contributor) are records of the given fields of data/state.csv. `neighbours` (sector, sector) is the share each
    neighbour has in what spills over; `serves` (crossing, sector). `who` (contributor) is its number in the scenario.
    `planned` (pledge, channel, week, sector) persons is the plan from which `when`, `pledge` and `change` follow.
    """

    seed_key: np.uint64
    runs: np.ndarray
    weeks: int
    parameters: tuple[str, ...]
    theta: np.ndarray
    theatre: np.ndarray
    sectors: np.ndarray
    crossings: np.ndarray
    publics: np.ndarray
    neighbours: np.ndarray
    serves: np.ndarray
    contributors: tuple[str, ...]
    who: np.ndarray
    planned: np.ndarray
    when: np.ndarray
    pledge: np.ndarray
    change: np.ndarray
    owner: np.ndarray
    delivered: np.ndarray
    delay: np.ndarray

    def parameter(self, name: str) -> np.ndarray:
        """The values of a parameter; shape (run,)."""
        return self.theta[self.parameters.index(name)]

    @property
    def given(self) -> Given:
        """What is drawn, as the kernel takes it."""
        theatre, sectors, crossings, publics = (
            state.plain(np.ascontiguousarray(records))
            for records in (self.theatre[:, None], self.sectors, self.crossings, self.publics)
        )
        return Given(self.theta, theatre, sectors, crossings, publics)

    @property
    def network(self) -> Network:
        """What touches what, as the kernel takes it."""
        return Network(self.neighbours, self.serves, self.who)

    @property
    def plan(self) -> Plan:
        """The force plan, as the kernel takes it."""
        return Plan(self.when, self.pledge, self.change, self.owner, self.delivered, self.delay)


def prepare(scenario: Scenario, presence: Presence, design: Design) -> Inputs:
    """Check what is given and draw every uncertain number of the mission.

    Goods crossings only: people's crossings carry no trucks and take no part in the equations.

    Raises:
        InputError: the theatre or the force plan cannot be simulated; says everything that is wrong.
    """
    check_theatre(scenario.theatre)
    check_presence(presence, scenario, len(design.index))
    theta = authorized(draw(scenario, design), scenario.mandate)
    theatre = scenario.theatre
    goods = {name: crossing for name, crossing in theatre.crossings.items() if crossing.goods}
    planned, owner, contributors = sort_by_channel(presence, scenario)
    when, pledge, change = changes(planned)
    sensitivity = [
        design.sample(f"contributors.{code}.casualty_sensitivity", scenario.contributors[code].casualty_sensitivity)
        for code in contributors
    ]
    worked_out = {
        "theatre": {"attack_size": mean_attack_size(theta["attack_tail"], theta["attack_largest"])[:, None]},
        "sector": dict(zip(("armed_start", "weapons_start"), armed_people(theatre, design), strict=True)),
        "crossing": {},
        "contributor": {"sensitivity": theta["home_sensitivity"][:, None] * columns(sensitivity, design)},
    }
    items = {"theatre": [""], "sector": list(theatre.sectors), "crossing": list(goods), "contributor": contributors}
    drawn = {
        name: kind.record(from_paths(kind, scenario, items[name], design) | worked_out[name])
        for name, kind in state.TYPES.items()
    }
    return Inputs(
        seed_key=Streams(design.seed).counter_key("mission"),
        runs=design.index.astype(np.int64),
        weeks=scenario.horizon,
        parameters=tuple(theta),
        theta=np.stack(list(theta.values())),
        theatre=drawn["theatre"][:, 0],
        sectors=drawn["sector"],
        crossings=drawn["crossing"],
        publics=drawn["contributor"],
        neighbours=neighbours(theatre),
        serves=np.array([[float(name in crossing.serves) for name in theatre.sectors] for crossing in goods.values()])
        .reshape(len(goods), len(theatre.sectors)),
        contributors=contributors,
        who=np.array([list(scenario.contributors).index(code) for code in contributors], dtype=np.int64),
        planned=planned,
        when=when,
        pledge=pledge,
        change=change,
        owner=owner,
        delivered=np.ascontiguousarray(presence.delivered.values, np.float64),
        delay=np.rint(presence.delay.values).astype(np.int64),
    )  # fmt: skip


def check_theatre(theatre: Theatre) -> None:
    """Refuse a theatre in which nothing can happen, saying everything that is wrong with it.

    Raises:
        InputError: no sectors, a sector with nobody, or armed people with nowhere to be.
    """
    faults = [] if theatre.sectors else ["theatre.sectors: there is no sector"]
    faults += [
        f"theatre.sectors.{name}: has nobody in it; leave the sector out or give its population"
        for name, sector in theatre.sectors.items()
        if sector.population.best <= 0
    ]
    for name, group in theatre.armed_groups.items():
        if group.strength.high > 0 and sum(share.best for share in group.sectors.values()) <= 0:
            faults.append(f"theatre.armed_groups.{name}: is in no sector; give its share in at least one")
    if faults:
        raise InputError("\n".join(faults))


def from_paths(
    kind: state.RecordType, scenario: Scenario, names: list[str] | tuple[str, ...], design: Design
) -> dict[str, np.ndarray]:
    """The given fields of a record that are drawn under a path of the scenario, by field; shape (run, record).

    Raises:
        ValueError: data/state.csv names a path that a scenario does not have.
    """
    found = {}
    for field in kind.of(state.GIVEN):
        if field.path:
            paths = [field.path.replace("*", name) for name in names]
            times, over = field.times
            drawn = [design.sample(path, at(scenario, path, field)) * times / over for path in paths]
            found[field.name] = columns(drawn, design)
    return found


def at(scenario: Scenario, path: str, field: state.Field) -> Estimate:
    """The estimate at a dotted path."""
    here: Any = scenario
    for part in path.split("."):
        here = here.get(part) if isinstance(here, dict) else getattr(here, part, None)
    if here is None:
        raise ValueError(f"data/state.csv, field {field.name}: a scenario has nothing at {path}")
    return here


def columns(drawn: list[np.ndarray], design: Design) -> np.ndarray:
    """One column an item; shape (run, item), also where there is none."""
    return np.stack(drawn, axis=1) if drawn else np.zeros((len(design.index), 0))


def armed_people(theatre: Theatre, design: Design) -> tuple[np.ndarray, np.ndarray]:
    """Armed people and their weapons by sector, from the groups' strengths and how they are spread; (run, sector)."""
    runs, names = len(design.index), list(theatre.sectors)
    people, weapons = np.zeros((2, runs, len(names)))
    for name, group in theatre.armed_groups.items():
        path = f"theatre.armed_groups.{name}"
        strength = design.sample(f"{path}.strength", group.strength)
        each = design.sample(f"{path}.weapons_per_person", group.weapons_per_person)
        spread = np.zeros((runs, len(names)))
        for sector, share in group.sectors.items():
            spread[:, names.index(sector)] = design.sample(f"{path}.sectors.{sector}", share)
        whole = spread.sum(axis=1, keepdims=True)
        there = strength[:, None] * np.divide(spread, whole, out=np.zeros_like(spread), where=whole > 0)
        people += there
        weapons += there * each[:, None]
    return people, weapons


def neighbours(theatre: Theatre) -> np.ndarray:
    """The share each neighbour has in what spills over into a sector; shape (sector, sector)."""
    names = list(theatre.sectors)
    found = np.zeros((len(names), len(names)))
    for d, sector in enumerate(theatre.sectors.values()):
        for other in sector.neighbours:
            found[d, names.index(other)] = 1.0 / len(sector.neighbours)
    return found


def mean_attack_size(tail: np.ndarray, largest: np.ndarray) -> np.ndarray:
    """Mean deaths an attack of the cut discrete Pareto, sum of n**-tail up to the largest; shape (run,)."""
    return zeta(tail, 1) - zeta(tail, np.floor(largest) + 1)
