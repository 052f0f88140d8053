"""What do relapses elsewhere and a theatre's own cease-fires say of the hazard of collapse (equation 11)?

Survival analysis with gamma frailty and late entry.

Ended conflicts differ: each has the hazard z h_0 (1 + t/t_0)**-theta with z gamma-distributed of mean 1 (frailty:
Vaupel, Manton & Stallard 1979, doi:10.2307/2061224). An ended episode had to stay calm for a whole calendar year to
count as ended, so it enters after that. The theatre's own cease-fires share one z, which is what is wanted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaincinv, gammaln

from contingent.errors import DataError
from contingent.mission.parameters import priors
from contingent.mission.tables import table
from contingent.quantities import Estimate, Unit
from contingent.scenario.theatre import Ceasefire

COLUMNS = ("end", "lastyear", "next_start", "outcome_label")
ENDINGS = ("ceasefire", "peace agreement")  # how the episodes ended that a cease-fire is compared with (judgement)
SINCE = 1990
FOLLOWED = 260.0  # weeks; equation 11 is about the first years
AGE = 26.0  # t_0, held at its prior median
POSITIVE = Unit("1", 0)


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
    path, frame = table(data, "episode_recurrence*.csv", COLUMNS)
    end: Any = pd.to_datetime(frame["end"], errors="coerce")
    back: Any = pd.to_datetime(frame["next_start"], errors="coerce")
    if end.isna().any():
        raise DataError(f"{path}:{int(np.flatnonzero(end.isna())[0]) + 2}: column end: not a date")
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
