"""Why does the model end where it does: who ends together, who moved whom, and what would have to change?

Coalitions, moves by bargain, and tipping positions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from contingent.consultation.aggregators import weighted_mean
from contingent.consultation.spatial.model import Table
from contingent.consultation.spatial.simulation import History, simulate

NEAR = 0.1  # points of a hundred within which KTAB takes two positions for one


@dataclass(frozen=True, slots=True)
class Coalition:
    """Stakeholders who end at one position (issue,), its probability, and their share of capability x salience."""

    members: tuple[str, ...]
    position: tuple[float, ...]
    chance: float
    weight: float


@dataclass(frozen=True, slots=True)
class Move:
    """How far (points, summed over turns) `who` moved in bargains with `by`, and in how many turns."""

    who: str
    by: str
    distance: float
    turns: int


@dataclass(frozen=True, slots=True)
class Lever:
    """What moves an answer: d(answer)/d(position) by the weighted mean's exact formula.

    `flips_at` is the position at which this stakeholder alone would carry the weighted mean across `threshold`;
    None where no position from 0 to 100 does.
    """

    who: str
    issue: str
    slope: float
    flips_at: float | None


def coalitions(history: History) -> tuple[Coalition, ...]:
    """Who ends together, likeliest first."""
    final, table = history.position[-1], history.table
    power = table.capability * table.salience.sum(1)
    power = power / max(power.sum(), 1e-300)
    groups: list[list[int]] = []
    for i in history.order:
        home = next((g for g in groups if np.linalg.norm(final[i] - final[g[0]]) < NEAR), None)
        if home is None:
            groups.append([i])
        else:
            home.append(i)
    found = [
        Coalition(
            tuple(sorted(table.names[i] for i in group)),
            tuple(map(float, final[group[0]])),
            float(history.chance[-1][group[0]]),
            float(power[group].sum()),
        )
        for group in groups
    ]
    return tuple(sorted(found, key=lambda c: (-c.chance, c.members)))


def moves(history: History) -> tuple[Move, ...]:
    """Who moved whom, by distance; a stakeholder moves only in a bargain it keeps, and each names two."""
    names = history.table.names
    far: dict[tuple[int, int], tuple[float, int]] = {}
    for turn in range(history.turns):
        for i in range(len(names)):
            first, second = int(history.log[turn, i, 3]), int(history.log[turn, i, 4])
            other = second if first == i else first
            step = float(np.linalg.norm(history.position[turn + 1, i] - history.position[turn, i]))
            if other != i and step > 0:
                distance, turns = far.get((i, other), (0.0, 0))
                far[i, other] = (distance + step, turns + 1)
    found = [Move(names[i], names[j], distance, turns) for (i, j), (distance, turns) in far.items()]
    return tuple(sorted(found, key=lambda p: (-p.distance, p.who, p.by)))


def levers(table: Table, threshold: float = 50.0) -> tuple[Lever, ...]:
    """Who has to move, and how far, for the weighted mean to cross a threshold; the strongest first on each issue."""
    weight = table.capability[:, None] * table.salience
    total = weight.sum(0)
    mean = weighted_mean(table.position, weight)
    found = []
    for k, issue in enumerate(table.issues):
        for i, name in enumerate(table.names):
            slope = float(weight[i, k] / total[k]) if total[k] > 0 else 1 / len(table.names)
            at = table.position[i, k] + (threshold - mean[k]) / slope if slope > 0 else np.inf
            found.append(Lever(name, issue, slope, float(at) if 0 <= at <= 100 else None))
    return tuple(sorted(found, key=lambda lever: (table.issues.index(lever.issue), -lever.slope, lever.who)))


def tipping_position(history: History, who: str, issue: str, threshold: float = 50.0) -> float | None:
    """The position of one stakeholder nearest to its own at which the model's expected outcome crosses a threshold.

    Looked for on a grid of 5 points and refined by halving; None where nothing from 0 to 100 does it.
    """
    table = history.table
    i, k = table.names.index(who), table.issues.index(issue)
    side = history.expected[k] >= threshold

    def crosses(x: float) -> bool:
        position = table.position.copy()
        position[i, k] = x
        return bool(simulate(moved(table, position), history.model).expected[k] >= threshold) != side

    here = float(table.position[i, k])
    for x in sorted(np.arange(0.0, 101.0, 5.0), key=lambda x: abs(x - here)):
        if crosses(float(x)):
            near, far = here, float(x)
            for _ in range(7):
                middle = (near + far) / 2
                near, far = (near, middle) if crosses(middle) else (middle, far)
            return far
    return None


def moved(table: Table, position: NDArray[np.float64]) -> Table:
    """The same table with other positions."""
    return replace(table, position=position)
