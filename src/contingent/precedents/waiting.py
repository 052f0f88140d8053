"""How long does a state take from being asked to a national decision, and how much longer once it has waited?

Lognormal duration model, interval-censored. The table says in whole months how long decisions took, so m months stand
for m - 1/2 to m + 1/2. Whose command it is (the UN asks long before it deploys) and whether ships or aircraft are asked
for move the median; what else was tried did not help on operations left out (docs/methods/precedents.md).

Beside it, how long past missions took from the mandate until people were there.

A known bias: an ask is on record only once it was decided. Asks left open, and those still open on the day, are not
there, so real waiting is longer than this says, by an amount that the table cannot tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_ndtr, ndtr, ndtri, ndtri_exp

from contingent.precedents.cases import Case, Query, asked, known, shipped_cases

DAYS_A_MONTH = 365.25 / 12
BUILD_UP, TOGETHER, APART = 18.97, 1.030, 0.785
"""Weeks from the mandate until a contributor's people are there (median), and the spread of its logarithm between
missions and between the contributors of one. Fitted on 18 UN missions of 1999 to 2014, authorized and deployed strength
by month (IPI Peacekeeping Database; `benchmarks/freeze_buildup.py` makes the fit and its scores again)."""
LONGEST = 120  # months; forecasts are scored month by month up to here, where next to nothing is left
PRIOR = (1.5, 0.7, 0.7, 0.5)
"""Spread of what is thought before any case: log median about one month, the two effects about 0, the log of the log sd
about 0 (an e-fold): judgements, weak beside a few dozen cases; they carry forecasts for days on which few are known."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Time from ask to national decision: log months are normal with `mean` and `sd`."""

    mean: float
    sd: float

    def days(self, level: NDArray[np.float64], elapsed: float = 0.0) -> NDArray[np.float64]:
        """Days from now to the decision at each level in (0, 1), where `elapsed` days have passed without one."""
        with np.errstate(divide="ignore"):
            gone = (np.log(np.float64(elapsed) / DAYS_A_MONTH) - self.mean) / self.sd
        left = log_ndtr(-gone) + np.log1p(-np.asarray(level, dtype=float))
        return np.maximum(DAYS_A_MONTH * np.exp(self.mean - self.sd * ndtri_exp(left)) - elapsed, 0.0)


def waiting(query: Query, as_of: date) -> Waiting:
    """How long a decision like this one takes, from the shipped table as known on a day."""
    learnt = _on_shipped(as_of)
    return Waiting(float(learnt[:3] @ [1.0, *_features(query)]), float(np.exp(learnt[3])))


@lru_cache(maxsize=8)
def _on_shipped(as_of: date) -> NDArray[np.float64]:
    return fit(timed(known(shipped_cases(), as_of)))


def build_up(mission: ArrayLike, own: ArrayLike) -> NDArray[np.float64]:
    """Weeks from the mandate until a contributor's people are there, as past missions took; any shape.

    Lognormal with a part that all contributors of a mission share: `mission` and `own` are uniform levels in (0, 1).
    Everything is in it that took its time there: headquarters, the host's permission, notice and transport.
    """
    return BUILD_UP * np.exp(TOGETHER * ndtri(mission) + APART * ndtri(own))


def timed(cases: Sequence[Case]) -> tuple[Case, ...]:
    """Decisions to join or not of which it is on record how long they took."""
    return tuple(case for case in asked(cases) if case.months is not None)


def _features(query: Query) -> tuple[float, float]:
    return query.un_led, float(query.force_type in ("air", "naval"))


def _matrix(cases: Sequence[Case]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x = np.array([(1.0, *_features(case.query)) for case in cases]).reshape(-1, 3)
    return x, np.array([case.months for case in cases], dtype=float)


def fit(cases: Sequence[Case]) -> NDArray[np.float64]:
    """Log median in months, effects of UN command and of ships or aircraft, log of the log sd: penalized likelihood."""
    x, months = _matrix(cases)

    def loss(at: NDArray[np.float64]) -> float:
        mass = _share(at, x, months + 0.5) - _share(at, x, months - 0.5)
        return float(-np.log(np.maximum(mass, 1e-12)).sum() + ((at / PRIOR) ** 2).sum() / 2)

    from scipy.optimize import minimize  # slow to import, and only a fit needs it

    return minimize(loss, np.zeros(4), method="BFGS").x


def _share(at: NDArray[np.float64], x: NDArray[np.float64], months: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of decisions taken within so many months, 0 for none or fewer."""
    with np.errstate(divide="ignore"):
        return ndtr((np.log(np.maximum(months, 0.0)) - x @ at[:3]) / np.exp(at[3]))


def surprise_and_crps(cases: Sequence[Case], learnt: NDArray[np.float64]) -> tuple[NDArray, NDArray]:
    """Log score (nats) of the month recorded, and CRPS in months on whole months; each (case,)."""
    x, months = _matrix(cases)
    edges = np.arange(0.5, LONGEST, dtype=np.float64)
    by = _share(learnt, x[:, None, :], np.tile(edges, (len(x), 1)))
    return _scored(by, _share(learnt, x, months + 0.5) - _share(learnt, x, months - 0.5), months)


def surprise_and_crps_of_base(cases: Sequence[Case], others: Sequence[Case]) -> tuple[NDArray, NDArray]:
    """The same of the months of all `others` as they are, with one more spread evenly over two years of months."""
    _, months = _matrix(cases)
    at, seen = (np.minimum(x.round().astype(int), LONGEST - 1) for x in (months, _matrix(others)[1]))
    count = np.bincount(seen, minlength=LONGEST) * 1.0
    count[:24] += 1 / 24
    mass = count / count.sum()
    return _scored(np.broadcast_to(mass.cumsum(), (len(months), LONGEST)), mass[at], months)


def _scored(by: NDArray, mass: NDArray, months: NDArray) -> tuple[NDArray, NDArray]:
    came = months[:, None] <= np.arange(LONGEST)
    return -np.log(np.maximum(mass, 1e-6)), ((by - came) ** 2).sum(1)
