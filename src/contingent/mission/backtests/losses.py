"""How well a mission's hostile deaths in a year are forecast from what was known before it: equation 4, and beside it.

The compiled rate of attacks that the simulation calls, at the violence of the year before in the host states (the usual
where it is not given), with the risk as a theatre would ship it: what missions' earlier years say of the next mission
(`log_score`), sharpened by its own earlier years (`log_score_own`), or as the priors are shipped, which rest on all
these years (`log_score_shipped`: no unseen score). Deaths come in clusters, as a negative binomial.

Beside it: a gamma-distributed risk between missions, updated by the mission's own record with older years fading, and
more spread than Poisson within, fitted by maximum likelihood on the earlier years only.
"""

from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp
from scipy.stats import nbinom, poisson

from contingent.errors import DataError
from contingent.mission.calibration.earlier_missions import clustering, read_risk
from contingent.mission.calibration.posterior import beliefs
from contingent.mission.eq04_attacks import USUAL_DEATHS, WEEKS_A_YEAR, danger, expected_attacks
from contingent.mission.parameters import priors
from contingent.mission.tables import country_months, mission_years
from contingent.scoring import Scorecard, backtest_task, means, sha256_of
from contingent.scoring.scores import FLOOR
from contingent.scoring.tables import TEXT, table

FIRST = 1996  # the first year forecast
REFIT = 5  # years between refits; each still sees only the years before it
START = np.log([0.3, 0.5, 2.0])  # shape of risk between missions, weight of last year, spread within
QUANTILES = (np.arange(200) + 0.5) / 200


@backtest_task(data="peacekeeper_fatalities")
def losses(data: Path) -> Scorecard:
    """The backtest task `losses` on a table with columns mission, year, py (person-years) and Malicious Act.

    Raises:
        DataError: another layout, or no year with earlier ones to learn from.
    """
    path, frame = mission_years(data)
    mission, year, py, dead = (column.to_numpy() for _, column in frame[frame["py"] > 0].items())
    exposure = py / 1000
    around = violence_around(path, mission, year - 1)
    found: dict[str, list[float]] = {}
    rows: list[int] = []
    fitted, fitted_in = START, -np.inf
    shipped = priors()["attack_risk"].estimate.quantile(QUANTILES)
    for this_year in sorted({y for y in year if y >= FIRST}):
        past, here = np.flatnonzero(year < this_year), np.flatnonzero(year == this_year)
        if len(past) < 20 or dead[past].sum() < 5:
            continue
        rate = dead[past].sum() / exposure[past].sum()
        if this_year - fitted_in >= REFIT:
            fitted, fitted_in = fit(mission[past], year[past], exposure[past], dead[past], rate), this_year
        risk = beliefs(read_risk(path, date(int(this_year), 1, 1)))["attack_risk"].quantile(QUANTILES)
        for row in here:
            own = past[mission[past] == mission[row]]
            mean = expected(exposure[row], risk, around[row])
            seen = sum((log_chance(expected(exposure[p], risk, float(around[p])), dead[p]) for p in own), 0.0 * risk)
            recent = own[year[own] == this_year - 1]
            last = (dead[recent].sum() + rate) / (exposure[recent].sum() + 1)  # one pooled 1,000 person-years beside it
            record = predict(fitted, year[own], exposure[own], dead[own], this_year, exposure[row], rate)
            for name, each in {
                "log_score": surprise(mean, dead[row]),
                "log_score_own": surprise(mean, dead[row], seen),
                "log_score_shipped": surprise(expected(exposure[row], shipped, around[row]), dead[row]),
                "own_record": loss(*record, dead[row]),
                "pooled_rate": -np.log(max(FLOOR, poisson.pmf(dead[row], rate * exposure[row]))),
                "last_year": -np.log(max(FLOOR, poisson.pmf(dead[row], last * exposure[row]))),
            }.items():
                found.setdefault(name, []).append(each)
            rows.append(int(row))
    if not rows:
        raise DataError(f"{path}: no year after {FIRST} has 20 mission-years before it")
    score = means(found, mission[rows])
    ours = [name for name in score if name.startswith("log_score")]
    return Scorecard(
        "losses", sha256_of(path), "each year is forecast from all missions' earlier years", len(rows),
        {name: score.pop(name) for name in ours}, {name: dict.fromkeys(ours, each) for name, each in score.items()},
        (f"level of violence known for {np.isfinite(around[rows]).mean():.0%} of the mission-years",),
    )  # fmt: skip


def violence_around(path: Path, mission: NDArray, year: NDArray) -> NDArray[np.float64]:
    """Deaths by organised violence in a mission's host states in a year; not-a-number where they are not given.

    Hosts are read from `violence_missions.csv` in a folder `violence` beside the file's own, with the months there.
    """
    folder = path.parent.parent / "violence"
    monthly = country_months(folder)
    if monthly is None or not list(folder.glob("violence_missions.csv")):
        return np.full(len(mission), np.nan)
    _, hosts = table(folder, "violence_missions.csv", {"mission": TEXT, "iso3": TEXT})
    where: dict[str, str] = dict(zip(hosts["mission"], hosts["iso3"], strict=True))
    where = {name.split("_")[0]: states for name, states in where.items()} | where
    found = np.full(len(mission), np.nan)
    for k, name in enumerate(mission):
        months = 12 * int(year[k]) + np.arange(1, 13)
        if name in where and monthly.first <= months[0] and months[-1] <= monthly.last:
            found[k] = sum(monthly.deaths(state, months).sum() for state in where[name].split(","))
    return found


def expected(exposure: float, risk: NDArray, deaths: float) -> NDArray[np.float64]:
    """Hostile deaths of a year at each risk: equation 4 as compiled, `exposure` in thousands of person-years."""
    level = danger((deaths if np.isfinite(deaths) else USUAL_DEATHS) / WEEKS_A_YEAR)
    slope = priors()["threat_elasticity"].estimate.best
    each = [expected_attacks(1000 * exposure, float(r), 1.0, level, slope, 0.0) for r in risk]
    return WEEKS_A_YEAR * np.array(each)


def log_chance(mean: NDArray, dead: float) -> NDArray[np.float64]:
    """Log probability of a count at each mean, clustered as attacks are."""
    return nbinom.logpmf(dead, mean / (clustering() - 1), 1 / clustering())


def surprise(mean: NDArray, dead: float, seen: NDArray | None = None) -> float:
    """Minus the log of the probability of a count over equally likely means, or weighted by what was seen before."""
    weight = np.zeros(len(mean)) if seen is None else seen
    whole, part = (float(np.asarray(logsumexp(each))) for each in (weight, weight + log_chance(mean, dead)))
    return min(-np.log(FLOOR), whole - part)


def predict(
    fitted: NDArray, years: NDArray, exposure: NDArray, dead: NDArray, now: float, ahead: float, rate: float
) -> tuple[float, float]:
    """Mean and shape of the negative binomial for a year with `ahead` thousand person-years."""
    between, fade, within = np.exp(np.clip(fitted, -6, 6))
    weight = (fade / (1 + fade)) ** (now - years)
    shape = between + (weight * dead).sum()
    scale = between / rate + (weight * exposure).sum()
    mean = shape / scale * ahead
    # spread between missions and within one add up as squared coefficients of variation
    return mean, 1 / (1 / shape + 1 / within)


def loss(mean: float, shape: float, dead: float) -> float:
    """Minus the log of the probability given to what happened."""
    return float(-np.log(max(FLOOR, nbinom.pmf(dead, shape, shape / (shape + mean)))))


def fit(mission: NDArray, year: NDArray, exposure: NDArray, dead: NDArray, rate: float) -> NDArray:
    """The three log parameters that would have forecast the earlier years best, one year ahead."""
    before = [(mission == name) & (year < now) for name, now in zip(mission, year, strict=True)]
    cases = [(year[own], exposure[own], dead[own]) for own in before]

    def total(parameters: NDArray) -> float:
        penalty = 0.5 * ((parameters - START) ** 2).sum()  # a weak prior of one unit of log around the start
        ahead = zip(cases, year, exposure, dead, strict=True)
        return penalty + sum(loss(*predict(parameters, *own, now, py, rate), died) for own, now, py, died in ahead)

    return minimize(total, START, method="Nelder-Mead", options={"maxiter": 40, "fatol": 0.05}).x
