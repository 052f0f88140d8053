"""What do the data at hand say of a scenario's parameters, as known on its date?

Posteriors by parameter, and the table of what each of the mission's numbers rests on: its prior and its citation, its
posterior or the word judgement.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import qmc

from contingent.mission.calibration.collapse import read_collapse
from contingent.mission.calibration.earlier_missions import BEFORE, known_cases, read_risk
from contingent.mission.calibration.outside_fire import read_truce
from contingent.mission.calibration.posterior import Question, posterior
from contingent.mission.parameters import priors
from contingent.quantities import Estimate
from contingent.scenario.model import Scenario

DRAWS, SEED = 16_384, 1
FEWEST = 3  # cases without which nothing is learnt from cases


@dataclass(frozen=True, slots=True)
class Learned:
    """What is believed of a parameter once the data are seen, rounded to two digits, and from how many data."""

    estimate: Estimate
    data: str
    count: int


def questions(scenario: Scenario, data: Path) -> dict[str, tuple[Question, int]]:
    """What can be asked of the data: by the name of the data, the question and the number of observations.

    The folder `data` holds the files by folder or flat; files that are not there are not asked. A theatre
    without cease-fires of its own learns nothing from a daily file.

    Raises:
        DataError: a file that is there has another layout.
    """
    ceasefires, day = scenario.theatre.ceasefires, scenario.as_of
    found: dict[str, tuple[Question, int]] = {}
    if ceasefires and (folder := holding(data, "deaths_daily*.csv")):
        truce = read_truce(folder, ceasefires, day)
        found["deaths in and between truces, by week"] = truce, len(truce.deaths)
    if folder := holding(data, "uniformed_fatality_rates_mission_year*.csv"):
        risk = read_risk(folder, day)
        found["hostile deaths of UN missions"] = risk, len(risk.deaths)
    if ceasefires and (folder := holding(data, "episode_recurrence*.csv")):
        collapse = read_collapse(folder, ceasefires, day)
        found["relapse after cease-fires and agreements, and the theatre's own"] = collapse, len(collapse.left)
    for parameter in BEFORE:
        cases = known_cases(parameter, day)
        if len(cases.logs) >= FEWEST:
            found[f"earlier disarmaments ({parameter})"] = cases, len(cases.logs)
    return found


def holding(data: Path, name: str) -> Path | None:
    """The folder with a file of that name: `data` itself or one in it."""
    return next((folder for folder in (data, *sorted(data.glob("*/"))) if list(folder.glob(name))), None)


def learn(scenario: Scenario, data: Path) -> dict[str, Learned]:
    """The posterior of every parameter that the data inform, by the parameter's name.

    Raises:
        DataError: a file that is there has another layout.
    """
    found: dict[str, Learned] = {}
    for name, (question, count) in questions(scenario, data).items():
        values = posterior(question).draws(DRAWS, np.random.default_rng(SEED))
        u = qmc.Sobol(1, rng=SEED).random(DRAWS)[:, 0]
        for parameter, draws in question.told(values, np.clip(u, 1e-6, 1 - 1e-6)).items():
            low, best, high = (float(f"{q:.2g}") for q in np.quantile(draws, (0.05, 0.5, 0.95)))
            found[parameter] = Learned(Estimate(best, low, high), name, count)
    return found


JUDGEMENT, DEFINITION = "judgement", "definition"


def rows(scenario: Scenario, learned: dict[str, Learned]) -> list[dict[str, Any]]:
    """One row a parameter, in the order of the table of priors, as plain values.

    `posterior` is None and `status` is `judgement` where no data inform the parameter, whatever its prior rests on.
    """
    found = []
    for name, prior in priors().items():
        told, here = learned.get(name), scenario.theatre.parameters.get(name)
        found.append({
            "parameter": name,
            "symbol": prior.symbol,
            "equation": prior.equation,
            "unit": prior.estimate.unit.name,
            "prior": plain(prior.estimate),
            "basis": prior.basis,
            "source": prior.source,
            "scenario": plain(here) if here else None,
            "posterior": plain(told.estimate) if told else None,
            "status": "posterior" if told else DEFINITION if prior.basis == DEFINITION else JUDGEMENT,
            "data": f"{told.data} ({told.count})" if told else None,
        })  # fmt: skip
    return found


def plain(estimate: Estimate) -> dict[str, float]:
    """Median and 90 % interval."""
    return {"best": estimate.best, "low": estimate.low, "high": estimate.high}


def to_text(table: list[dict[str, Any]]) -> str:
    """The table for people: posteriors first, then everything else with its citation."""

    def said(value: dict[str, float] | None) -> str:
        return "-" if value is None else str(Estimate(value["best"], value["low"], value["high"]))

    first = [row for row in table if row["posterior"]]
    lines = [f"{'parameter':24}{'eq.':>6}  {'prior':28}{'in the scenario':28}{'posterior':28}data"]
    lines += [
        f"{row['parameter']:24}{row['equation']:>6}  {said(row['prior']):28}{said(row['scenario']):28}"
        f"{said(row['posterior']):28}{row['data']}"
        for row in first
    ]
    lines += ["", f"{'parameter':24}{'eq.':>6}  {'prior':28}{'in the scenario':28}{'':12}source"]
    lines += [
        f"{row['parameter']:24}{row['equation']:>6}  {said(row['prior']):28}{said(row['scenario']):28}"
        f"{row['status']:12}{row['source']}"
        for row in table
        if not row["posterior"]
    ]
    return "\n".join(lines)
