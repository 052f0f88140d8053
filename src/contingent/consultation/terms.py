"""How likely each point of an issue's scale is as the outcome: a calibrated distribution.

A conditional logit over the grid of `shape.GRID` with a ridge penalty, fitted by likelihood on decided
issues. What ships is frozen in `data/terms.json`: coefficients and the calibration of the interval.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from contingent.consultation.decided import Issue
from contingent.consultation.shape import GRID, hints

PENALTY = 0.03  # on standardized coefficients, per issue; fixed before the design was frozen
COVERAGE = 0.80


@dataclass(frozen=True, slots=True)
class Distribution:
    """`mass` (point,) over `grid` (point,), and the recalibrated 80 % interval."""

    grid: NDArray[np.float64]
    mass: NDArray[np.float64]
    low: float
    high: float

    @property
    def median(self) -> float:
        """The point below which half of the mass lies."""
        return float(self.grid[int((np.cumsum(self.mass) >= 0.5).argmax())])

    @property
    def mode(self) -> float:
        """The likeliest point."""
        return float(self.grid[int(self.mass.argmax())])

    def near(self, point: float, within: float = 10.0) -> float:
        """Probability of an outcome within some points of a given one."""
        return float(self.mass[np.abs(self.grid - point) <= within + 1e-9].sum())


@dataclass(frozen=True, slots=True)
class ShippedFit:
    """Coefficients on the raw features (feature,), and `reach`: how far from the middle of the distribution
    the 80 % interval goes, in probability (0.4 if the model needed no recalibration).
    """

    slope: NDArray[np.float64]
    reach: float
    information: NDArray[np.float64]
    """What the issues fitted on say about the slopes, (feature, feature): with it new issues update them."""

    def distribution(self, position: NDArray[np.float64], weight: NDArray[np.float64]) -> Distribution:
        """The distribution of one issue's outcome; `position` (actor,) 0 to 100, `weight` (actor,) summing to 1."""
        mass = masses(hints(position, weight)[None], self.slope)[0]
        low, high = interval(mass, self.reach)
        return Distribution(GRID, mass, low, high)


def masses(features: NDArray[np.float64], slope: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities (issue, point) from features (issue, point, feature)."""
    score = features @ slope
    weight = np.exp(score - score.max(-1, keepdims=True))
    return weight / weight.sum(-1, keepdims=True)


def fit(
    features: NDArray[np.float64], outcome: NDArray[np.float64], prior: ShippedFit | None = None
) -> NDArray[np.float64]:
    """Coefficients (feature,) on the raw features by penalized likelihood.

    Args:
        features: (issue, point, feature).
        outcome: (issue,), 0 to 100; counted at the nearest point of the grid.
        prior: what other issues said already (a normal approximation of their likelihood); a ridge if none.
    """
    scale = scale_of(features)
    z = features / scale
    at = nearest_point(outcome)
    rows = np.arange(len(z))
    if prior is None:
        start, pull = np.zeros(z.shape[2]), PENALTY * np.eye(z.shape[2])
    else:
        start, pull = prior.slope * scale, prior.information / np.outer(scale, scale) / len(z)

    def loss(theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        p = masses(z, theta)
        error = p.copy()
        error[rows, at] -= 1
        away = theta - start
        value = -np.log(p[rows, at] + 1e-300).mean() + away @ pull @ away / 2
        return float(value), np.einsum("nk,nkd->d", error, z) / len(z) + pull @ away

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return found.x / scale


def scale_of(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """The spread of every feature over issues and points; 1 where there is none."""
    spread = features.std((0, 1))
    return np.where(spread > 0, spread, 1.0)


def information(features: NDArray[np.float64], slope: NDArray[np.float64]) -> NDArray[np.float64]:
    """The Fisher information of a fit plus its ridge, on the raw features; (feature, feature)."""
    p = masses(features, slope)
    mean = np.einsum("nk,nkd->nd", p, features)
    curvature = np.einsum("nk,nkd,nke->de", p, features, features) - mean.T @ mean
    return curvature + len(features) * PENALTY * np.diag(scale_of(features) ** 2)


def nearest_point(outcome: NDArray[np.float64]) -> NDArray[np.int64]:
    """The index of the grid point closest to each outcome."""
    return np.abs(GRID[None] - np.asarray(outcome, dtype=float)[:, None]).argmin(1)


def ranks(mass: NDArray[np.float64]) -> NDArray[np.float64]:
    """The middle of each point's step in the cumulative distribution; (..., point)."""
    return np.cumsum(mass, axis=-1) - mass / 2


def reach_of(mass: NDArray[np.float64], outcome: NDArray[np.float64], coverage: float = COVERAGE) -> float:
    """How far from 1/2 the ranks of that share of the outcomes lie: the interval's recalibration."""
    rank = ranks(mass)[np.arange(len(outcome)), nearest_point(outcome)]
    return float(np.quantile(np.abs(rank - 0.5), coverage))


def interval(mass: NDArray[np.float64], reach: float) -> tuple[float, float]:
    """The outcomes whose rank is within `reach` of the middle; at least the median point."""
    inside = np.abs(ranks(mass) - 0.5) <= reach + 1e-12
    inside[int((np.cumsum(mass) >= 0.5).argmax())] = True
    points = GRID[inside]
    half = (GRID[1] - GRID[0]) / 2
    return max(0.0, float(points.min()) - half), min(100.0, float(points.max()) + half)


def table(issues: tuple[Issue, ...]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Features (issue, point, feature) and outcomes (issue,) of decided issues."""
    return np.array([hints(i.position, i.weight) for i in issues]), np.array([i.outcome for i in issues])


@lru_cache(maxsize=1)
def frozen() -> tuple[ShippedFit, frozenset[str]]:
    """What ships: the coefficients, and fingerprints of the proposals they were fitted on."""
    path = files("contingent.consultation") / "data" / "terms.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    shipped = ShippedFit(np.array(list(stored["slope"].values())), stored["reach"], np.array(stored["information"]))
    return shipped, frozenset(stored["fitted_on"])
