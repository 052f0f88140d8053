"""How likely is a country to say yes, by the record of past decisions alone, and how sure is that?

Ridge logistic regression with a country effect, and a band from resampling whole countries and whole operations (the
wider of the two). Refusals made quietly are missing from the record; `recorded` says which share of them is thought to
be on it, and shifts the odds. Eight features: who commands, against whom force may be used, how dangerous it is, and
whether the country is a neighbour (Bove & Elia 2011, doi:10.1177/0022343311411954). `domestic_support` is left out: it
was coded knowing the outcomes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from contingent.precedents.cases import Case, Precedent, Query, Rate, asked, known, nearest, rates, shipped_cases

FEATURES = (
    "may coerce kin, no explicit UN mandate",
    "may coerce kin, explicit UN mandate",
    "led by the UN",
    "kin to protect",
    "no combat expected",
    "war expected",
    "material benefit",
    "neighbour",
)
PENALTY = 10.0  # 1/C with C = 0.1, as in the project's study of the table; the intercept is free
COUNTRY_SD = 0.8  # spread of countries on the logit scale in the study's mixed logit
RESAMPLES = 200


def features(query: Query) -> list[float]:
    """A decision's features, in the order of `FEATURES`."""
    explicit = query.un_mandate >= 1
    return [
        float(query.coerce_kin and not explicit),
        float(query.coerce_kin and explicit),
        query.un_led,
        float(query.kin_or_religious_tie_with_host and not query.coerce_kin),
        float(query.combat_expected == 0),
        float(query.combat_expected >= 2),
        query.material_benefit,
        query.regional_neighbour,
    ]


def matrix(cases: Sequence[Case]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Features (case, feature) and outcomes (case,), 1 where the country joined."""
    return (
        np.array([features(case.query) for case in cases], dtype=float).reshape(len(cases), len(FEATURES)),
        np.array([case.joined for case in cases], dtype=float),
    )


@dataclass(frozen=True, slots=True)
class Regression:
    """A fitted regression on the raw scale of the features: `intercept` and `slope` (feature,), in logits."""

    intercept: float
    slope: NDArray[np.float64]

    def logit(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log odds of joining for features (case, feature); shape (case,)."""
        return self.intercept + x @ self.slope

    def probability(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probability of joining; shape (case,)."""
        return expit(self.logit(x))


def fit(x: NDArray[np.float64], y: NDArray[np.float64], penalty: float = PENALTY) -> Regression:
    """Ridge-penalized maximum likelihood on standardized features, by Newton's method.

    `x` (case, feature), `y` (case,) of 0 and 1. A feature without variation gets no weight. Held by a test to
    scikit-learn's `LogisticRegression(C=1 / penalty)`; by hand: a study fits 401 (docs/decisions/0002-dependencies.md).
    """
    centre, spread = x.mean(0), x.std(0)
    scale = np.where(spread > 0, spread, 1.0)
    z = np.column_stack([np.ones(len(x)), (x - centre) / scale])
    ridge = np.full(z.shape[1], penalty)
    ridge[0] = 1e-6  # keeps one-sided samples finite
    beta = np.zeros(z.shape[1])
    for _ in range(50):
        p = expit(z @ beta)
        gradient = z.T @ (p - y) + ridge * beta
        step = np.linalg.solve((z * (p * (1 - p))[:, None]).T @ z + np.diag(ridge + 1e-9), gradient)
        beta = beta - np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-10:
            break
    slope = beta[1:] / scale
    return Regression(float(beta[0] - slope @ centre), slope)


def country_effect(model: Regression, x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """How far one country's own decisions (case, feature), (case,) lie from the model, in logits, shrunk to 0.

    The mode of a normal intercept with standard deviation `COUNTRY_SD`; 0 where the country has no record.
    """
    offset, effect = model.logit(x), 0.0
    for _ in range(50):
        p = expit(offset + effect)
        step = ((p - y).sum() + effect / COUNTRY_SD**2) / ((p * (1 - p)).sum() + 1 / COUNTRY_SD**2)
        effect -= step
        if abs(step) < 1e-12:
            break
    return float(effect)


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
