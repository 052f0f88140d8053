"""What past decisions teach when several features count at once: a small ridge-penalized logistic regression.

Eight features: the compact set of the project's study of the table, which says who commands, against
whom force may be used and how dangerous it is, and whether the country is a neighbour (Bove & Elia 2011,
doi:10.1177/0022343311411954). `domestic_support` is left out on purpose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from contingent.precedents.cases import Case, Query

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

    `x` (case, feature), `y` (case,) of 0 and 1. Equals scikit-learn's `LogisticRegression(C=1/penalty)`
    on standardized features. A feature without variation gets no weight.
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
