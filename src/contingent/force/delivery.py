"""How many pledges become troops, and how fast does a mission fill?

Conversion rates and fill-up curves of past missions.

A beta-binomial: each kind of force has its own rate, drawn towards the rate of all kinds together as far as its own
cases are few. One case is a named contributor's pledge, kept if at least three quarters of it were there in time.

The forecast is the record of past missions, those like this one weighing more. Alike means: was there fighting or an
objecting host when the mandate was given, and was a UN mission there to take over from. Both are known at the mandate;
the coding is a judgement, listed below. Fills above one count as one: the ceiling was raised afterwards.
"""

import tomllib
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import beta

from contingent.errors import DataError
from contingent.force.states import DATA

Payer = Literal["assessed", "voluntary", "own"]
PAYERS: tuple[Payer, ...] = ("assessed", "voluntary", "own")


@dataclass(frozen=True, slots=True)
class Case:
    """Pledges of one kind in one mission."""

    mission: str
    payer: Payer
    made: int
    kept: int
    source: str


CASES = tuple(Case(**row) for row in tomllib.loads((DATA / "pledges_kept.toml").read_text("utf-8"))["case"])
STRENGTH = 4.0  # cases the common rate counts as, in a kind's own: a judgement


@dataclass(frozen=True, slots=True)
class Rate:
    """A belief about the share of pledges that are kept: a beta distribution."""

    a: float
    b: float

    @property
    def mean(self) -> float:
        """Its mean."""
        return self.a / (self.a + self.b)

    def interval(self) -> tuple[float, float]:
        """Its 90 % interval."""
        low, high = beta.ppf([0.05, 0.95], self.a, self.b)
        return float(low), float(high)


def rate(payer: Payer, cases: tuple[Case, ...] = CASES) -> Rate:
    """The belief for one kind of force, after the cases given."""
    common = together(cases)
    mine = [c for c in cases if c.payer == payer]
    kept, made = sum(c.kept for c in mine), sum(c.made for c in mine)
    return Rate(common.mean * STRENGTH + kept, (1 - common.mean) * STRENGTH + made - kept)


def together(cases: tuple[Case, ...] = CASES) -> Rate:
    """The belief if all kinds kept their pledges alike: the baseline."""
    kept, made = sum(c.kept for c in cases), sum(c.made for c in cases)
    return Rate(1.0 + kept, 1.0 + made - kept)


MONTHS = (1, 2, 3, 6, 9, 12, 18, 24)
# How much an unlike mission loses; the weight every mission keeps. Round numbers inside a range that was scanned on the
# same missions the backtest scores: see docs/methods/force.md, section 7.
CONTRAST, SHARED = 2.0, 0.1
# At the mandate, (fighting went on, or the host objected to who comes): a judgement by one who knew how it went.
CONTESTED = {
    ("MONUC", 2000), ("UNAMID", 2007), ("MINURCAT", 2009), ("MINUSMA", 2013), ("UNMISS", 2013), ("MINUSCA", 2014),
}  # fmt: skip
# A UN force already stood in the same place.
STANDING = {("UNIFIL", 2006), ("UNMISS", 2011), ("UNMISS", 2013)}


@dataclass(frozen=True, slots=True)
class FillUp:
    """A discrete distribution of fill at one month: `value` (k,) in 0..1 and `weight` (k,)."""

    value: np.ndarray
    weight: np.ndarray

    def quantile(self, share: float) -> float:
        """The fill that a share of the weight lies at or below."""
        order = np.argsort(self.value, kind="stable")
        below = np.cumsum(self.weight[order]) / self.weight.sum()
        return float(self.value[order][min(np.searchsorted(below, share - 1e-9), len(order) - 1)])


def traits(past: pd.DataFrame) -> np.ndarray:
    """What is known of each mission at its mandate; shape (mission, 2)."""
    keys = list(zip(past["mission"], past["mandate"].astype(str).str[:4].astype(int), strict=True))
    return np.array([[float(k in CONTESTED), float(k in STANDING)] for k in keys]).reshape(-1, 2)


def forecast(past: pd.DataFrame, month: int, like: np.ndarray) -> FillUp:
    """The fill `month` months after the mandate of a mission with traits `like`, from past missions.

    Raises:
        DataError: no past mission has a value for that month.
    """
    known = past.iloc[np.flatnonzero(past[f"m{month}"].notna().to_numpy())]
    if not len(known):
        raise DataError(f"fill_up: column m{month} is empty")
    distance = ((traits(known) - like) ** 2).sum(1)
    value = np.clip(known[f"m{month}"].to_numpy(float), 0, 1)
    return FillUp(value, np.exp(-CONTRAST * distance) + SHARED)


def pooled(past: pd.DataFrame, month: int) -> FillUp:
    """The same from all past missions alike: the baseline."""
    known = past[f"m{month}"].dropna().to_numpy(float)
    return FillUp(np.clip(known, 0, 1), np.ones(len(known)))
