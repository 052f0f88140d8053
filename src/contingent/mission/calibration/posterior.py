"""What is believed of a scenario's parameters once data are seen, and does that belief deserve its name?

Grid posteriors, simulation-based calibration of them, and the table of what each of the mission's numbers rests on.

The grid is laid in the prior's own quantiles, so that every cell holds the same prior belief, and drawn in twice on
where the likelihood leaves any weight. Exact but for the width of a cell; no chain that might not have mixed.

Numbers drawn from the prior, data drawn at those numbers, the posterior of those data: the rank of the truth among
posterior draws is uniform if prior, likelihood and sampler belong together, and only then is it sure to be
(Talts et al. 2018, arXiv:1804.06788, theorem 1 and algorithm 1).
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chisquare, qmc

from contingent.mission.calibration.ceasefires import ONE_DAY, Truce, War, read_outside
from contingent.mission.calibration.earlier_missions import (
    BEFORE,
    Cases,
    Collapse,
    Risk,
    known_cases,
    read_collapse,
    read_risk,
)
from contingent.mission.parameters import priors
from contingent.mission.tables import MISSION_YEARS
from contingent.quantities import Estimate
from contingent.scenario.model import Scenario
from contingent.scoring.tables import find

ROUNDS = 3  # the whole prior, then twice what is left of it
NEGLIGIBLE = 1e-4  # cells of a margin below this share of its largest are cut away at the ends


Question = Truce | War | Cases | Risk | Collapse
"""Data, and what they would say of the numbers in `priors`, with `points` along each axis of the grid.

`log_likelihood` is that of the data, up to a constant, at values (point, number); `told`: the mission's parameters that
follow from values (draw, number) and a uniform number a draw; `replicate`: the same question with data drawn at values
(number), and the parameters behind those data."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """Weighted cells of the prior's quantiles: `low` and `width` (cell, number), `weight` (cell)."""

    priors: tuple[Estimate, ...]
    low: NDArray
    width: NDArray
    weight: NDArray

    def draws(self, count: int, rng: np.random.Generator) -> NDArray:
        """Values (draw, number): cells by systematic resampling, then anywhere in the cell."""
        at = (np.arange(count) + rng.random()) / count
        cell = np.minimum(np.searchsorted(np.cumsum(self.weight), at), len(self.weight) - 1)
        u = self.low[cell] + self.width * rng.random((count, len(self.priors)))
        return np.stack([prior.quantile(u[:, j]) for j, prior in enumerate(self.priors)], axis=1)


def posterior(question: Question) -> Posterior:
    """The prior of a question weighted by its likelihood."""
    priors, points = tuple(question.priors.values()), question.points
    low, high = np.zeros(len(priors)), np.ones(len(priors))
    found = weighted(question, low, high)
    for _ in range(ROUNDS - 1):
        for j in range(len(priors)):
            at = np.rint((found.low[:, j] - low[j]) / found.width[j]).astype(int)
            margin = np.bincount(at, found.weight, points)
            kept = np.flatnonzero(margin > NEGLIGIBLE * margin.max())
            start = low[j]
            low[j] = max(0.0, start + (kept[0] - 1) * found.width[j])
            high[j] = min(1.0, start + (kept[-1] + 2) * found.width[j])
        found = weighted(question, low, high)
    return found


def weighted(question: Question, low: NDArray, high: NDArray) -> Posterior:
    """A grid between two corners of the prior's quantiles, each cell with its share of the likelihood."""
    priors, points = tuple(question.priors.values()), question.points
    width = (high - low) / points
    cells = np.stack(np.meshgrid(*[np.arange(points)] * len(priors), indexing="ij"), axis=-1).reshape(-1, len(priors))
    middle = low + (cells + 0.5) * width
    values = np.stack([prior.quantile(middle[:, j]) for j, prior in enumerate(priors)], axis=1)
    log = question.log_likelihood(values)
    weight = np.exp(log - log.max())
    return Posterior(priors, low + cells * width, width, weight / weight.sum())


DRAWS = 99  # posterior draws a replicate: a rank is one of 100
BINS = 10


@dataclass(frozen=True, slots=True)
class Ranks:
    """How often the truth fell into each tenth of the posterior (bin), and the chance of a histogram as uneven."""

    counts: NDArray
    p: float


def rank_histograms(question: Question, replicates: int, seed: int = 1) -> dict[str, Ranks]:
    """The histogram of ranks of every number on the grid and every parameter told.

    The question's own data only lend their size and shape.
    """
    rng = np.random.default_rng(seed)
    found: dict[str, list[int]] = {}
    for _ in range(replicates):
        truth = np.array([float(prior.quantile(rng.random())) for prior in question.priors.values()])
        again, behind = question.replicate(truth, rng)
        values = posterior(again).draws(DRAWS, rng)
        drawn = dict(zip(question.priors, values.T, strict=True))
        drawn |= again.told(rng.permutation(values), rng.random(DRAWS))
        for name, value in (dict(zip(question.priors, truth, strict=True)) | behind).items():
            found.setdefault(name, []).append(int((drawn[name] < value).sum()))
    tenths = {name: np.array(ranks) * BINS // (DRAWS + 1) for name, ranks in found.items()}
    counts = {name: np.bincount(each, minlength=BINS) for name, each in tenths.items()}
    return {name: Ranks(each, float(chisquare(each).pvalue)) for name, each in counts.items()}


LEARNT, SEED = 16_384, 1  # draws that a posterior's quantiles are taken from, and their seed
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
    ceasefires = tuple(c for c in scenario.theatre.ceasefires if c.start is not None)
    day = scenario.as_of - ONE_DAY  # what was counted up to the evening before
    found: dict[str, tuple[Question, int]] = {}
    levels = None
    if ceasefires and (path := find(data, "deaths_daily*.csv")):
        truce, war = read_outside(path, ceasefires, day)
        found["deaths in truces, by week"] = truce, len(truce.deaths)
        levels = truce.levels(ceasefires, day)
        if len(war.deaths):
            rate = draws_of(truce)["outside_rate"]
            found["deaths between truces, by week"] = replace(war, beside=float(np.median(rate))), len(war.deaths)
    if path := find(data, MISSION_YEARS):
        risk = read_risk(path, day)
        found["hostile deaths of UN missions"] = risk, len(risk.deaths)
    if ceasefires and (path := find(data, "episode_recurrence*.csv")):
        collapse = read_collapse(path, ceasefires, day, levels)
        found["relapse after cease-fires and agreements, and the theatre's own"] = collapse, len(collapse.left)
    for parameter in BEFORE:
        cases = known_cases(parameter, day)
        if len(cases.logs) >= FEWEST:
            found[f"earlier disarmaments ({parameter})"] = cases, len(cases.logs)
    return found


def learn(scenario: Scenario, data: Path) -> dict[str, Learned]:
    """The posterior of every parameter that the data inform, by its name; DataError as `questions`."""
    return {
        parameter: Learned(belief, name, count)
        for name, (question, count) in questions(scenario, data).items()
        for parameter, belief in beliefs(question).items()
    }


def draws_of(question: Question) -> dict[str, NDArray]:
    """Draws of every parameter that a question tells, by name; (draw)."""
    values = posterior(question).draws(LEARNT, np.random.default_rng(SEED))
    u = qmc.Sobol(1, rng=SEED).random(LEARNT)[:, 0]
    return question.told(values, np.clip(u, 1e-6, 1 - 1e-6))


def beliefs(question: Question) -> dict[str, Estimate]:
    """Median and 90 % interval of every parameter that a question tells, to two digits: what a theatre ships."""
    found = {}
    for parameter, draws in draws_of(question).items():
        low, best, high = (float(f"{q:.2g}") for q in np.quantile(draws, (0.05, 0.5, 0.95)))
        found[parameter] = Estimate(best, low, high, unit=priors()[parameter].estimate.unit)
    return found


def rows(scenario: Scenario, learned: dict[str, Learned]) -> list[dict[str, Any]]:
    """One row a parameter, in the order of the table of priors, as plain values.

    `posterior` is None and `status` is `judgement` where no data inform the parameter, whatever its prior rests on.
    """
    found = []
    for name, prior in priors().items():
        told, here = learned.get(name), scenario.theatre.parameters.get(name)
        found.append({
            "parameter": name, "symbol": prior.symbol, "equation": prior.equation, "unit": prior.estimate.unit.name,
            "prior": plain(prior.estimate), "basis": prior.basis, "source": prior.source,
            "scenario": plain(here), "posterior": plain(told and told.estimate),
            "status": "posterior" if told else "definition" if prior.basis == "definition" else "judgement",
            "data": f"{told.data} ({told.count})" if told else None,
        })  # fmt: skip
    return found


def plain(estimate: Estimate | None) -> dict[str, float] | None:
    """Median and 90 % interval."""
    return estimate and {"best": estimate.best, "low": estimate.low, "high": estimate.high}


def to_text(table: list[dict[str, Any]]) -> str:
    """The table for people: posteriors first, then everything else with its citation."""

    def said(value: dict[str, float] | None) -> str:
        return "-" if value is None else str(Estimate(value["best"], value["low"], value["high"]))

    def begun(row: dict[str, Any]) -> str:
        return f"{row['parameter']:24}{row['equation']:>6}  {said(row['prior']):28}{said(row['scenario']):28}"

    head = f"{'parameter':24}{'eq.':>6}  {'prior':28}{'in the scenario':28}"
    lines = [f"{head}{'posterior':28}data"]
    lines += [f"{begun(row)}{said(row['posterior']):28}{row['data']}" for row in table if row["posterior"]]
    lines += ["", f"{head}{'':12}source"]
    lines += [f"{begun(row)}{row['status']:12}{row['source']}" for row in table if not row["posterior"]]
    return "\n".join(lines)
