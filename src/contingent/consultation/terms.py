"""How likely is each point of an issue's scale as the outcome?

Conditional logit over a grid of points, with a ridge penalty and a recalibrated interval. The features come from
positions, capability and salience alone, so that they exist for any issue. Fitted by likelihood on decided issues; what
ships is frozen in `data/terms.json`: coefficients and the calibration of the interval, and both as they are without
each proposal they were fitted on, so that no issue need be forecast by itself.
"""

import json
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from contingent.consultation.stakes import EVEN

GRID = np.arange(0.0, 100.1, 2.5)
NARROW, WIDE, MIDDLE = 2.0, 15.0, 8.0
"""Widths of the normal kernels in points; judgements made once, on the study described in the methods page."""
STORED = json.loads((files("contingent.consultation") / "data" / "terms.json").read_text("utf-8"))
FEATURES = tuple(STORED["slope"])


def term_features(position: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Features (point, feature) of one issue: `position` (actor,) 0 to 100 and `weight` (actor,) summing to 1."""
    away = GRID[:, None] - position[None]
    near = (kernel(away, NARROW) * weight).sum(1)
    around = (kernel(away, WIDE) * weight).sum(1)
    places = np.unique(position)
    chance = election_probabilities(position, weight, places)
    from_places = GRID[:, None] - places[None]
    elected_near = (kernel(from_places, NARROW) * chance).sum(1)
    elected_around = (kernel(from_places, MIDDLE) * chance).sum(1)
    mean = float((weight * position).sum())
    spread = float(np.sqrt((weight * (position - mean) ** 2).sum()))
    order = np.argsort(position, kind="stable")
    below = np.cumsum(weight[order]) / weight.sum()
    median = float(position[order][min(int(np.searchsorted(below, 0.5)), len(order) - 1)])
    end = ((GRID == 0) | (GRID == 100)).astype(float)
    return np.column_stack([
        near, np.log(near + 0.02), around, np.log(around + 0.05), kernel(away, NARROW).mean(1), elected_near,
        np.log(elected_around + 0.05), np.abs(GRID - mean) / 100, np.abs(GRID - median) / 100,
        ((GRID - mean) / 100) ** 2, np.abs(GRID - mean) / (spread + 10), (GRID % 10 == 0).astype(float), end,
        (GRID == 50).astype(float), end * (near > 0.01),
        ((position.min() - 1.2 > GRID) | (position.max() + 1.2 < GRID)).astype(float),
    ])  # fmt: skip


def kernel(distance: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """A normal kernel, 1 in its middle."""
    return np.exp(-0.5 * (distance / width) ** 2)


def election_probabilities(
    position: NDArray[np.float64], weight: NDArray[np.float64], places: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Probability of each distinct position in the Condorcet election with uniform challenges; (place,).

    Coleman's election weighs every pair by the votes cast for each, weight x difference of utility, and turns chances
    to win a pair into one distribution (KTAB; Wise, Lester & Efird 2015): the limit p = (diag(sum_j V_ij) + V) p / M of
    a Markov chain, solved, so there is no tolerance. With two places it is the weighted share itself.
    """
    count = len(places)
    if count == 1:
        return np.ones(1)
    utility = 1 - np.abs(position[:, None] - places[None]) / 100
    gain = utility[:, :, None] - utility[:, None, :]
    votes = EVEN + (weight[:, None, None] * np.maximum(gain, 0.0)).sum(0)
    beats = votes / (votes + votes.T)
    system = (beats + np.diag(beats.sum(1))) / count - np.eye(count)
    system[-1] = 1.0
    p = np.clip(np.linalg.solve(system, np.eye(count)[-1]), 0.0, None)
    return p / p.sum()


@dataclass(frozen=True, slots=True)
class Distribution:
    """`mass` (point,) over `GRID`, and the recalibrated 80 % interval."""

    mass: NDArray[np.float64]
    low: float
    high: float

    @property
    def median(self) -> float:
        """The point below which half of the mass lies."""
        return float(GRID[int((np.cumsum(self.mass) >= 0.5).argmax())])

    @property
    def mode(self) -> float:
        """The likeliest point."""
        return float(GRID[int(self.mass.argmax())])

    def near(self, point: float) -> float:
        """Probability of an outcome within ten points of a given one."""
        return float(self.mass[np.abs(GRID - point) <= 10.0 + 1e-9].sum())


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients on the raw features (feature,), and `reach`: how far from the middle of the distribution
    the 80 % interval goes, in probability (0.4 if the model needed no recalibration).
    """

    reach: float
    slope: NDArray[np.float64]

    def over(self, features: NDArray[np.float64]) -> Distribution:
        """The distribution of one issue's outcome from its features (point, feature)."""
        mass = masses(features, self.slope)
        return Distribution(mass, *interval(mass, self.reach))


def masses(features: NDArray[np.float64], slope: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities (..., point) from features (..., point, feature)."""
    score = features @ slope
    weight = np.exp(score - score.max(-1, keepdims=True))
    return weight / weight.sum(-1, keepdims=True)


def nearest_point(outcome: NDArray[np.float64]) -> NDArray[np.int64]:
    """The index of the grid point closest to each outcome."""
    return np.abs(GRID[None] - np.asarray(outcome, dtype=float)[:, None]).argmin(1)


def ranks(mass: NDArray[np.float64]) -> NDArray[np.float64]:
    """The middle of each point's step in the cumulative distribution; (..., point)."""
    return np.cumsum(mass, axis=-1) - mass / 2


def interval(mass: NDArray[np.float64], reach: float) -> tuple[float, float]:
    """The outcomes whose rank is within `reach` of the middle; at least the median point."""
    inside = np.abs(ranks(mass) - 0.5) <= reach + 1e-12
    inside[int((np.cumsum(mass) >= 0.5).argmax())] = True
    points, half = GRID[inside], (GRID[1] - GRID[0]) / 2
    return max(0.0, float(points.min()) - half), min(100.0, float(points.max()) + half)


SHIPPED = Fit(STORED["reach"], np.array(list(STORED["slope"].values())))
"""What ships, fitted on every decided issue at hand."""
WITHOUT = {name: Fit(reach, np.array(slope)) for name, (reach, *slope) in STORED["fitted_on"].items()}
"""The same fit without one proposal, by that proposal's fingerprint; calibrated without it as well."""
