"""What about a table of stakes hints at each point of the scale as the outcome.

Sixteen features for every point of a grid of 2.5, from positions, capability and salience alone, so that
they exist for any issue: support near the point, election probability near it, distance from mean and
median, round numbers and ends, and whether it lies outside all positions.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from contingent.consultation.election import condorcet, support, victory

GRID = np.arange(0.0, 100.1, 2.5)
NARROW, WIDE, MIDDLE = 2.0, 15.0, 8.0
"""Widths of the normal kernels in points; judgements made once, on the study described in the methods page."""
FEATURES = (
    "support near",
    "log support near",
    "support around",
    "log support around",
    "heads near",
    "election near",
    "log election around",
    "distance from mean",
    "distance from median",
    "squared distance from mean",
    "distance from mean in spreads",
    "a multiple of ten",
    "an end",
    "the middle",
    "a supported end",
    "outside all positions",
)


def hints(position: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Features (point, feature) of one issue: `position` (actor,) 0 to 100 and `weight` (actor,) summing to 1."""
    away = GRID[:, None] - position[None]
    near = (kernel(away, NARROW) * weight).sum(1)
    around = (kernel(away, WIDE) * weight).sum(1)
    places = np.unique(position)
    chance = elected(position, weight, places)
    from_places = GRID[:, None] - places[None]
    elected_near = (kernel(from_places, NARROW) * chance).sum(1)
    elected_around = (kernel(from_places, MIDDLE) * chance).sum(1)
    mean = float((weight * position).sum())
    spread = float(np.sqrt((weight * (position - mean) ** 2).sum()))
    order = np.argsort(position, kind="stable")
    below = np.cumsum(weight[order]) / weight.sum()
    median = float(position[order][min(int(np.searchsorted(below, 0.5)), len(order) - 1)])
    end = ((GRID == 0) | (GRID == 100)).astype(float)
    return np.column_stack(
        [
            near,
            np.log(near + 0.02),
            around,
            np.log(around + 0.05),
            kernel(away, NARROW).mean(1),
            elected_near,
            np.log(elected_around + 0.05),
            np.abs(GRID - mean) / 100,
            np.abs(GRID - median) / 100,
            ((GRID - mean) / 100) ** 2,
            np.abs(GRID - mean) / (spread + 10),
            (GRID % 10 == 0).astype(float),
            end,
            (GRID == 50).astype(float),
            end * (near > 0.01),
            ((position.min() - 1.2 > GRID) | (position.max() + 1.2 < GRID)).astype(float),
        ]
    )


def kernel(distance: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """A normal kernel, 1 in its middle."""
    return np.exp(-0.5 * (distance / width) ** 2)


def elected(
    position: NDArray[np.float64], weight: NDArray[np.float64], places: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Probability of each distinct position in the Condorcet election with uniform challenges; (place,)."""
    utility = 1 - np.abs(position[:, None] - places[None]) / 100
    if len(places) == 1:
        return np.ones(1)
    return condorcet(victory(support(weight[None], utility[None])))[0]
