"""Which numbers the equations use, how sure we are of each, and what it rests on.

The table is data/priors.csv: a median and a 90 % interval a parameter. A theatre that knows better
overrides it under `theatre.parameters`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

import numpy as np

from contingent.ensemble.design import Design
from contingent.errors import InputError
from contingent.quantities import Estimate, Unit
from contingent.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of one parameter before this theatre is looked at."""

    name: str
    symbol: str
    equation: str
    estimate: Estimate
    basis: str
    """`literature`, `data`, `judgement`, `scenario` (a theatre must say), or `definition` (a unit of comparison)."""
    source: str


@lru_cache(maxsize=1)
def priors() -> dict[str, Prior]:
    """Every parameter of the model by name, in the order of the table."""
    text = files("contingent.mission").joinpath("data/priors.csv").read_text(encoding="utf-8")
    table = {}
    for row in csv.DictReader(text.splitlines()):
        unit = Unit(row["unit"], float(row["at_least"]), float(row["at_most"]))
        best, low, high = (float(row[key]) for key in ("best", "low", "high"))
        estimate = Estimate(best, low, high, assumption=row["source"], unit=unit)
        table[row["name"]] = Prior(row["name"], row["symbol"], row["equation"], estimate, row["basis"], row["source"])
    return table


def estimates(scenario: Scenario) -> dict[str, Estimate]:
    """The belief about every parameter in this theatre.

    Raises:
        InputError: the theatre overrides a parameter that does not exist, or puts it out of its range.
    """
    table = {name: prior.estimate for name, prior in priors().items()}
    faults = []
    for name, given in scenario.theatre.parameters.items():
        if name not in table:
            faults.append(f"theatre.parameters.{name}: the mission model has no such parameter")
            continue
        unit = table[name].unit
        if given.low < unit.at_least or given.high > unit.at_most:
            faults.append(f"theatre.parameters.{name}: {given} is not allowed: {unit.range}")
            continue
        table[name] = replace(given, unit=unit)
    if faults:
        raise InputError("\n".join(faults))
    return table


def draw(scenario: Scenario, design: Design) -> dict[str, np.ndarray]:
    """One value of every parameter a run; shape (run,) each.

    Parameters are the same for every option; what the option's mandate makes of them is in `authority`.
    """
    return {
        name: np.full(len(design.index), estimate.best)
        if estimate.certain
        else design.sample(f"mission.{name}", estimate)
        for name, estimate in estimates(scenario).items()
    }
