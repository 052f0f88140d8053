"""What do earlier missions, disarmaments and cease-fires say of the next one?

Hierarchical models: cases differ, and the next one differs alike. log y_case ~ Normal(log m + link, tau**2 + e**2);
the next case's own value is drawn from Normal(log m, tau**2).

Cases (equation 5) are data/cases.csv, each with its source; those after a date are left out. Risk (equation 4) is read
off earlier missions' hostile deaths. What is counted is h times what violence and support made of it, so a link is put
between, measured by simulating the retrodiction bank under the priors. Deaths come in clusters: a negative
binomial whose variance is phi times its mean, phi = E[size**2]/E[size] of equation 4's attacks at the prior medians.

Equation 11: survival analysis with gamma frailty and late entry. Ended conflicts differ: each has the hazard
z h_0 (1 + t/t_0)**-theta ((1 + D)/(1 + 25))**c_E, D the deaths a year by violence, with z gamma-distributed of mean 1
(frailty: Vaupel, Manton & Stallard 1979, doi:10.2307/2061224). An ended episode had to stay calm for a whole calendar
year to count as ended, so it enters after that. The theatre's own cease-fires share one z, which is what is wanted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaincinv, gammaln, ndtri

from contingent.errors import DataError
from contingent.mission.eq08_politics import ENDED_DEATHS
from contingent.mission.parameters import priors
from contingent.mission.tables import after_the_end, mission_years, shipped
from contingent.quantities import Estimate, Unit
from contingent.scenario.theatre import Ceasefire
from contingent.scoring.tables import COUNT, DAY, TEXT, YEAR, table

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


def known_cases(parameter: str, as_of: date, without: str = "") -> Cases:
    """The shipped cases that bear on a parameter and were over by a date, one left out if it is named.

    A share of people disarmed after some weeks becomes the weekly odds y of equation 5: y = s/(1 - s) with
    s = 1 - (1 - share)**(1/weeks).
    """
    known = shipped("cases")
    rows = known[(known["parameter"] == parameter) & (known["until"] <= str(as_of)) & (known["case"] != without)]
    value, weeks = rows["value"].to_numpy(float), rows["weeks"].to_numpy(float)
    if parameter == "pace_consented":
        share = 1 - (1 - value) ** (1 / weeks)
        value = share / (1 - share)
    return Cases(parameter, np.log(value))


LINK, LINK_SPREAD = float(np.log(0.97)), 0.78  # measured on the bank's missions of 1,000 or more; a test checks
RATES = np.linspace(np.log(1e-4), np.log(60.0), 240)  # over which each mission's own log rate is summed


@dataclass(frozen=True, slots=True)
class Risk:
    """Hostile deaths and thousands of person-years; shape (mission). `link`: log of what is counted beside the risk,
    `link_spread`: how missions differ in it.
    """

    deaths: NDArray
    exposure: NDArray
    points: int = 30
    link: float = LINK
    link_spread: float = LINK_SPREAD

    @property
    def priors(self) -> dict[str, Estimate]:
        """Before the data: half a death per 1,000 person-years within a factor of five (judgement)."""
        return {"middle": Estimate(0.5, 0.1, 2.5, unit=POSITIVE), "spread": Estimate(1.0, 0.4, 2.0, unit=POSITIVE)}

    def log_likelihood(self, values: NDArray) -> NDArray:
        """Each mission's own rate is summed out."""
        mean = np.exp(RATES)[:, None] * self.exposure
        shape = mean / (clustering() - 1)
        each = gammaln(self.deaths + shape) - gammaln(shape) - gammaln(self.deaths + 1)
        each += -shape * np.log(clustering()) + self.deaths * np.log1p(-1 / clustering())
        middle, spread = values[:, [0]], np.hypot(values[:, [1]], self.link_spread)
        weight = np.exp(-0.5 * ((RATES - np.log(middle) - self.link) / spread) ** 2)
        weight /= weight.sum(axis=1, keepdims=True)
        return np.log(np.maximum(weight @ np.exp(each), 1e-300)).sum(axis=1)

    def told(self, values: NDArray, u: NDArray) -> dict[str, NDArray]:
        """The risk of the next mission."""
        return {"attack_risk": values[:, 0] * np.exp(values[:, 1] * ndtri(u))}

    def replicate(self, values: NDArray, rng: np.random.Generator) -> tuple[Risk, dict[str, float]]:
        """Missions as many and as large, drawn anew, and one more."""
        middle, spread = values
        log_rate = np.log(middle) + self.link + np.hypot(spread, self.link_spread) * rng.normal(size=len(self.deaths))
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


EPISODES = {"end": replace(DAY, empty=None), "lastyear": YEAR, "next_start": DAY, "outcome_label": TEXT}
ENDINGS = ("ceasefire", "peace agreement")  # how the episodes ended that a cease-fire is compared with (judgement)
SINCE = 1990
FOLLOWED = 260.0  # weeks; equation 11 is about the first years
AGE = 26.0  # t_0, held at its prior median


@dataclass(frozen=True, slots=True)
class Collapse:
    """Weeks at which each case entered and left sight, whether it collapsed, and the weeks it could be seen; (case).

    `level` is ln((1 + D)/(1 + 25)), D the deaths a year by violence. The last `own` cases are the theatre's.
    """

    entered: NDArray
    left: NDArray
    fell: NDArray
    limit: NDArray
    level: NDArray
    own: int
    points: int = 12

    @property
    def priors(self) -> dict[str, Estimate]:
        """Before the data: a quarter of a per cent a week within a factor of four, and a wide frailty (judgement)."""
        return {
            "h_0": Estimate(0.0025, 0.0006, 0.01, unit=POSITIVE), "theta": priors()["collapse_decay"].estimate,
            "frailty": Estimate(2, 0.7, 6, unit=POSITIVE), "threat": priors()["collapse_threat"].estimate,
        }  # fmt: skip

    def log_likelihood(self, values: NDArray) -> NDArray:
        """Gamma-mixed survival with late entry; the own cases given one z."""
        rate, decay, shape, threat = (values[:, [j]] for j in range(4))
        split = len(self.left) - self.own
        rate = rate * np.exp(threat * self.level)
        there, before = summed(self.left, rate, decay), summed(self.entered, rate, decay)
        log_hazard = np.log(rate) - decay * np.log1p(self.left / AGE)
        each = self.fell * log_hazard - (shape + self.fell) * np.log1p(there / shape) + shape * np.log1p(before / shape)
        seen = there[:, split:].sum(axis=1)
        k, times = shape[:, 0], self.fell[split:].sum()
        own = (self.fell[split:] * log_hazard[:, split:]).sum(axis=1)
        own += gammaln(k + times) - gammaln(k) + k * np.log(k) - (k + times) * np.log(k + seen)
        return each[:, :split].sum(axis=1) + own

    def told(self, values: NDArray, u: NDArray) -> dict[str, NDArray]:
        """The theatre's own z h_0 at 25 deaths a year, given its cease-fires so far at the level of each."""
        rate, decay, shape, threat = values.T
        split = len(self.left) - self.own
        times = self.fell[split:].sum()
        at = rate[:, None] * np.exp(threat[:, None] * self.level[split:])
        seen = summed(self.left[split:], at, decay[:, None]).sum(axis=1)
        own = gammaincinv(shape + times, u) / (shape + seen)
        return {"collapse_rate": rate * own}

    def replicate(self, values: NDArray, rng: np.random.Generator) -> tuple[Collapse, dict[str, float]]:
        """Cases as many, seen as long, drawn anew."""
        rate, decay, shape, threat = values
        split = len(self.left) - self.own
        at = rate * np.exp(threat * self.level)
        before = summed(self.entered, at, decay)
        z = rng.gamma(shape, 1 / (shape + before))
        z[split:] = rng.gamma(shape, 1 / shape)
        when = reached(before + rng.exponential(size=len(z)) / z, at, decay)
        fell = (when < self.limit).astype(float)
        again = replace(self, left=np.minimum(when, self.limit), fell=fell)
        return again, {"collapse_rate": float(rate * z[-1])}


def summed(weeks: NDArray, rate: Any, decay: Any) -> NDArray:
    """The hazard of equation 11 summed over the first `weeks`, all else at rest."""
    power = np.where(np.abs(1 - decay) < 1e-6, 1e-6, 1 - decay)
    return rate * AGE * np.expm1(power * np.log1p(weeks / AGE)) / power


def reached(hazard: NDArray, rate: Any, decay: float) -> NDArray:
    """The week at which the summed hazard is reached; infinite if it never is."""
    power = 1 - decay if abs(1 - decay) >= 1e-6 else 1e-6
    inside = power * hazard / (rate * AGE)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        weeks = AGE * np.expm1(np.log1p(inside) / power)
    return np.where(inside > -1, weeks, np.inf)


def read_collapse(
    data: Path, ceasefires: tuple[Ceasefire, ...], as_of: date, levels: NDArray | None = None
) -> Collapse:
    """Episodes since 1990 that ended by cease-fire or agreement, and the theatre's cease-fires, as known on a date.

    `levels`: deaths a year in each of the theatre's own; those of an episode are its host states' in the six months
    after its end, where the months are given and no other conflict of theirs went on. A level that is not known is 25.

    Raises:
        DataError: another layout, a date that is none, or no such episode.
    """
    path, frame = table(data, "episode_recurrence*.csv", EPISODES, {"firstyear": COUNT})
    end, back = frame["end"], pd.to_datetime(frame["next_start"])
    last = min(pd.Timestamp(as_of), pd.Timestamp(int(frame["lastyear"].max()), 12, 31))
    enters = pd.to_datetime((frame["lastyear"] + 2).astype(str) + "-01-01")
    use = (frame["lastyear"] >= SINCE) & frame["outcome_label"].isin(ENDINGS) & (enters < last)
    entered = ((enters - end).dt.days / 7)[use].to_numpy()
    limit = np.minimum(FOLLOWED, ((last - end).dt.days / 7)[use].to_numpy())
    when = ((back - end).dt.days / 7)[use].fillna(np.inf).to_numpy()
    level = log_level(after_the_end(path.parent, frame))[use.to_numpy()]
    seen = (limit > entered) & (when > entered)
    kept = zip(entered[seen], when[seen], limit[seen], level[seen], strict=True)
    rows = [(e, min(w, m), float(w < m), m, d) for e, w, m, d in kept]
    if not rows:
        raise DataError(f"{path}: no episode since {SINCE} ended by {' or '.join(ENDINGS)} before {as_of}")
    known = [(c.start, c.fell or date.max) for c in ceasefires if c.start and c.start < as_of]
    own = log_level(np.full(len(known), np.nan) if levels is None else levels)
    for (start, fell), mine in zip(known, own, strict=True):
        lasted, watched = ((day - start).days / 7 for day in (min(fell, as_of), as_of))
        rows.append((0.0, lasted, float(fell <= as_of), watched, mine))
    return Collapse(*np.array(rows).T, own=len(known))


def log_level(deaths: NDArray) -> NDArray:
    """ln((1 + D)/(1 + 25)); 0 where D is not known."""
    return np.log1p(np.where(np.isfinite(deaths), deaths, ENDED_DEATHS)) - np.log1p(ENDED_DEATHS)
