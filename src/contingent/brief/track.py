"""How well did forecasts of past decisions do, on countries they had not seen?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from scipy.special import betaincinv

from contingent.precedents.backtest import left_out
from contingent.precedents.cases import asked, known, shipped_cases

GROUPS = 5  # of equal count, by what was forecast


@dataclass(frozen=True, slots=True)
class Group:
    """Cases forecast alike: the mean of what was said, the share that happened, its 90 % Jeffreys interval."""

    said: float
    happened: float
    low: float
    high: float
    cases: int


@dataclass(frozen=True, slots=True)
class Track:
    """Brier scores of the forecasts and of the base rate on the same cases, and the groups of a calibration plot."""

    brier: float
    base_brier: float
    cases: int
    groups: tuple[Group, ...]


@lru_cache(maxsize=4)
def track_record(as_of: date) -> Track:
    """The record of past decisions known on a day, every country forecast from all others."""
    cases = asked(known(shipped_cases(), as_of))
    country = np.array([case.query.iso3 for case in cases])
    joined = np.array([case.joined for case in cases], dtype=float)
    ours, theirs = left_out(cases, country, np.ones(len(cases), dtype=bool), own_record=False)
    groups = []
    for part in np.array_split(np.argsort(ours, kind="stable"), GROUPS):
        k, n = float(joined[part].sum()), len(part)
        low, high = (float(q) for q in betaincinv(k + 0.5, n - k + 0.5, [0.05, 0.95]))
        groups.append(Group(float(ours[part].mean()), k / n, low, high, n))
    return Track(
        float(((ours - joined) ** 2).mean()), float(((theirs - joined) ** 2).mean()), len(cases), tuple(groups)
    )
