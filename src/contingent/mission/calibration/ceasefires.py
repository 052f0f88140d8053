"""What do weekly deaths in and between truces say of fire from outside?

Equation 3: negative binomial weeks, those of a truce apart from those of fighting. In a truce of age a the mean is
lambda ((1 + a)/(1 + a_0))**-d, with a_0 its age on the scenario's date; in fighting it is lambda (1 + c_X), whatever
the age. Every spell of either kind has a level of its own, lognormal around the common one; what is told is the level
of the spell in force, or of the next. Weeks of which only some days are covered by reports count by those days.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp, ndtri

from contingent.errors import DataError
from contingent.mission.eq04_attacks import WEEKS_A_YEAR
from contingent.mission.parameters import priors
from contingent.quantities import Estimate, Unit
from contingent.scenario.theatre import Ceasefire
from contingent.scoring.tables import COUNT, DAY, Kind, table

POSITIVE = Unit("1", 0)
ONE_DAY = timedelta(days=1)
LONGEST = 3  # days a report covers at most where the file does not say how many (72 hours)
BETWEEN = 0.6  # log spread of a level between spells: six pairs of truces of one conflict, .57 (benchmarks)
LEVELS = np.linspace(-4, 4, 41)
WEIGHTS = np.exp(-0.5 * LEVELS**2) / np.exp(-0.5 * LEVELS**2).sum()


def _days(cell: str) -> float:
    days, rest = divmod(float(cell), 24)
    return days if days >= 1 and not rest else float("of no use")


DAILY = {"report_date": replace(DAY, empty=None), "killed_truce_new": COUNT}
HOURS = {"report_period": Kind("a whole number of days in hours, such as 48", _days, np.nan)}
"""The columns of a daily file, and one that may be there."""


def by_day(frame: Any) -> Any:
    """New deaths a day, spread evenly over the days that their report covers; not-a-number where none does.

    A report tells new deaths apart from bodies recovered and late registrations (`killed_truce_new`) or is none. It
    covers `report_period` hours up to its day where the file says so, and otherwise the days since the report before
    it, three at most.
    """
    day, new, covers = (frame[name] for name in (*DAILY, *HOURS))
    told = new.notna()
    found = pd.Series(np.nan, index=pd.date_range(day.min(), day.max()))
    before = day.min() - pd.Timedelta(days=LONGEST)
    for this, deaths, period in sorted(zip(day[told], new[told], covers[told], strict=True)):
        days = int(period) if np.isfinite(period) else max(1, min(LONGEST, (this - before).days))
        covered = found.index[(found.index > this - pd.Timedelta(days=days)) & (found.index <= this)]
        found[covered] = found.loc[covered].fillna(0) + deaths / max(len(covered), 1)
        before = this
    return found


def by_week(daily: Any, start: date, end: date) -> list[tuple[float, float, int]]:
    """Deaths, share of the week covered by reports, and number, of each covered week from one day to another."""
    inside = daily[(daily.index >= pd.Timestamp(start)) & (daily.index <= pd.Timestamp(end))]
    week = (inside.index - pd.Timestamp(start)).days // 7
    rows = [(float(part.sum()), float(part.notna().sum() / 7), int(number)) for number, part in inside.groupby(week)]
    return [row for row in rows if row[1] > 0]


def spells(ceasefires: tuple[Ceasefire, ...], as_of: date) -> list[tuple[date, date, bool]]:
    """First and last day of every cease-fire up to a date, and of the time between two (fighting).

    A report covers the hours before it: that of a cease-fire's first day tells of the fighting.
    """
    known = sorted(((c.start, c.fell) for c in ceasefires if c.start and c.start <= as_of), key=lambda days: days[0])
    found = []
    for (start, end), (begins, _) in pairwise([*known, (as_of, None)]):
        fell = end if end and end <= as_of else None
        found.append((start + ONE_DAY, fell - ONE_DAY if fell else as_of, False))
        if fell:
            found.append((fell, begins, True))
    return [spell for spell in found if spell[0] <= spell[1]]


@dataclass(frozen=True, slots=True)
class Weeks(ABC):
    """Deaths, share of the week covered, the cease-fire's age in weeks, and which spell; (week). What spells share.

    `now`: the age of the cease-fire in force on the date, not-a-number if the last spell is over.
    """

    deaths: NDArray
    exposure: NDArray
    age: NDArray
    spell: NDArray
    now: float
    points: int = 16

    @property
    @abstractmethod
    def priors(self) -> dict[str, Estimate]:
        """What is believed of the level, what else there is, and the dispersion."""

    @abstractmethod
    def behind(self, values: NDArray, level: NDArray) -> dict[str, NDArray]:
        """The parameters of the model behind values (draw, number) and the spell's own level (draw)."""

    def mean(self, values: NDArray) -> NDArray:
        """Equation 3, deaths expected in each week at the common level, whatever its age; (point, week)."""
        return values[:, [0]] * self.exposure

    def by_level(self, values: NDArray, spell: float) -> NDArray:
        """Log likelihood of one spell's weeks at each level it may have; (point, level)."""
        here = self.spell == spell
        deaths, shape = self.deaths[here], values[:, [-1]]
        mean = self.mean(values)[:, here]
        total = (gammaln(deaths + shape) - gammaln(shape) + shape * np.log(shape)).sum(axis=1, keepdims=True)
        parts = [
            (deaths * np.log(mean * up) - (shape + deaths) * np.log(shape + mean * up)).sum(axis=1)
            for up in np.exp(BETWEEN * LEVELS)
        ]
        return total + np.stack(parts, axis=1)

    def log_likelihood(self, values: NDArray) -> NDArray:
        """Negative binomial; the spell's own level is summed out; the data's own constant is left out."""
        spells = np.unique(self.spell)
        each = [logsumexp(self.by_level(values, spell), axis=1, b=WEIGHTS) for spell in spells]
        return np.asarray(each).sum(axis=0)

    def level(self, values: NDArray, u: NDArray) -> NDArray:
        """The level of the spell in force given its weeks, or of the next; (draw)."""
        if not np.isfinite(self.now):
            return values[:, 0] * np.exp(BETWEEN * ndtri(u))
        log = self.by_level(values, self.spell.max()) + np.log(WEIGHTS)
        share = np.exp(log - log.max(axis=1, keepdims=True))
        below = np.cumsum(share / share.sum(axis=1, keepdims=True), axis=1)
        edges = LEVELS + (LEVELS[1] - LEVELS[0]) / 2
        found = np.array([np.interp(x, row, edges) for x, row in zip(u, below, strict=True)])
        return values[:, 0] * np.exp(BETWEEN * found)

    def told(self, values: NDArray, u: NDArray) -> dict[str, NDArray]:
        """The parameters of the spell in force, or of the next."""
        return self.behind(values, self.level(values, u))

    def replicate(self, values: NDArray, rng: np.random.Generator) -> tuple[Any, dict[str, float]]:
        """Weeks as many and as long, drawn anew, and what is to be told of them."""
        _, spell = np.unique(self.spell, return_inverse=True)
        own = np.exp(BETWEEN * rng.normal(size=spell.max() + 2))
        mean, shape = self.mean(values[None])[0] * own[spell], values[-1]
        deaths = rng.poisson(rng.gamma(shape, mean / shape)).astype(float)
        found = self.behind(values[None], values[[0]] * own[-2 if np.isfinite(self.now) else -1])
        return replace(self, deaths=deaths), {name: float(value[0]) for name, value in found.items()}


@dataclass(frozen=True, slots=True)
class Truce(Weeks):
    """Weeks in which a cease-fire held."""

    @property
    def priors(self) -> dict[str, Estimate]:
        """Before the data: tens of deaths a week within a factor of four (judgement); the rest as in the table."""
        rate = {"outside_rate": Estimate(20, 5, 80, unit=POSITIVE)}
        return rate | {name: priors()[name].estimate for name in ("outside_decay", "outside_dispersion")}

    def mean(self, values: NDArray) -> NDArray:
        """Equation 3 in a truce; (point, week)."""
        since = np.log((1 + self.age) / (1 + (self.now if np.isfinite(self.now) else 0)))
        return values[:, [0]] * np.exp(-values[:, [1]] * since) * self.exposure

    def levels(self, ceasefires: tuple[Ceasefire, ...], as_of: date) -> NDArray:
        """Deaths a year in each of the cease-fires that began before a date; not-a-number where no day was reported."""
        cut = {start - ONE_DAY: k for k, (start, _, fighting) in enumerate(spells(ceasefires, as_of)) if not fighting}
        found = []
        for start in (c.start for c in ceasefires if c.start and c.start < as_of):
            here = self.spell == cut.get(start, -1)
            weeks = self.exposure[here].sum()
            found.append(WEEKS_A_YEAR * self.deaths[here].sum() / weeks if weeks else np.nan)
        return np.array(found)

    def behind(self, values: NDArray, level: NDArray) -> dict[str, NDArray]:
        """The rate on the date, its decay, and the dispersion."""
        return dict(zip(self.priors, values.T, strict=True)) | {"outside_rate": level}


@dataclass(frozen=True, slots=True)
class War(Weeks):
    """Weeks of fighting, compared with the rate `beside` of a truce (its posterior median: runs draw both apart)."""

    beside: float = 1.0

    @property
    def priors(self) -> dict[str, Estimate]:
        """Before the data: ten times a truce's deaths, give or take a factor of four (judgement)."""
        rate = {"war_rate": Estimate(10 * self.beside, 2.5 * self.beside, 40 * self.beside, unit=POSITIVE)}
        return rate | {"war_dispersion": priors()["war_dispersion"].estimate}

    def behind(self, values: NDArray, level: NDArray) -> dict[str, NDArray]:
        """How much more there is in fighting, and the dispersion."""
        return {"fallen_outside": np.maximum(level / self.beside - 1, 0), "war_dispersion": values[:, 1]}


def read_outside(data: Path, ceasefires: tuple[Ceasefire, ...], as_of: date) -> tuple[Truce, War]:
    """Weeks of a daily file, cut at the days on which cease-fires began and fell, up to a date.

    Raises:
        DataError: another layout, a date that is none, or no week within a cease-fire.
    """
    path, frame = table(data, "deaths_daily*.csv", DAILY, HOURS)
    return outside(path, by_day(frame), ceasefires, as_of)


def outside(path: Path, daily: Any, ceasefires: tuple[Ceasefire, ...], as_of: date) -> tuple[Truce, War]:
    """The same of deaths by day; DataError: no week within a cease-fire."""
    cut, rows = spells(ceasefires, as_of), {False: [], True: []}
    for spell, (start, end, fighting) in enumerate(cut):
        rows[fighting] += [(*week, spell) for week in by_week(daily, start, end)]
    if not rows[False]:
        raise DataError(f"{path}: no reported day lies within a cease-fire of the theatre")
    age = (as_of - cut[-1][0] + ONE_DAY).days / 7 if cut[-1][1] == as_of else np.nan
    truce, war = (np.array(rows[kind]).reshape(-1, 4).T for kind in (False, True))
    now = [age if (columns[3] == len(cut) - 1).any() else np.nan for columns in (truce, war)]
    return Truce(*truce, now=now[0]), War(*war, now=now[1])
