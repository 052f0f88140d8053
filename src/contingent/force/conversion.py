"""How many pledges become troops, by who pays, from past missions.

A beta-binomial: each kind of force has its own rate, drawn towards the rate of all kinds together as far as its own
cases are few. One case is a named contributor's pledge, kept if at least three quarters of it were there in time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import betaln
from scipy.stats import beta

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


# UNIFIL: pledges of August 2006 kept by December 2006: France, Italy, Spain, Belgium, Germany, Indonesia; not Poland,
# Malaysia, Bangladesh. AMISOM: Uganda and Burundi; not Nigeria, Ghana, Malawi. Haiti: one lead contributor of at least
# ten. INTERFET and the re-hat to MINUSMA: contributors in the field on time.
CASES = (
    Case("UNIFIL 2006", "assessed", 9, 6, "IPI panel; hindustantimes.com 29 Aug 2006; rferl.org 1070663"),
    Case("MINUSMA 2013 (re-hatted)", "assessed", 11, 11, "IPI panel: AFISMA contributors within three months"),
    Case("AMISOM 2007", "voluntary", 5, 2, "hiiraan.com 28 Feb 2007; csmonitor.com 26 Jul 2010"),
    Case("MSS Haiti 2023", "voluntary", 10, 1, "Reuters 11 Oct 2024: about 430 of 2,900 pledged"),
    Case("INTERFET 1999", "own", 22, 22, "en.wikipedia.org International Force East Timor: 22 contributors"),
)
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

    def log_score(self, made: int, kept: int) -> float:
        """Minus the log of the probability of `kept` of `made` in one given order, in nats a pledge."""
        return float(-(betaln(self.a + kept, self.b + made - kept) - betaln(self.a, self.b)) / max(made, 1))


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


def left_out() -> tuple[float, float]:
    """Mean log score a pledge, each mission left out in turn: by payer, and with one common rate."""
    own, common = [], []
    for case in CASES:
        others = tuple(c for c in CASES if c is not case)
        own.append(rate(case.payer, others).log_score(case.made, case.kept) * case.made)
        common.append(together(others).log_score(case.made, case.kept) * case.made)
    total = sum(c.made for c in CASES)
    return float(np.sum(own)) / total, float(np.sum(common)) / total
