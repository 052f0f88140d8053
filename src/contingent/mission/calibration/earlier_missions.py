"""What do earlier missions and disarmaments say of the next one?

Hierarchical models: cases differ, and the next one differs alike. log y_case ~ Normal(log m + link, tau**2 + e**2);
the next case's own value is drawn from Normal(log m, tau**2).

Cases (equation 5) are data/cases.csv, each with its source; those after a date are left out. Risk (equation 4) is read
off earlier missions' hostile deaths. What is counted is h times what violence and support made of it, so a link is put
between, measured by simulating the retrodiction bank under the priors. Deaths come in clusters: a negative
binomial whose variance is phi times its mean, phi = E[size**2]/E[size] of equation 4's attacks at the prior medians.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaln, ndtri

from contingent.errors import DataError
from contingent.mission.parameters import priors
from contingent.mission.tables import mission_years, shipped
from contingent.quantities import Estimate, Unit

POSITIVE = Unit("1", 0)
READING = 0.2  # log error of a reported figure (judgement)
PACE_LINK = float(np.log(0.66))  # equation 5 at L = .4, q = .8, kappa = .3: (1 + L)/2 x 1.3 q/(q + .3)
BEFORE = {
    "pace_consented": (Estimate(0.04, 0.005, 0.3, unit=POSITIVE), PACE_LINK),
    "weapons_per_disarmed": (Estimate(0.4, 0.1, 1.6, unit=POSITIVE), 0.0),
    "register_inflation": (Estimate(1.2, 0.4, 3.6, unit=POSITIVE), 0.0),
}
"""What is believed of the middle case before the cases are seen (judgement), and the link to the parameter."""
SPREAD = Estimate(0.6, 0.3, 1.2, unit=POSITIVE)  # tau before the cases are seen (judgement)


@dataclass(frozen=True, slots=True)
class Cases:
    """The log of what each case showed of a parameter; shape (case)."""

    parameter: str
    logs: NDArray
    points: int = 30

    @property
    def priors(self) -> dict[str, Estimate]:
        """The middle case and the spread between cases."""
        return {"middle": BEFORE[self.parameter][0], "spread": SPREAD}

    def log_likelihood(self, values: NDArray) -> NDArray:
        """Normal on the log scale."""
        middle, spread = values[:, [0]], values[:, [1]]
        variance = spread**2 + READING**2
        apart = self.logs - np.log(middle) - BEFORE[self.parameter][1]
        return -0.5 * (apart**2 / variance + np.log(variance)).sum(axis=1)

    def told(self, values: NDArray, u: NDArray) -> dict[str, NDArray]:
        """The parameter in the next case."""
        return {self.parameter: values[:, 0] * np.exp(values[:, 1] * ndtri(u))}

    def replicate(self, values: NDArray, rng: np.random.Generator) -> tuple[Cases, dict[str, float]]:
        """Cases as many, drawn anew, and one more."""
        middle, spread = values
        noise = np.hypot(spread, READING) * rng.normal(size=len(self.logs))
        logs = np.log(middle) + BEFORE[self.parameter][1] + noise
        return replace(self, logs=logs), {self.parameter: middle * np.exp(spread * rng.normal())}


def known_cases(parameter: str, as_of: date) -> Cases:
    """The shipped cases that bear on a parameter and were over by a date.

    A share of people disarmed after some weeks becomes the weekly odds y of equation 5: y = s/(1 - s) with
    s = 1 - (1 - share)**(1/weeks).
    """
    known = shipped("cases")
    rows = known[(known["parameter"] == parameter) & (pd.to_datetime(known["until"]) <= pd.Timestamp(as_of))]
    value, weeks = rows["value"].to_numpy(float), rows["weeks"].to_numpy(float)
    if parameter == "pace_consented":
        share = 1 - (1 - value) ** (1 / weeks)
        value = share / (1 - share)
    return Cases(parameter, np.log(value))


LINK, LINK_SPREAD = float(np.log(0.69)), 0.56  # measured on the bank's missions of 1,000 or more; a test checks
RATES = np.linspace(np.log(1e-4), np.log(60.0), 240)  # over which each mission's own log rate is summed


@dataclass(frozen=True, slots=True)
class Risk:
    """Hostile deaths and thousands of person-years; shape (mission)."""

    deaths: NDArray
    exposure: NDArray
    points: int = 30

    @property
    def priors(self) -> dict[str, Estimate]:
        """Before the data: half a death per 1,000 person-years within a factor of five (judgement)."""
        return {
            "middle": Estimate(0.5, 0.1, 2.5, unit=POSITIVE),
            "spread": Estimate(1.0, 0.4, 2.0, unit=POSITIVE),
        }

    def log_likelihood(self, values: NDArray) -> NDArray:
        """Each mission's own rate is summed out."""
        mean = np.exp(RATES)[:, None] * self.exposure
        shape = mean / (clustering() - 1)
        each = gammaln(self.deaths + shape) - gammaln(shape) - gammaln(self.deaths + 1)
        each += -shape * np.log(clustering()) + self.deaths * np.log1p(-1 / clustering())
        middle, spread = values[:, [0]], np.hypot(values[:, [1]], LINK_SPREAD)
        weight = np.exp(-0.5 * ((RATES - np.log(middle) - LINK) / spread) ** 2)
        weight /= weight.sum(axis=1, keepdims=True)
        return np.log(np.maximum(weight @ np.exp(each), 1e-300)).sum(axis=1)

    def told(self, values: NDArray, u: NDArray) -> dict[str, NDArray]:
        """The risk of the next mission."""
        return {"attack_risk": values[:, 0] * np.exp(values[:, 1] * ndtri(u))}

    def replicate(self, values: NDArray, rng: np.random.Generator) -> tuple[Risk, dict[str, float]]:
        """Missions as many and as large, drawn anew, and one more."""
        middle, spread = values
        log_rate = np.log(middle) + LINK + np.hypot(spread, LINK_SPREAD) * rng.normal(size=len(self.deaths))
        mean = np.exp(np.clip(log_rate, RATES[0], RATES[-1])) * self.exposure
        deaths = rng.poisson(rng.gamma(mean / (clustering() - 1), clustering() - 1)).astype(float)
        return replace(self, deaths=deaths), {"attack_risk": middle * np.exp(spread * rng.normal())}


def clustering() -> float:
    """Phi: the mean squared size of an attack beside its mean size, at the prior medians."""
    table = priors()
    n = np.arange(1, int(table["attack_largest"].estimate.best) + 1, dtype=float)
    at_least = n ** -table["attack_tail"].estimate.best
    return float(((2 * n - 1) * at_least).sum() / at_least.sum())


def read_risk(data: Path, as_of: date) -> Risk:
    """Every mission's hostile deaths and person-years in the years that were over by a date.

    Raises:
        DataError: another layout, or fewer than five missions.
    """
    path, frame = mission_years(data)
    sums = frame[frame["year"] < as_of.year].groupby("mission")[["py", "dead"]].sum()
    sums = sums[sums["py"] > 0]
    if len(sums) < 5:
        raise DataError(f"{path}: {len(sums)} missions before {as_of.year}; at least 5 are needed")
    return Risk(sums["dead"].to_numpy(), sums["py"].to_numpy() / 1000)
