"""How sure we are of a number, where it comes from, and in which unit it is.

A number is an `Estimate`: a median with a 90 % interval, and the claims or the assumption it
rests on. How it is written in a file is the business of `contingent.notation`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

Z90 = 1.6448536269514722  # standard normal quantile of 0.95: low and high are the 5 % and 95 % quantiles

DAYS = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
WEEKS_A_MONTH = DAYS["month"] / DAYS["week"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure and the range its numbers may take.

    `name` is a pint expression (`person`, `USD/month`, `1`); a test parses every one of them.
    Numbers outside [`at_least`, `at_most`] are refused when a scenario is read.
    """

    name: str
    at_least: float = -np.inf
    at_most: float = np.inf

    @property
    def range(self) -> str:
        """What its numbers may be, in words."""
        least, most = (None if np.isinf(bound) else f"{bound:g}" for bound in (self.at_least, self.at_most))
        if least and most:
            return f"it must be {least} to {most}"
        return f"it must be at least {least}" if least else f"it must be at most {most}" if most else "any number is"

    def factor(self, written: str) -> float | None:
        """What to multiply by to turn the unit a user wrote into this one; None if they do not match."""
        word = " ".join(written.split()).lower()
        singular = "person" if word == "people" else word.removesuffix("s")
        if word == "%":
            return 0.01 if self.name == "1" else None
        if {word, singular} & {self.name.lower(), f"{self.name}s".lower()}:
            return 1.0
        if self.name in DAYS and singular in DAYS:
            return DAYS[singular] / DAYS[self.name]
        return None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with a 90 % interval (`low` to `high` around the median `best`) and its sources.

    `claims` are identifiers in the scenario's ledger; `assumption` says in words why the number
    is what it is when no claim supports it. With neither, the number is *unsourced*.
    `unit` and the bounds come from the field it stands in.
    """

    best: float
    low: float
    high: float
    claims: tuple[str, ...] = ()
    assumption: str = ""
    unit: Unit = Unit("1")

    @property
    def certain(self) -> bool:
        """Whether the interval is a single point."""
        return self.low == self.high

    def quantile(self, u: ArrayLike) -> NDArray[np.float64]:
        """The value below which a share `u` in (0, 1) of our belief lies; monotone, any shape.

        A two-piece normal on the scale that suits the unit's bounds: logarithmic for positive
        quantities, logit between two finite bounds, linear otherwise. Median and 90 % interval
        are met exactly (two-piece: John 1982, doi:10.1080/03610928208828279).
        """
        from scipy.special import ndtri  # imported where it is used: reading a scenario draws nothing

        z = ndtri(np.asarray(u, dtype=float))
        if self.certain:
            return np.full(z.shape, self.best)
        scale, inverse = self._scale()
        low, best, high = scale(np.array([self.low, self.best, self.high]))
        spread = np.where(z < 0, best - low, high - best) / Z90
        return np.clip(inverse(best + spread * z), self.unit.at_least, self.unit.at_most)

    @classmethod
    def between(cls, low: float, high: float, unit: Unit) -> Estimate:
        """The estimate whose 90 % interval is given and whose median is its middle on the unit's own scale."""
        ends = cls((low + high) / 2, low, high, unit=unit)
        if ends.certain:
            return ends
        scale, inverse = ends._scale()
        return replace(ends, best=float(inverse(scale(np.array([low, high])).mean())))

    def _scale(self):
        lower, upper = self.unit.at_least, self.unit.at_most
        if np.isfinite(lower) and np.isfinite(upper) and lower < self.low and self.high < upper:
            width = upper - lower
            return (lambda x: np.log((x - lower) / (upper - x))), (lambda y: lower + width / (1 + np.exp(-y)))
        if lower == 0 and not np.isfinite(upper) and self.low > 0:
            return np.log, np.exp
        return (lambda x: x), (lambda y: y)

    def __str__(self) -> str:
        text = f"{self.best:,.6g}"
        return text if self.certain else f"{text} ({self.low:,.6g} to {self.high:,.6g})"
