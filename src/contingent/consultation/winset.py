"""Which terms would nobody with a veto block, who blocks the rest, and which terms does nothing beat?

Veto players' winset of the status quo and core over the gates (Tsebelis 2002, ch. 1; Hammond & Miller 1987), on the
grid of the issues' anchors: with every position at its best value, and as a probability over all draws.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from contingent.consultation.ballots import Shocks
from contingent.consultation.dispositions import INNER, dispositions, shocks
from contingent.consultation.gates import Walk, walk_gates
from contingent.consultation.outcome import of_runs
from contingent.consultation.stakes import Stakes, draw_stakes
from contingent.ensemble.design import Design
from contingent.scenario.model import Scenario

LARGEST = 60  # points of the grid; beyond it, issues are told by their ends and the middle anchor


@dataclass(frozen=True, slots=True)
class Terms:
    """One point: its terms by issue (0 to 100), the chance that every gate lets it through, and who stands in the way.

    `winset`: no gate stops it at best values; `core`: none of the other points would then pass in its place.
    `blockers`: by gate or decider, the share of the draws that it stops in which that one is the hardest to win.
    """

    terms: dict[str, float]
    passes: float
    winset: bool
    core: bool
    blockers: dict[str, float]


def terms_that_can_pass(scenario: Scenario, design: Design) -> tuple[Terms, ...]:
    """Every point of the grid, the likeliest first; whatever waits for events is left out of account."""
    points = grid(scenario)
    stakes, mood = draw_stakes(scenario, design), shocks(scenario, design)
    best = Stakes(stakes.stakeholders, stakes.issues, *at_best(scenario, stakes))
    one = Design(design.seed, 1)
    calm = Shocks(np.zeros((INNER, len(stakes.stakeholders))), np.zeros(INNER))
    found = []
    for point in points:
        walk = walk_at(scenario, stakes, point, mood, design)
        sure = bool(np.isneginf(walk_at(scenario, best, point, calm, one).passes()).all())
        beaten = sure and any(
            np.isneginf(walk_at(_from(scenario, point), best, other, calm, one).passes()).all()
            for other in points
            if not np.array_equal(other, point)
        )
        terms = dict(zip(scenario.issues, (100 * point).tolist(), strict=True))
        passes = float(of_runs(1 - ndtr(walk.passes())).mean())
        found.append(Terms(terms, passes, sure, sure and not beaten, blockers(scenario, walk)))
    return tuple(sorted(found, key=lambda terms: (-terms.passes, *terms.terms.values())))


def grid(scenario: Scenario) -> list[NDArray[np.float64]]:
    """The combinations of the issues' anchors but the status quo, 0 to 1; each (issue,)."""
    axes = [sorted(issue.anchors) or [0, 50, 100] for issue in scenario.issues.values()]
    if np.prod([len(axis) for axis in axes], dtype=float) > LARGEST:
        axes = [[axis[0], axis[len(axis) // 2], axis[-1]] if len(axis) > 2 else axis for axis in axes]
    before = scenario.process.status_quo
    moved = [
        point
        for point in product(*axes)
        if any(before.get(issue, at) != at for issue, at in zip(scenario.issues, point, strict=True))
    ]
    return [np.array(point) / 100 for point in moved[: 4 * LARGEST]]


def walk_at(scenario: Scenario, stakes: Stakes, point: NDArray[np.float64], mood: Shocks, design: Design) -> Walk:
    """The walk of one point's terms through the gates of the scenario as described."""
    terms = np.tile(point, (len(stakes.capability), 1))
    return walk_gates(scenario, stakes, dispositions(scenario, stakes, terms, design), mood, design)


def at_best(scenario: Scenario, stakes: Stakes) -> Sequence[NDArray[np.float64]]:
    """Positions, saliences and capabilities at their best values, as of one run."""
    position = np.full((1, len(stakes.stakeholders), len(stakes.issues)), 0.5)
    salience, capability = np.zeros_like(position), np.ones((1, len(stakes.stakeholders)))
    for row, holder in enumerate(scenario.stakeholders.values()):
        capability[0, row] = holder.capability.best
        for column, issue in enumerate(stakes.issues):
            if issue in holder.stakes:
                position[0, row, column] = holder.stakes[issue].position.best / 100
                salience[0, row, column] = holder.stakes[issue].salience.best / 100
    return position, salience, capability


def _from(scenario: Scenario, point: NDArray[np.float64]) -> Scenario:
    """The scenario were the terms of a point already in force."""
    held = dict(zip(scenario.issues, (100 * point).tolist(), strict=True))
    return scenario.model_copy(update={"process": scenario.process.model_copy(update={"status_quo": held})})


def blockers(scenario: Scenario, walk: Walk) -> dict[str, float]:
    """Of the draws in which terms do not pass, in what share each gate, or the deciders' own consent, is the
    hardest.
    """
    column = {**walk.needed(), "those without whom nothing is decided": walk.own}
    names, each = list(column), np.column_stack(list(column.values()))
    refused = ndtr(each.max(1))
    if not refused.sum() > 0:
        return {}
    held = Counter[str]()
    for hardest, weight in zip(each.argmax(1).tolist(), refused.tolist(), strict=True):
        held[names[hardest]] += weight
    total = float(refused.sum())
    return {name: weight / total for name, weight in held.most_common()}
