"""What the data at hand say of a scenario's parameters, as known on its date."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import qmc

from contingent.mission.calibration.cases import BEFORE, known_cases
from contingent.mission.calibration.collapse import read_collapse
from contingent.mission.calibration.grid import Question, posterior
from contingent.mission.calibration.risk import read_risk
from contingent.mission.calibration.truce import read_truce
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
