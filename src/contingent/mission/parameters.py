"""Which numbers do the equations use, how sure are we of each, and what does it rest on?

Priors of the parameters, and what the mandate of an option makes of them: who commands, on what basis, with what
right to use force. Each multiplier is a row named after the mandate's own words (`command_un`,
`basis_unsc_resolution`, `force_enforcement` ...), so that none hides in the code.

The table is data/priors.csv: a median and a 90 % interval a parameter; data/labels.csv says each in words, and of which
parts of the model or tasks of the force it is. A theatre that knows better overrides it under `theatre.parameters`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from contingent.ensemble.design import Design
from contingent.errors import InputError, did_you_mean
from contingent.mission.tables import rows
from contingent.quantities import Estimate, Unit
from contingent.scenario.model import Scenario
from contingent.scenario.paths import changed
from contingent.scenario.theatre import Mandate

MANDATE = {"command": "command", "basis": "legal_basis", "force": "use_of_force", "exposure": "use_of_force",
           "coercion": "use_of_force"}  # fmt: skip
"""How the parameters begin that stand for a word of the mandate, and where the mandate says that word."""
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
    label: str
    """In words a reader knows."""
    parts: frozenset[str]
    """The parts of the model, and kinds of task, without which it has nothing to act on."""

    @property
    def judged(self) -> bool:
        """Whether it rests on neither data nor literature."""
        return self.basis not in ("data", "literature")


@cache
def priors() -> dict[str, Prior]:
    """Every parameter of the model by name, in the order of the table."""
    labels, table = {row["name"]: row for row in rows("labels")}, {}
    for row in rows("priors"):
        told = labels.get(row["name"], {"label": row["name"].replace("_", " "), "part": ""})
        unit = Unit(row["unit"], float(row["at_least"]), float(row["at_most"]))
        best, low, high = (float(row[key]) for key in ("best", "low", "high"))
        estimate = Estimate(best, low, high, assumption=row["source"], unit=unit)
        table[row["name"]] = Prior(
            row["name"], row["symbol"], row["equation"], estimate, row["basis"], row["source"], told["label"],
            frozenset(told["part"].split()),
        )  # fmt: skip
    return table


def acting(scenario: Scenario) -> dict[str, Prior]:
    """The parameters that something in this question acts through, under one option or another.

    Left out are those of parts and tasks that are not there, of words that no mandate says, and the usual rate of
    violence where people killed were observed.
    """
    said = ({path: v for path, v in each.items() if path.startswith("mandate.")} for each in scenario.said.values())
    mandates = [scenario.mandate, *(changed(scenario, own).mandate for own in said if own)]
    tasks = {task.contributes_to for mandate in mandates for task in mandate.tasks.values()}
    there = scenario.parts | (tasks - {"aid", "disarmament"})  # two parts of the model have the names of tasks
    if any(sector.population.high <= 0 for sector in scenario.theatre.sectors.values()):
        there |= {"empty"}
    words = {field: {getattr(mandate, field) for mandate in mandates} for field in ("legal_basis", "use_of_force")}
    words["command"] = {word for mandate in mandates for word in mandate.likes}
    found = {}
    for name, prior in priors().items():
        first, _, word = name.partition("_")
        mute = first in MANDATE and name.startswith(WORDS) and word not in words[MANDATE[first]]
        if prior.parts <= there and not mute and not (name == "event_rate" and scenario.theatre.observed):
            found[name] = prior
    if "event_rate" in found:
        usual = usual_rate(scenario)
        found["event_rate"] = replace(found["event_rate"], estimate=usual, source=usual.assumption)
    return found


def rests(scenario: Scenario) -> dict[str, int]:
    """How many of the parameters that act rest on `data` or literature, are a `judgement`, or are the `scenario`'s own.

    Units of comparison are no numbers that anything rests on.
    """
    found = {"data": 0, "judgement": 0, "scenario": 0}
    for name, prior in acting(scenario).items():
        if name in scenario.theatre.parameters:
            found["scenario"] += 1
        elif prior.basis != "definition":
            found["judgement" if prior.judged else "data"] += 1
    return found


def assumed_violence(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """A note where how violent the place is rests on no observation: path, what to know, how to mend it."""
    theatre = scenario.theatre
    if "armed" in scenario.parts and not theatre.observed and "event_rate" not in theatre.parameters:
        fix = "add `theatre.observed: {deaths: 100 (80 to 130), weeks: 26}`, people killed in so many weeks before"
        said = usual_rate(scenario).assumption
        yield "theatre.observed", f"how violent the place is rests on an assumption: {said}", fix


def parameter_faults(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """Parameters that the model does not have, or that are out of their range: path, what is wrong, how to mend it.

    Under the scenario as it is, and as options and events have it.
    """
    given = {f"theatre.parameters.{name}": (name, each) for name, each in scenario.theatre.parameters.items()}
    for where, each in scenario.said.items():
        if own := {path: value for path, value in each.items() if path.startswith("theatre.parameters")}:
            given |= {
                f"{where}.theatre.parameters.{name}": (name, value)
                for name, value in changed(scenario, own).theatre.parameters.items()
                if value != scenario.theatre.parameters.get(name)
            }
    for path, (name, value) in given.items():
        if name not in priors():
            yield path, "the mission model has no such parameter", did_you_mean(name, priors())
            continue
        unit = priors()[name].estimate.unit
        if value.low < unit.at_least or value.high > unit.at_most:
            yield path, f"{value} is not allowed", unit.range


def estimates(scenario: Scenario) -> dict[str, Estimate]:
    """The belief about every parameter in this theatre.

    Raises:
        InputError: the theatre overrides a parameter that does not exist, or puts it out of its range.
    """
    if faults := [f"{path}: {what}; {fix}" for path, what, fix in parameter_faults(scenario)]:
        raise InputError("\n".join(faults))
    given = scenario.theatre.parameters
    table = {name: prior.estimate for name, prior in priors().items()} | {"event_rate": usual_rate(scenario)}
    return table | {name: replace(each, unit=table[name].unit) for name, each in given.items()}


def usual_rate(scenario: Scenario) -> Estimate:
    """Events a week per 1,000 armed people in conflicts of the theatre's kind: an assumption, and said to be one.

    The kind is what the theatre says; else `truce` where a cease-fire is in force, and `war` where none is.
    """
    theatre, truce = scenario.theatre, scenario.theatre.ceasefire
    in_force = truce is not None and truce.start is not None and truce.start <= scenario.as_of
    kind = theatre.conflict or ("truce" if in_force else "war")
    row = next(row for row in rows("violence_by_kind") if row["kind"] == kind)
    prior, each = priors()["event_rate"].estimate, priors()["civilian_deaths_per_event"].estimate.best
    best, low, high = (float(row[key]) / each for key in ("best", "low", "high"))
    said = "" if theatre.conflict else f", as in {kind} for want of `theatre.conflict`"
    why = f"usual in {row['cases']} places of the kind `{kind}`{said}; no rate and no deaths observed are given"
    return Estimate(best, low, high, assumption=why, unit=prior.unit)


def draw(scenario: Scenario, design: Design) -> dict[str, np.ndarray]:
    """One value of every parameter a run; shape (run,) each.

    Parameters are the same for every option; see `authorized` for what the option's mandate makes of them.
    """
    return {name: design.sample(f"mission.{name}", estimate) for name, estimate in estimates(scenario).items()}


def odds_scaled(share: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """The share whose odds are `factor` times those of `share`."""
    odds = factor * share
    return odds / (1.0 - share + odds)


def authorized(drawn: dict[str, np.ndarray], mandate: Mandate) -> dict[str, np.ndarray]:
    """The drawn parameters as they act under this mandate, with `force_share` (nu f) and `coercion` (y) added.

    Command (the mean of what it is like) and the use of force scale what the force does about violence (Bara & Hultman
    2020, doi:10.1080/13533312.2020.1737023); the legal basis scales the odds of the armed groups' consent and
    of the people's support; the use of force scales the force's own risk.
    """
    basis, force = drawn[f"basis_{mandate.legal_basis}"], mandate.use_of_force
    acting = {name: values for name, values in drawn.items() if not name.startswith(WORDS)}
    return acting | {
        "force_share": np.mean([drawn[f"command_{word}"] for word in mandate.likes], axis=0) * drawn[f"force_{force}"],
        "coercion": drawn[f"coercion_{force}"],
        "consent_share": odds_scaled(drawn["consent_share"], basis),
        "support_at_start": odds_scaled(drawn["support_at_start"], basis),
        "attack_risk": drawn["attack_risk"] * drawn[f"exposure_{force}"],
    }
