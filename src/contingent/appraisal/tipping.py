"""How far must a number move before another option comes first?

The others stay at their draws: the gap between two options' worth is regressed on the number alone, and
the tipping point is where that line crosses zero, nearest to the number's median.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 20  # of equal count, for the conditional means that the crossing is looked for in


@dataclass(frozen=True, slots=True)
class Tipping:
    """Beyond `at` (above it if `above`) option `to` takes over; `share` of the draws lie there already."""

    name: str
    at: float
    above: bool
    to: str
    share: float


def tipping_points(
    inputs: Mapping[str, NDArray[np.float64]], worth: NDArray[np.float64], options: tuple[str, ...]
) -> tuple[Tipping, ...]:
    """The tipping point of every input that has one, the nearest to its median first.

    Args:
        inputs: every input's draws, (run).
        worth: (option, run).
        options: the options' names.
    """
    first = int(worth.mean(axis=1).argmax())
    found = []
    for name, values in inputs.items():
        point = _tipping(name, values, worth, first, options)
        if point:
            found.append(point)
    return tuple(sorted(found, key=lambda point: (-point.share, point.name)))


def _tipping(name: str, values: np.ndarray, worth: np.ndarray, first: int, options: tuple[str, ...]) -> Tipping | None:
    if np.ptp(values) == 0:
        return None
    parts = np.array_split(np.argsort(values, kind="stable"), BINS)
    centres = np.array([np.median(values[part]) for part in parts])
    middle = np.median(values)
    nearest: tuple[float, Tipping] | None = None
    for other, rival in enumerate(options):
        if other == first:
            continue
        gap = worth[first] - worth[other]
        means = smooth(np.array([gap[part].mean() for part in parts]))
        errors = np.array([gap[part].std(ddof=1) / np.sqrt(len(part)) for part in parts])
        for i in range(BINS - 1):
            if means[i] * means[i + 1] >= 0:
                continue
            above = means[i] > 0
            beyond = slice(i + 1, None) if above else slice(None, i + 1)
            if not (means[beyond] < -errors[beyond]).any():
                continue  # the line dips below zero by no more than chance
            at = centres[i] + (centres[i + 1] - centres[i]) * means[i] / (means[i] - means[i + 1])
            share = float((values > at).mean() if above else (values < at).mean())
            distance = abs(at - middle)
            if nearest is None or distance < nearest[0]:
                nearest = (distance, Tipping(name, float(at), bool(above), rival, share))
    return nearest[1] if nearest else None


def smooth(means: NDArray[np.float64]) -> NDArray[np.float64]:
    """A running mean of three bins; the ends are the means of two."""
    padded = np.concatenate([means[:1], means, means[-1:]])
    return (padded[:-2] + padded[1:-1] + padded[2:]) / 3
