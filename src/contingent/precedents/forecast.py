"""How likely is a country to say yes, by the record of past decisions alone, and how sure is that?

Mixed logit (`regression`) with a 90 % posterior band, reference classes and the nearest cases beside it. Refusals made
quietly are missing from the record: who carries the odds on has to shift them by the share thought to be on it.

Given a yes, is it to all tasks or to a limited part; and how often was each kind of contribution agreed to?
Second stage of a hurdle model: ridge logistic regression among those who joined. Limited means support, ships,
training, a token, or a strictly defensive part (`joined_limited`). Three things known beforehand move it, as the
project's study of the table found: the US asks or leads and nobody expects combat (more limited), the UN commands
(less). Words of the ask would tell more, but some were written down knowing what was sent. No ask for training, money,
bases or transit alone is on record: of those the record says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from contingent.precedents import cases as record
from contingent.precedents.cases import FORCE_TYPES, Case, Precedent, Query, Rate, asked, known, shipped_cases
from contingent.precedents.regression import FEATURES, PENALTY, Mixed, Regression, averaged, features, fit, fit_mixed

DRAWS = 200
"""Equally likely values that the band is carried into an ensemble as."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the record says, as of a day.

    `probability` with its 90 % band `low` to `high`; `logits` (draw,) are sorted, equally likely values of its log
    odds, to be carried into an ensemble. `contributions` are each feature's part of the log odds, `country` its own: 0
    where none is on record, and the probability is then the mean over what the effect may be.
    """

    as_of: date
    n: int
    probability: float
    low: float
    high: float
    logits: NDArray[np.float64]
    contributions: dict[str, float]
    country: float
    classes: tuple[Rate, ...]
    nearest: tuple[Precedent, ...]
    limited: float
    """Probability that a yes is to a limited part only; its complement is a yes to all tasks."""
    kinds: tuple[Rate, ...]
    """How often each kind of contribution was agreed to: land, air, naval, police, observers, where on record."""
    delivered: tuple[int, int]
    """Of the decisions to join in the narrowest class with any: how many put people on the ground, of how many."""


@dataclass(frozen=True, slots=True)
class Trained:
    """The regressions on the cases known at a time: of joining, and of joining in a limited part."""

    cases: tuple[Case, ...]
    model: Mixed
    extent: Regression


def train(cases: Sequence[Case]) -> Trained:
    """Fit the regressions on decisions to join or not."""
    usable = asked(cases)
    return Trained(usable, fit_mixed(usable), fit_extent(usable))


@lru_cache(maxsize=4)
def trained_on_shipped(as_of: date) -> Trained:
    """The regression on the shipped table as known on a day; the same for the same day."""
    return train(known(shipped_cases(), as_of))


def forecast(query: Query, as_of: date, trained: Trained | None = None, asked: Query | None = None) -> Forecast:
    """What the record of past decisions says about one that is to be taken.

    Args:
        query: the codes of the decision at hand.
        as_of: nothing decided in or after this day's month is used.
        trained: a regression fitted elsewhere; the shipped table's if none is given.
        asked: the codes of what the whole force is asked to do, if one's own part is less: for the nearest decisions.
    """
    trained = trained or trained_on_shipped(as_of)
    model = trained.model
    middle = float(model.logit([query])[0])
    draws = middle + model.error(query) * ndtri((np.arange(DRAWS) + 0.5) / DRAWS)
    logits = logit(averaged(draws, np.repeat(model.unknown([query]), DRAWS)))
    low, high = expit(np.quantile(logits, [0.05, 0.95]))
    parts = dict(zip(FEATURES, map(float, model.slope * features(query)), strict=True))
    same = [case for case in trained.cases if case.joined and case.query.coerce_kin == query.coerce_kin]
    country = model.country.get(query.iso3)
    return Forecast(
        as_of=as_of, n=len(trained.cases),
        probability=float(expit(logit(model.probability([query])[0]))),  # by its log odds, as the band is
        low=float(low), high=float(high), logits=logits,
        contributions={name: part for name, part in parts.items() if part},
        country=0.0 if country is None else float(model.at[country]), classes=record.rates(query, trained.cases),
        nearest=record.nearest(asked or query, trained.cases, as_of.year),
        limited=float(share_limited(trained.extent, [query])[0]), kinds=kinds(trained.cases),
        delivered=(sum(case.deployed for case in same), len(same)),
    )  # fmt: skip


def _extent_matrix(queries: Sequence[Query]) -> NDArray[np.float64]:
    rows = [(q.us_request_or_lead, q.un_led, float(q.combat_expected == 0)) for q in queries]
    return np.array(rows, dtype=float).reshape(-1, 3)


def joiners(cases: Sequence[Case]) -> tuple[Case, ...]:
    """The decisions to join."""
    return tuple(case for case in cases if case.joined)


def limited(cases: Sequence[Case]) -> NDArray[np.float64]:
    """Whether each decision (case,) was to join in a limited part: 1 or 0."""
    return np.array([case.outcome == "joined_limited" for case in cases], dtype=float)


def fit_extent(cases: Sequence[Case]) -> Regression:
    """What moves a yes to a limited part, among those of `cases` that joined; even odds where none did."""
    there = joiners(cases)
    if not there:
        return Regression(0.0, np.zeros(3))
    return fit(_extent_matrix([case.query for case in there]), limited(there), PENALTY)


def share_limited(model: Regression, queries: Sequence[Query]) -> NDArray[np.float64]:
    """Probability (case,) that a yes is to a limited part."""
    return model.probability(_extent_matrix(queries))


def kinds(cases: Sequence[Case]) -> tuple[Rate, ...]:
    """How often each kind of contribution on record was agreed to, pulled to the rate of all asks; by `FORCE_TYPES`."""
    everyone = (sum(case.joined for case in cases) + 0.5) / (len(cases) + 1)
    asks = {kind: [case for case in cases if case.query.force_type == kind] for kind in FORCE_TYPES}
    return tuple(record.rate(kind, there, everyone) for kind, there in asks.items() if there)
