"""Which numbers do the equations use, how sure are we of each, and what does it rest on?

Priors of the parameters, and what the mandate of an option makes of them: who commands, on what basis, with what
right to use force. Each multiplier is a row named after the mandate's own words (`command_un`,
`basis_unsc_resolution`, `force_enforcement` ...), so that none hides in the code.

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
from contingent.scenario.theatre import Mandate, Theatre

WORDS = ("command_", "basis_", "force_self", "force_protection", "force_enforcement", "exposure_", "coercion_")
"""How the parameters begin that stand for a word of the mandate and act only through it."""
USED_BEFORE = ("home_sensitivity", "register_inflation", "event_rate", "ground_scale")
"""Parameters that enter no equation of the kernel but what goes into it or comes out of it."""


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
    table["event_rate"] = usual_rate(scenario.theatre)
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


def usual_rate(theatre: Theatre) -> Estimate:
    """Events a week per 1,000 armed people in conflicts of the theatre's kind: an assumption, and said to be one.

    The kind is what the theatre says; else `truce` where a cease-fire is in force, and `war` where none is.
    """
    truce = theatre.ceasefire
    kind = theatre.conflict or ("truce" if truce is not None and truce.holds else "war")
    text = files("contingent.mission").joinpath("data/violence_by_kind.csv").read_text(encoding="utf-8")
    row = next(row for row in csv.DictReader(text.splitlines()) if row["kind"] == kind)
    prior, each = priors()["event_rate"].estimate, priors()["civilian_deaths_per_event"].estimate.best
    best, low, high = (float(row[key]) / each for key in ("best", "low", "high"))
    said = "" if theatre.conflict else f", as in {kind} for want of `theatre.conflict`"
    why = f"usual in {row['cases']} places of the kind `{kind}`{said}; no rate and no deaths observed are given"
    return Estimate(best, low, high, assumption=why, unit=prior.unit)


def draw(scenario: Scenario, design: Design) -> dict[str, np.ndarray]:
    """One value of every parameter a run; shape (run,) each.

    Parameters are the same for every option; see `authorized` for what the option's mandate makes of them.
    """
    return {
        name: np.full(len(design.index), estimate.best)
        if estimate.certain
        else design.sample(f"mission.{name}", estimate)
        for name, estimate in estimates(scenario).items()
    }


def odds_scaled(share: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """The share whose odds are `factor` times those of `share`."""
    odds = factor * share
    return odds / (1.0 - share + odds)


def authorized(drawn: dict[str, np.ndarray], mandate: Mandate) -> dict[str, np.ndarray]:
    """The drawn parameters as they act under this mandate, with `force_share` (nu f) and `coercion` (y) added.

    Command and the use of force scale what the force does about violence (Bara & Hultman 2020,
    doi:10.1080/13533312.2020.1737023); the legal basis scales the odds of the armed groups' consent and
    of the people's support; the use of force scales the force's own risk.
    """
    basis, force = drawn[f"basis_{mandate.legal_basis}"], mandate.use_of_force
    acting = {name: values for name, values in drawn.items() if not name.startswith(WORDS)}
    return acting | {
        "force_share": drawn[f"command_{mandate.command}"] * drawn[f"force_{force}"],
        "coercion": drawn[f"coercion_{force}"],
        "consent_share": odds_scaled(drawn["consent_share"], basis),
        "support_at_start": odds_scaled(drawn["support_at_start"], basis),
        "attack_risk": drawn["attack_risk"] * drawn[f"exposure_{force}"],
    }
