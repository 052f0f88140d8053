"""What the bargainers settle on: refusing, the option's own terms, or the compromise among them.

A probabilistic Condorcet election says how likely the three are. Given a yes, terms are kept or
amended as often as proposals are in general, moved by how well these hold their own against the compromise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contingent.consultation.stakes import Stakes, compromise, utility
from contingent.consultation.voting import condorcet, support, victory, weighted_share
from contingent.ensemble.design import Design
from contingent.scenario.model import Scenario

SAME_TERMS = 0.10
"""Terms this far apart (on a 0 to 1 scale) count as other terms with probability 1 - 1/e. A judgement: ten
points of a hundred is the tolerance at which forecasts of decided EU issues are usually called hits."""


@dataclass(frozen=True, slots=True)
class Deal:
    """Per run: `kept` and `changed` (run,), the probabilities of a yes on these and on other terms.

    `share` (run,) is the weighted share in favour; `compromise` (run, issue), 0 to 1; `gain` and `gain_changed`
    (run, stakeholder) the utility gains of the two sets of terms over the status quo.
    """

    kept: NDArray[np.float64]
    changed: NDArray[np.float64]
    share: NDArray[np.float64]
    compromise: NDArray[np.float64]
    gain: NDArray[np.float64]
    gain_changed: NDArray[np.float64]


def settle(
    scenario: Scenario,
    stakes: Stakes,
    at_table: list[int],
    status_quo: NDArray[np.float64],
    terms: NDArray[np.float64],
    design: Design,
) -> Deal:
    """The deal among those `at_table` on `terms` (run, issue), `status_quo` being what holds without one."""
    middle = np.where(np.isnan(terms), np.nan, feasible(scenario, compromise(stakes, at_table)))
    alike = np.exp(-((np.nan_to_num(np.abs(middle - terms)).max(1) / SAME_TERMS) ** 2))
    refuse, ours, amended = (utility(stakes, t) for t in (status_quo, terms, middle))
    weight = (stakes.capability * stakes.salience.sum(2))[:, at_table]
    table = np.stack([refuse, ours, amended], 2)[:, at_table]
    settled = condorcet(victory(support(weight, table)))
    agreed = settled[:, 1] + settled[:, 2]
    beaten = victory(support(weight, table[:, :, 1:]))[:, 1, 0]
    habit = design.sample("process.amendment", scenario.process.amendment)
    elsewhere = (1 - alike) * amendment_probability(habit, beaten)
    return Deal(
        kept=agreed * (1 - elsewhere),
        changed=agreed * elsewhere,
        share=weighted_share(weight, (ours - refuse)[:, at_table]),
        compromise=middle,
        gain=ours - refuse,
        gain_changed=amended - refuse,
    )


def feasible(scenario: Scenario, terms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Terms moved to the nearest anchor on issues where nothing lies between the anchors; (run, issue), 0 to 1."""
    out = terms.copy()
    for column, issue in enumerate(scenario.issues.values()):
        if issue.stepped:
            anchors = np.array(sorted(issue.anchors)) / 100
            out[:, column] = anchors[np.abs(terms[:, column, None] - anchors).argmin(1)]
    return out


def amendment_probability(habit: NDArray[np.float64], beaten: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability of other terms: how often proposals end on others at all, moved by how well these hold their own.

    Odds multiply: with `beaten` (the chance that the compromise beats the terms, pair against pair) at one
    half, the `habit` stands as it is. Both (run,).
    """
    odds = habit / np.maximum(1 - habit, 1e-12) * beaten / np.maximum(1 - beaten, 1e-12)
    return odds / (1 + odds)
