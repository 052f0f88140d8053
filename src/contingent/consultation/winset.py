"""Which terms would nobody with a veto block, who blocks the rest, and which terms does nothing beat?

Veto players' winset of the status quo and core over the gates (Tsebelis 2002, ch. 1; Hammond & Miller 1987), on the
grid of the issues' anchors: with every position at its best value, and as a probability over all draws.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import filterfalse, product
from typing import Any

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


def terms_that_can_pass(scenario: Scenario, design: Design) -> list[dict[str, Any]]:
    """Every point of the grid, the likeliest first; whatever waits for events is left out of account.

    Of each its `terms` by issue (0 to 100); `passes`: the chance that every gate lets it through; `winset`: no gate
    stops it at best values; `core`: none of the other points would then pass in its place; `blockers`: by gate or
    decider, the share of the draws that it stops in which that one is the hardest to win.
    """
    points = grid(scenario)
    stakes, mood, one = draw_stakes(scenario, design), shocks(scenario, design), Middle(design.seed, 1)
    best = draw_stakes(scenario, one)
    calm = Shocks(np.zeros((INNER, len(stakes.stakeholders))), np.zeros(INNER))
    found = []
    for point in points:
        _, walk = walk_at(scenario, stakes, point, mood, design)
        sure = never_stopped(walk_at(scenario, best, point, calm, one)[1])
        others = (other for other in points if sure and not np.array_equal(other, point))
        beaten = any(never_stopped(walk_at(_from(scenario, point), best, other, calm, one)[1]) for other in others)
        found.append({
            "terms": dict(zip(scenario.issues, (100 * point).tolist(), strict=True)), "passes": chance(walk),
            "winset": sure, "core": sure and not beaten, "blockers": blockers(walk),
        })  # fmt: skip
    return sorted(found, key=lambda one: (-one["passes"], *one["terms"].values()))


@dataclass(frozen=True, slots=True)
class Middle(Design):
    """A single run in which every number has its best value."""

    def uniform(self, name: str) -> NDArray[np.float64]:
        """One half, whatever the name; shape (run,)."""
        return np.full(len(self.index), 0.5)


def concessions(scenario: Scenario, design: Design) -> list[dict[str, Any]]:
    """Every step of one anchor from every option's terms, that which helps the option most first.

    Of each the `option`, the `issue` and how its terms are `moved` (from, to); the chance at the gates `before` and
    `after`; `to_whom`: the one of those who can stop it that gains most by it, and how much (`gain`), as utility.
    """
    mood, found = shocks(scenario, design), []
    for name in scenario.options:
        if name == scenario.baseline:
            continue
        under = scenario.under(name)
        stakes = draw_stakes(under, design)
        stated = {issue: estimate.best for issue, estimate in under.options[name].terms.items()}
        point = np.array([stated.get(issue, np.nan) for issue in stakes.issues]) / 100
        gains, here = walk_at(under, stakes, point, mood, design)
        for issue, at in stated.items():
            anchors = points_of(under, issue)
            below, above = [a for a in anchors if a < at], [a for a in anchors if a > at]
            for to in (*below[-1:], *above[:1]):
                if to == scenario.process.status_quo.get(issue):
                    continue
                moved = np.where(np.array(stakes.issues) == issue, to / 100, point)
                more, there = walk_at(under, stakes, moved, mood, design)
                gained = dict(zip(stakes.stakeholders, (more - gains).mean(0).tolist(), strict=True))
                who = max(stoppers(under), key=lambda one: (gained[one], one))
                found.append({
                    "option": name, "issue": issue, "moved": (at, float(to)), "before": chance(here),
                    "after": chance(there), "to_whom": who, "gain": gained[who],
                })  # fmt: skip
    return sorted(found, key=lambda one: (one["before"] - one["after"], one["option"], one["issue"], one["moved"]))


def walk_at(
    scenario: Scenario, stakes: Stakes, point: NDArray[np.float64], mood: Shocks, design: Design
) -> tuple[NDArray[np.float64], Walk]:
    """Everybody's gain (run, stakeholder) by a point's terms, and their walk through the gates as described."""
    lean = dispositions(scenario, stakes, np.tile(point, (len(stakes.capability), 1)), design)
    return lean.gain, walk_gates(scenario, stakes, lean, mood, design)


def chance(walk: Walk) -> float:
    """That every gate lets the terms through."""
    return float(of_runs(1 - ndtr(walk.passes())).mean())


def never_stopped(walk: Walk) -> bool:
    """Whether no gate stops the terms, whatever the mood."""
    return bool(np.isneginf(walk.passes()).all())


def stoppers(scenario: Scenario) -> tuple[str, ...]:
    """Who can stop a decision here: those without whom nothing is decided, and who sits where votes bind."""
    bind = [g for g in scenario.process.gates.values() if g.kind in ("vote", "veto") and g.stage == "decision"]
    sit = [name for gate in bind for name in gate.members]
    return tuple(dict.fromkeys((*scenario.process.decider, *sit)))


def points_of(scenario: Scenario, issue: str) -> list[int]:
    """The anchors of an issue, lowest first; its ends and its middle where it has none."""
    return sorted(scenario.issues[issue].anchors) or [0, 50, 100]


def grid(scenario: Scenario) -> list[NDArray[np.float64]]:
    """The combinations of the issues' anchors but the status quo, 0 to 1; each (issue,)."""
    axes = [points_of(scenario, issue) for issue in scenario.issues]
    if np.prod([len(axis) for axis in axes], dtype=float) > LARGEST:
        axes = [[axis[0], axis[len(axis) // 2], axis[-1]] if len(axis) > 2 else axis for axis in axes]
    before = [scenario.process.status_quo.get(issue) for issue in scenario.issues]
    stays = lambda point: all(old in (None, at) for old, at in zip(before, point, strict=True))  # noqa: E731
    return [np.array(point) / 100 for point in [*filterfalse(stays, product(*axes))][: 4 * LARGEST]]


def _from(scenario: Scenario, point: NDArray[np.float64]) -> Scenario:
    """The scenario were the terms of a point already in force."""
    held = dict(zip(scenario.issues, (100 * point).tolist(), strict=True))
    return scenario.model_copy(update={"process": scenario.process.model_copy(update={"status_quo": held})})


def blockers(walk: Walk) -> dict[str, float]:
    """Of the draws in which terms fail, in what share each gate, or the deciders' own consent, is the hardest."""
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
