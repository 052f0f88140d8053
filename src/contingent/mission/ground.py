"""What the theatre looks like in every run, as arrays a compiled loop can walk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from contingent.ensemble.design import Design
from contingent.errors import InputError
from contingent.mission.block import PLACE
from contingent.scenario.model import Scenario
from contingent.scenario.theatre import Theatre


@dataclass(frozen=True, slots=True)
class Ground:
    """The theatre, run by run.

    `place` (run, sector, field): the fields of `block.PLACE`: population (thousands), unmet need (share), debris
    (t), homes destroyed, armed people, their weapons. `gates` (run, crossing, 2): trucks a week when open, and
    probability of being open on the first day. `arrivals` (run): trucks a week that would meet all needs.
    `neighbours` (sector, sector): share each neighbour has in what spills over. `serves` (crossing, sector).
    """

    place: np.ndarray
    gates: np.ndarray
    arrivals: np.ndarray
    neighbours: np.ndarray
    serves: np.ndarray


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


def survey(scenario: Scenario, design: Design) -> Ground:
    """The theatre in the runs of a design; uncertain numbers are drawn under their dotted paths.

    Goods crossings only: people's crossings carry no trucks and take no part in the equations.
    """
    theatre, runs = scenario.theatre, len(design.index)
    names = list(theatre.sectors)
    place = np.zeros((runs, len(names), len(PLACE)))
    for d, (name, sector) in enumerate(theatre.sectors.items()):
        path = f"theatre.sectors.{name}"
        place[:, d, 0] = design.sample(f"{path}.population", sector.population) / 1000
        place[:, d, 1] = design.sample(f"{path}.need", sector.need)
        place[:, d, 2] = design.sample(f"{path}.debris", sector.debris)
        place[:, d, 3] = design.sample(f"{path}.homes_destroyed", sector.homes_destroyed)
    for name, group in theatre.armed_groups.items():
        path = f"theatre.armed_groups.{name}"
        strength = design.sample(f"{path}.strength", group.strength)
        each = design.sample(f"{path}.weapons_per_person", group.weapons_per_person)
        spread = np.zeros((runs, len(names)))
        for sector, share in group.sectors.items():
            spread[:, names.index(sector)] = design.sample(f"{path}.sectors.{sector}", share)
        whole = spread.sum(axis=1, keepdims=True)
        there = strength[:, None] * np.divide(spread, whole, out=np.zeros_like(spread), where=whole > 0)
        place[:, :, 4] += there
        place[:, :, 5] += there * each[:, None]
    goods = {name: crossing for name, crossing in theatre.crossings.items() if crossing.goods}
    gates, serves = np.zeros((runs, len(goods), 2)), np.zeros((len(goods), len(names)))
    for i, (name, crossing) in enumerate(goods.items()):
        gates[:, i, 0] = design.sample(f"theatre.crossings.{name}.capacity", crossing.capacity) * 7
        gates[:, i, 1] = design.sample(f"theatre.crossings.{name}.open_at_start", crossing.open_at_start)
        for sector in crossing.serves:
            serves[i, names.index(sector)] = 1.0
    arrivals = design.sample("theatre.trucks_needed", theatre.trucks_needed) * 7
    neighbours = np.zeros((len(names), len(names)))
    for d, sector in enumerate(theatre.sectors.values()):
        for other in sector.neighbours:
            neighbours[d, names.index(other)] = 1.0 / len(sector.neighbours)
    return Ground(place, gates, arrivals, neighbours, serves)
