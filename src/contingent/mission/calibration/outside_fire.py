"""What do weekly deaths in and between truces say of outside fire (equation 3)?

A negative binomial model with a random level for each spell.

Nothing is disarmed yet, so a week in which the cease-fire holds is NegBin(lambda, k), and one in which it is down
NegBin(lambda (1 + c_X), k). Every spell of either kind has a lambda of its own, lognormal around the common one, for
neighbouring weeks share their times; the next spell's is wanted. Weeks of which only some days were reported count by
those days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp, ndtri

from contingent.errors import DataError
from contingent.mission.parameters import priors
from contingent.mission.tables import numbers, table
from contingent.quantities import Estimate, Unit
from contingent.scenario.theatre import Ceasefire

COLUMNS = ("report_date", "killed", "killed_truce_new")
POSITIVE = Unit("1", 0)
ONE_DAY = timedelta(days=1)
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
    path, frame = table(data, "deaths_daily*.csv", COLUMNS)
    day: Any = pd.to_datetime(frame["report_date"], errors="coerce")
    if day.isna().any():
        raise DataError(f"{path}:{int(np.flatnonzero(day.isna())[0]) + 2}: column report_date: not a date")
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
