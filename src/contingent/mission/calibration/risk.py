"""What earlier missions' hostile deaths say of the risk to the next one (equation 4).

Missions differ: log h ~ Normal(log m, tau**2). What is counted is h times what violence and support made of it, so a
link is put between, measured by simulating the retrodiction bank under the priors. Deaths come in clusters: a negative
binomial whose variance is phi times its mean, phi = E[size**2]/E[size] of equation 4's attacks at the prior medians.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtri

from contingent.errors import DataError
from contingent.mission.parameters import priors
from contingent.mission.tables import numbers, table
from contingent.quantities import Estimate, Unit

COLUMNS = ("mission", "year", "py", "Malicious Act")
LINK, LINK_SPREAD = (
    float(np.log(0.55)),
    0.35,
)  # measured on the bank's missions with 1,000 troops or more; a test checks
RATES = np.linspace(np.log(1e-4), np.log(60.0), 240)  # over which each mission's own log rate is summed
POSITIVE = Unit("1", 0)


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
    path, frame = table(data, "uniformed_fatality_rates_mission_year*.csv", COLUMNS)
    use = (numbers(path, frame, "year") < as_of.year).to_numpy()
    here = frame.assign(py=numbers(path, frame, "py").fillna(0), dead=numbers(path, frame, "Malicious Act").fillna(0))
    sums = here[use].groupby("mission")[["py", "dead"]].sum()
    sums = sums[sums["py"] > 0]
    if len(sums) < 5:
        raise DataError(f"{path}: {len(sums)} missions before {as_of.year}; at least 5 are needed")
    return Risk(sums["dead"].to_numpy(), sums["py"].to_numpy() / 1000)
