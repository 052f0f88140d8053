"""How well a mission's hostile deaths in a year are forecast from what was known before it.

Each year of each mission is forecast from all missions' earlier years: gamma-distributed risk between
missions, updated by the mission's own record with older years fading, and more spread than Poisson
within. Fitted by maximum likelihood on the earlier years only.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import nbinom, poisson

from contingent.errors import DataError
from contingent.mission.tables import mission_years
from contingent.scoring import Scorecard, backtest_task, cluster_bootstrap, sha256_of
from contingent.scoring.scores import FLOOR

FIRST = 1996  # the first year forecast
REFIT = 5  # years between refits; each still sees only the years before it
START = np.log([0.3, 0.5, 2.0])  # shape of risk between missions, weight of last year, spread within


@backtest_task(data="peacekeeper_fatalities")
def losses(data: Path) -> Scorecard:
    """The backtest task `losses` on a table with columns mission, year, py (person-years) and Malicious Act.

    Raises:
        DataError: another layout, or no year with earlier ones to learn from.
    """
    path, frame = mission_years(data)
    mission, year, dead = frame["mission"].astype(str).to_numpy(), frame["year"].to_numpy(), frame["dead"].to_numpy()
    exposure = frame["py"].to_numpy() / 1000
    use = exposure > 0
    mission, year, exposure, dead = mission[use], year[use], exposure[use], dead[use]
    ours, pooled, last, rows = [], [], [], []
    fitted, fitted_in = START, -np.inf
    for this_year in sorted({y for y in year if y >= FIRST}):
        past, here = np.flatnonzero(year < this_year), np.flatnonzero(year == this_year)
        if len(past) < 20 or dead[past].sum() < 5:
            continue
        rate = dead[past].sum() / exposure[past].sum()
        if this_year - fitted_in >= REFIT:
            fitted, fitted_in = fit(mission[past], year[past], exposure[past], dead[past], rate), this_year
        for row in here:
            own = past[mission[past] == mission[row]]
            ours.append(
                loss(*predict(fitted, year[own], exposure[own], dead[own], this_year, exposure[row], rate), dead[row])
            )
            pooled.append(-np.log(max(FLOOR, poisson.pmf(dead[row], rate * exposure[row]))))
            recent = own[year[own] == this_year - 1]
            seen = (dead[recent].sum() + rate) / (exposure[recent].sum() + 1)  # one pooled 1,000 person-years beside it
            last.append(-np.log(max(FLOOR, poisson.pmf(dead[row], seen * exposure[row]))))
            rows.append(row)
    if not rows:
        raise DataError(f"{path}: no year after {FIRST} has 20 mission-years before it")
    clusters = mission[rows]
    return Scorecard(
        "losses", sha256_of(path), "each year is forecast from all missions' earlier years", len(rows),
        {"log_score": cluster_bootstrap(ours, clusters)},
        {
            "pooled_rate": {"log_score": cluster_bootstrap(pooled, clusters)},
            "last_year": {"log_score": cluster_bootstrap(last, clusters)},
        },
    )  # fmt: skip


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
    cases = []
    for row in range(len(year)):
        own = (mission == mission[row]) & (year < year[row])
        cases.append((year[own], exposure[own], dead[own], year[row], exposure[row], dead[row]))

    def total(parameters: NDArray) -> float:
        penalty = 0.5 * ((parameters - START) ** 2).sum()  # a weak prior of one unit of log around the start
        return penalty + sum(
            loss(*predict(parameters, a, b, c, t, ahead, rate), dead) for a, b, c, t, ahead, dead in cases
        )

    return minimize(total, START, method="Nelder-Mead", options={"maxiter": 40, "fatol": 0.05}).x
