"""What do weekly deaths in and between truces say of outside fire, and relapses of a cease-fire's collapse?

Equation 3: a negative binomial model with a random level for each spell. Nothing is disarmed yet, so a week in which
the cease-fire holds is NegBin(lambda, k), and one in which it is down NegBin(lambda (1 + c_X), k). Every spell of
either kind has a lambda of its own, lognormal around the common one, for neighbouring weeks share their times; the next
spell's is wanted. Weeks of which only some days were reported count by those days.

Equation 11: survival analysis with gamma frailty and late entry. Ended conflicts differ: each has the hazard
z h_0 (1 + t/t_0)**-theta with z gamma-distributed of mean 1 (frailty: Vaupel, Manton & Stallard 1979,
doi:10.2307/2061224). An ended episode had to stay calm for a whole calendar year to count as ended, so it enters after
that. The theatre's own cease-fires share one z, which is what is wanted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaincinv, gammaln, logsumexp, ndtri

from contingent.errors import DataError
from contingent.mission.parameters import priors
from contingent.mission.tables import dates, numbers, table
from contingent.quantities import Estimate, Unit
from contingent.scenario.theatre import Ceasefire

POSITIVE = Unit("1", 0)
ONE_DAY = timedelta(days=1)
DAILY = ("report_date", "killed", "killed_truce_new")
BETWEEN = 0.4  # log spread of lambda between spells (judgement: three spells cannot tell)
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(11)


@dataclass(frozen=True, slots=True)
class Truce:
    """Deaths, share of the week's days reported, whether the cease-fire was down (0 or 1), and which spell; (week)."""

    deaths: NDArray
    exposure: NDArray
    fallen: NDArray
    spell: NDArray
    points: int = 16

    @property
    def priors(self) -> dict[str, Estimate]:
        """Before the data: tens of deaths a week, give or take a factor of four (judgement); c_X as in the table."""
        return {
            "outside_rate": Estimate(20, 5, 80, unit=POSITIVE),
            "outside_dispersion": Estimate(3, 0.7, 13, unit=POSITIVE),
            "fallen_outside": priors()["fallen_outside"].estimate,
        }

    def log_likelihood(self, values: NDArray) -> NDArray:
        """Negative binomial; the spell's own rate is summed out; the data's own constant is left out."""
        total = np.zeros(len(values))
        rate, shape, rise = (values[:, [j]] for j in range(3))
        for spell in np.unique(self.spell):
            here = self.spell == spell
            deaths = self.deaths[here]
            mean = rate * (1 + rise * self.fallen[here]) * self.exposure[here]
            sure = (gammaln(deaths + shape) - gammaln(shape) + shape * np.log(shape)).sum(axis=1)
            parts = [
                (deaths * np.log(mean * up) - (shape + deaths) * np.log(shape + mean * up)).sum(axis=1)
                for up in np.exp(BETWEEN * NODES)
            ]
            total += sure + logsumexp(np.stack(parts, axis=1), axis=1, b=WEIGHTS)
        return total

    def told(self, values: NDArray, u: NDArray) -> dict[str, NDArray]:
        """The three parameters, the rate in the next spell."""
        columns = dict(zip(self.priors, values.T, strict=True))
        return columns | {"outside_rate": values[:, 0] * np.exp(BETWEEN * ndtri(u))}

    def replicate(self, values: NDArray, rng: np.random.Generator) -> tuple[Truce, dict[str, float]]:
        """Weeks as many and as long, drawn anew, and one more spell."""
        rate, shape, rise = values
        _, spell = np.unique(self.spell, return_inverse=True)
        own = rate * np.exp(BETWEEN * rng.normal(size=spell.max() + 2))
        mean = own[spell] * (1 + rise * self.fallen) * self.exposure
        deaths = rng.poisson(rng.gamma(shape, mean / shape)).astype(float)
        behind = dict(zip(self.priors, values, strict=True)) | {"outside_rate": own[-1]}
        return replace(self, deaths=deaths), behind


def read_truce(data: Path, ceasefires: tuple[Ceasefire, ...], as_of: date) -> Truce:
    """Weeks of a daily file, cut at the days on which cease-fires began and fell, up to a date.

    A day counts as reported if its new deaths are told apart from late additions, or if it has none at all.

    Raises:
        DataError: another layout, a date that is none, or no week within a cease-fire.
    """
    path, frame = table(data, "deaths_daily*.csv", DAILY)
    day = dates(path, frame, "report_date")
    new, killed = numbers(path, frame, "killed_truce_new"), numbers(path, frame, "killed")
    reported = (new.notna() | (killed == 0)).to_numpy()
    deaths, rows = new.fillna(0).to_numpy(), []
    for spell, (start, end, fallen) in enumerate(spells(ceasefires, as_of)):
        inside = ((day >= pd.Timestamp(start)) & (day <= pd.Timestamp(end))).to_numpy() & reported
        week = (day - pd.Timestamp(start)).dt.days.to_numpy()[inside] // 7
        rows += [
            (deaths[inside][week == number].sum(), (week == number).sum() / 7, float(fallen), spell)
            for number in np.unique(week)
        ]
    if not any(row[2] == 0 for row in rows):
        raise DataError(f"{path}: no reported day lies within a cease-fire of the theatre")
    return Truce(*np.array(rows).T)


def spells(ceasefires: tuple[Ceasefire, ...], as_of: date) -> list[tuple[date, date, bool]]:
    """First and last day of every cease-fire up to a date, and of the time between two (fallen)."""
    known = sorted((c for c in ceasefires if c.start <= as_of), key=lambda c: c.start)
    found = []
    for k, ceasefire in enumerate(known):
        fell = ceasefire.fell if ceasefire.fell and ceasefire.fell <= as_of else None
        found.append((ceasefire.start, fell - ONE_DAY if fell else as_of, False))
        if fell:
            found.append((fell, known[k + 1].start - ONE_DAY if k + 1 < len(known) else as_of, True))
    return found


EPISODES = ("end", "lastyear", "next_start", "outcome_label")
ENDINGS = ("ceasefire", "peace agreement")  # how the episodes ended that a cease-fire is compared with (judgement)
SINCE = 1990
FOLLOWED = 260.0  # weeks; equation 11 is about the first years
AGE = 26.0  # t_0, held at its prior median


@dataclass(frozen=True, slots=True)
class Collapse:
    """Weeks at which each case entered and left sight, whether it collapsed, and the weeks it could be seen; (case).

    The last `own` cases are the theatre's.
    """

    entered: NDArray
    left: NDArray
    fell: NDArray
    limit: NDArray
    own: int
    points: int = 16

    @property
    def priors(self) -> dict[str, Estimate]:
        """Before the data: a quarter of a per cent a week within a factor of four, and a wide frailty (judgement)."""
        return {
            "h_0": Estimate(0.0025, 0.0006, 0.01, unit=POSITIVE),
            "theta": priors()["collapse_decay"].estimate,
            "frailty": Estimate(2, 0.7, 6, unit=POSITIVE),
        }

    def log_likelihood(self, values: NDArray) -> NDArray:
        """Gamma-mixed survival with late entry; the own cases given one z."""
        rate, decay, shape = (values[:, [j]] for j in range(3))
        split = len(self.left) - self.own
        there, before = summed(self.left, rate, decay), summed(self.entered, rate, decay)
        log_hazard = np.log(rate) - decay * np.log1p(self.left / AGE)
        each = self.fell * log_hazard - (shape + self.fell) * np.log1p(there / shape) + shape * np.log1p(before / shape)
        seen = there[:, split:].sum(axis=1)
        k, times = shape[:, 0], self.fell[split:].sum()
        own = (self.fell[split:] * log_hazard[:, split:]).sum(axis=1)
        own += gammaln(k + times) - gammaln(k) + k * np.log(k) - (k + times) * np.log(k + seen)
        return each[:, :split].sum(axis=1) + own

    def told(self, values: NDArray, u: NDArray) -> dict[str, NDArray]:
        """The theatre's own z h_0, given its cease-fires so far."""
        rate, decay, shape = values.T
        split = len(self.left) - self.own
        times = self.fell[split:].sum()
        seen = summed(self.left[split:], rate[:, None], decay[:, None]).sum(axis=1)
        own = gammaincinv(shape + times, u) / (shape + seen)
        return {"collapse_rate": rate * own}

    def replicate(self, values: NDArray, rng: np.random.Generator) -> tuple[Collapse, dict[str, float]]:
        """Cases as many, seen as long, drawn anew."""
        rate, decay, shape = values
        split = len(self.left) - self.own
        before = summed(self.entered, rate, decay)
        z = rng.gamma(shape, 1 / (shape + before))
        z[split:] = rng.gamma(shape, 1 / shape)
        when = reached(before + rng.exponential(size=len(z)) / z, rate, decay)
        fell = (when < self.limit).astype(float)
        again = replace(self, left=np.minimum(when, self.limit), fell=fell)
        return again, {"collapse_rate": float(rate * z[-1])}


def summed(weeks: NDArray, rate: Any, decay: Any) -> NDArray:
    """The hazard of equation 11 summed over the first `weeks`, all else at rest."""
    power = np.where(np.abs(1 - decay) < 1e-6, 1e-6, 1 - decay)
    return rate * AGE * np.expm1(power * np.log1p(weeks / AGE)) / power


def reached(hazard: NDArray, rate: float, decay: float) -> NDArray:
    """The week at which the summed hazard is reached; infinite if it never is."""
    power = 1 - decay if abs(1 - decay) >= 1e-6 else 1e-6
    inside = power * hazard / (rate * AGE)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        weeks = AGE * np.expm1(np.log1p(inside) / power)
    return np.where(inside > -1, weeks, np.inf)


def read_collapse(data: Path, ceasefires: tuple[Ceasefire, ...], as_of: date) -> Collapse:
    """Episodes since 1990 that ended by cease-fire or agreement, and the theatre's cease-fires, as known on a date.

    Raises:
        DataError: another layout, a date that is none, or no such episode.
    """
    path, frame = table(data, "episode_recurrence*.csv", EPISODES)
    end = dates(path, frame, "end")
    back: Any = pd.to_datetime(frame["next_start"], errors="coerce")
    last = min(pd.Timestamp(as_of), pd.Timestamp(int(frame["lastyear"].max()), 12, 31))
    enters = pd.to_datetime((frame["lastyear"] + 2).astype(str) + "-01-01")
    use = (frame["lastyear"] >= SINCE) & frame["outcome_label"].isin(ENDINGS) & (enters < last)
    entered = ((enters - end).dt.days / 7)[use].to_numpy()
    limit = np.minimum(FOLLOWED, ((last - end).dt.days / 7)[use].to_numpy())
    when = ((back - end).dt.days / 7)[use].fillna(np.inf).to_numpy()
    seen = (limit > entered) & (when > entered)
    rows = [(e, min(w, m), float(w < m), m) for e, w, m in zip(entered[seen], when[seen], limit[seen], strict=True)]
    if not rows:
        raise DataError(f"{path}: no episode since {SINCE} ended by {' or '.join(ENDINGS)} before {as_of}")
    known = [c for c in ceasefires if c.start < as_of]
    for ceasefire in known:
        watched = (as_of - ceasefire.start).days / 7
        fell = ceasefire.fell is not None and ceasefire.fell <= as_of
        lasted = (ceasefire.fell - ceasefire.start).days / 7 if fell and ceasefire.fell else watched
        rows.append((0.0, lasted, float(fell), watched))
    return Collapse(*np.array(rows).T, own=len(known))
