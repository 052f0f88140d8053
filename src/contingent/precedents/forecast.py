"""How likely a country is to say yes, by the record of past decisions alone, and how sure that is.

The nearest precedents come first, then the reference classes, then the regression with the country's
own effect and a band from resampling whole countries and whole operations (the wider of the two).
Refusals made quietly are missing from the record; `recorded` says which share of them is thought to
be on it, and shifts the odds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from contingent.precedents.cases import Case, Query, asked, known, shipped_cases
from contingent.precedents.nearest import Precedent, nearest
from contingent.precedents.reference_class import Rate, rates
from contingent.precedents.regression import FEATURES, Regression, country_effect, features, fit, matrix

RESAMPLES = 200


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the record says, as of a day.

    `probability` with its 90 % band `low` to `high`, after the shift for refusals not on record;
    `logits` (resample,) are sorted bootstrap values before that shift, to be carried into an ensemble.
    `contributions` are each feature's part of the log odds, `country` the country's own.
    """

    as_of: date
    n: int
    probability: float
    low: float
    high: float
    recorded: float
    logits: NDArray[np.float64]
    contributions: dict[str, float]
    country: float
    classes: tuple[Rate, ...]
    nearest: tuple[Precedent, ...]
    delivered: tuple[int, int]
    """Of the decisions to join in the narrowest class with any: how many put people on the ground, of how many."""


@dataclass(frozen=True, slots=True)
class Trained:
    """The regression on the cases known at a time, and its resamples: by country first, by operation second."""

    cases: tuple[Case, ...]
    model: Regression
    resamples: tuple[tuple[Regression, ...], tuple[Regression, ...]]


def train(cases: Sequence[Case], seed: int = 20251028) -> Trained:
    """Fit the regression and its bootstrap on decisions to join or not."""
    usable = asked(cases)
    x, y = matrix(usable)
    kinds = [np.array([case.query.iso3 for case in usable]), np.array([case.op_key for case in usable])]
    rng = np.random.Generator(np.random.Philox(seed))
    return Trained(usable, fit(x, y), tuple(_resampled(x, y, kind, rng) for kind in kinds))  # pyright: ignore[reportArgumentType]


def _resampled(x: NDArray, y: NDArray, cluster: NDArray, rng: np.random.Generator) -> tuple[Regression, ...]:
    names = np.unique(cluster)
    members = [np.flatnonzero(cluster == name) for name in names]
    picks = (np.concatenate([members[i] for i in rng.integers(0, len(names), len(names))]) for _ in range(RESAMPLES))
    return tuple(fit(x[pick], y[pick]) for pick in picks)


@lru_cache(maxsize=4)
def trained_on_shipped(as_of: date) -> Trained:
    """The regression on the shipped table as known on a day; the same for the same day."""
    return train(known(shipped_cases(), as_of))


def forecast(query: Query, as_of: date, recorded: float = 1.0, trained: Trained | None = None) -> Forecast:
    """What the record of past decisions says about one that is to be taken.

    Args:
        query: the codes of the decision at hand.
        as_of: nothing decided in or after this day's month is used.
        recorded: share of refusals thought to be on record, 0 to 1; 1 takes the table as it is.
        trained: a regression fitted elsewhere; the shipped table's if none is given.
    """
    trained = trained or trained_on_shipped(as_of)
    x, y = matrix(trained.cases)
    own = np.array([case.query.iso3 == query.iso3 for case in trained.cases])
    row = np.array(features(query))
    effect = country_effect(trained.model, x[own], y[own])
    middle = float(trained.model.logit(row[None])[0]) + effect
    bands = []
    for models in trained.resamples:
        values = np.array([m.logit(row[None])[0] + country_effect(m, x[own], y[own]) for m in models])
        bands.append(np.sort(values))
    wider = max(bands, key=lambda band: np.quantile(band, 0.95) - np.quantile(band, 0.05))
    shift = float(np.log(np.clip(recorded, 1e-3, 1.0)))
    low, high = expit(np.quantile(wider, [0.05, 0.95]) + shift)
    parts = dict(zip(FEATURES, map(float, trained.model.slope * row), strict=True))
    classes = rates(query, trained.cases)
    same = [case for case in trained.cases if case.joined and case.query.coerce_kin == query.coerce_kin]
    return Forecast(
        as_of=as_of,
        n=len(trained.cases),
        probability=float(expit(middle + shift)),
        low=float(min(low, expit(middle + shift))),
        high=float(max(high, expit(middle + shift))),
        recorded=recorded,
        logits=wider,
        contributions={name: part for name, part in parts.items() if part},
        country=effect,
        classes=classes,
        nearest=nearest(query, trained.cases),
        delivered=(sum(case.deployed for case in same), len(same)),
    )
