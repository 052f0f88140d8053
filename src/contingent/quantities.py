"""How sure we are of a number, where it comes from, and in which unit it is.

A number is an `Estimate`: a median with a 90 % interval, and the claims or the assumption it
rests on. How it is written in a file is the business of `contingent.notation`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

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


WHOLE = 0.0051  # of a share: half of a whole per cent
YEARS = (1900, 2100)  # what stands between these without a unit is a date


def states(text: str, estimate: Estimate) -> bool:
    """Whether a text has the number, or both ends of its interval: in digits or words, in its unit or another of that
    kind. What is told on a scale of our own, from 0 to 100, stands in no text.
    """
    unit, share = estimate.unit, estimate.unit.name == "1" and estimate.unit.at_most == 1
    if unit.name == "1" and unit.at_most == 100:
        return False
    per = {kind: days / DAYS[unit.name] for kind, days in DAYS.items()} if unit.name in DAYS else None
    per = per or {"share" if share else "money" if unit.name.startswith("USD") else "": 1.0}
    said = [number * per[kind] for number, kind in _said(text) if kind in per]

    def there(value: float) -> bool:
        return any(abs(number - value) <= WHOLE if share else _alike(number, value) for number in said)

    return there(estimate.best) or (not estimate.certain and there(estimate.low) and there(estimate.high))


def _alike(said: float, value: float) -> bool:
    """Whether a value is what was said, or that rounded to the value's own figures, two at least."""
    figures = max(2, len(f"{value:.12g}".replace(".", "").strip("0")))
    return bool(value) and f"{said:.{figures}g}" == f"{value:.{figures}g}"


def _said(text: str) -> Iterator[tuple[float, str]]:
    """Every number of a text with its kind: `share`, `money`, a unit of time, or none; dates are left out."""
    table, pattern = _number_words()
    units: dict[str, re.Pattern[str]] = table["units"]
    found, kinds = [*pattern.finditer(text)], list[str]()
    for match in found:
        time = units["time"].match(text, match.end())
        named = (kind for kind in ("date", "money", "share") if units[kind].match(text, match.end()))
        kinds.append(
            next(named, "money" if match["money"] else time[1].lower() if time else "share" * bool(match["part"]))
        )
    values = [_value(match, table) for match in found]
    for place in range(len(found) - 2, -1, -1):  # `two to three weeks`, `232 of the 333 seats`
        between = text[found[place].end() : found[place + 1].start()]
        if not kinds[place] and units["to"].match(between):
            kinds[place] = kinds[place + 1]
        if units["of"].match(between) and 0 < values[place] <= values[place + 1]:
            yield values[place] / values[place + 1], "share"
    for match, value, kind in zip(found, values, kinds, strict=True):
        if kind != "date" and (kind or match["scale"] or "," in match[0] or not YEARS[0] <= value <= YEARS[1]):
            yield (value / 100 if kind == "share" and not match["part"] else value), kind


def _value(match: re.Match[str], table: Mapping[str, Any]) -> float:
    word = (match["number"] or "1").lower()
    value = table["values"].get(word) or float(word.replace(",", ""))
    value *= table["scales"].get((match["scale"] or "").lower(), 1)
    return value * table["parts"].get((match["part"] or "").lower(), 1)


@cache
def _number_words() -> tuple[dict[str, Any], re.Pattern[str]]:
    """The words of numbers and of their units, and how a number is written with them."""
    table = tomllib.loads(files("contingent").joinpath("number_words.toml").read_text("utf-8"))
    words = {key: "|".join(table[key]) for key in ("values", "scales", "parts")}
    table["units"] = {key: re.compile(f"(?i){value}") for key, value in table["units"].items()}
    return table, re.compile(table["pattern"].format(**words), re.IGNORECASE | re.VERBOSE)
