"""Will an option pass, on these or other terms, and by when?

For every run: the stakes are drawn, the members of each bargaining gate settle between refusing, the
option's own terms and the compromise among them, and both sets of terms walk through the other
gates. `passes` counts only decisions on the option's own terms and within the deadline.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from contingent.consultation.draws import Stakes, draw_stakes
from contingent.consultation.election import condorcet, share, support, victory
from contingent.consultation.gates import applies, walk_gates
from contingent.consultation.result import Consultation
from contingent.consultation.utility import compromise, utility
from contingent.ensemble.design import Design
from contingent.scenario.model import Scenario

SAME = 0.10
"""Terms this far apart (on a 0 to 1 scale) count as other terms with probability 1 - 1/e. A judgement: ten
points of a hundred is the tolerance at which forecasts of decided EU issues are usually called hits."""


def consult(scenario: Scenario, option: str, design: Design) -> Consultation:
    """How one option fares in every run; `scenario` already carries the option's overrides."""
    stakes = draw_stakes(scenario, design)
    idle = status_quo(scenario, stakes)
    terms = option_terms(scenario, option, stakes, design)
    if option == scenario.baseline:
        return nothing_changes(scenario, option, stakes, terms, design)
    bargain = [
        name
        for name, gate in scenario.process.gates.items()
        if gate.kind == "bargain" and applies(scenario, gate.applies_if)
    ]
    at_table = stakes.rows(
        tuple(dict.fromkeys(m for name in bargain for m in scenario.process.gates[name].members)) or stakes.stakeholders
    )
    weight = stakes.capability * stakes.salience.sum(2)
    middle = np.where(np.isnan(terms), np.nan, feasible(scenario, compromise(stakes, at_table)))
    alike = np.exp(-((np.nan_to_num(np.abs(middle - terms)).max(1) / SAME) ** 2))
    refuse, ours, amended = (utility(stakes, t) for t in (idle, terms, middle))
    table = np.stack([refuse, ours, amended], 2)[:, at_table]
    settled = condorcet(victory(support(weight[:, at_table], table)))
    agreed = settled[:, 1] + settled[:, 2]
    beaten = victory(support(weight[:, at_table], table[:, :, 1:]))[:, 1, 0]
    habit = design.sample("process.amendment", scenario.process.amendment)
    elsewhere = (1 - alike) * against_odds(habit, beaten)
    kept, changed = agreed * (1 - elsewhere), agreed * elsewhere
    if not bargain:
        kept, changed = np.ones(len(kept)), np.zeros(len(kept))
    deadline = design.sample("process.deadline", scenario.process.deadline)
    on_these = walk_gates(scenario, stakes, ours - refuse, design)
    on_others = walk_gates(scenario, stakes, amended - refuse, design)
    gate = on_these.gate.copy()
    for name in bargain:
        gate[:, on_these.gates.index(name)] = kept
    return Consultation.build(
        option,
        design,
        scenario,
        passes=kept * on_these.decision(scenario) * (on_these.days <= deadline),
        other_terms=changed * on_others.decision(scenario) * (on_others.days <= deadline),
        days=on_these.days,
        accepted=on_these.decision(scenario, "acceptance"),
        share=share(weight[:, at_table], (ours - refuse)[:, at_table]),
        terms=100 * terms,
        compromise=100 * middle,
        gate_passes=gate,
        gain=ours - refuse,
    )


def feasible(scenario: Scenario, terms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Terms moved to the nearest anchor on issues where nothing lies between the anchors; (run, issue), 0 to 1."""
    out = terms.copy()
    for column, issue in enumerate(scenario.issues.values()):
        if issue.stepped:
            anchors = np.array(sorted(issue.anchors)) / 100
            out[:, column] = anchors[np.abs(terms[:, column, None] - anchors).argmin(1)]
    return out


def against_odds(habit: NDArray[np.float64], beaten: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability of other terms: how often proposals end on others at all, moved by how well these hold their own.

    Odds multiply: with `beaten` (the chance that the compromise beats the terms, pair against pair) at one
    half, the `habit` stands as it is. Both (run,).
    """
    odds = habit / np.maximum(1 - habit, 1e-12) * beaten / np.maximum(1 - beaten, 1e-12)
    return odds / (1 + odds)


def status_quo(scenario: Scenario, stakes: Stakes) -> NDArray[np.float64]:
    """Where every issue stands if nothing is decided, 0 to 1, nan where it does not arise; (run, issue)."""
    row = [scenario.process.status_quo.get(issue, np.nan) for issue in stakes.issues]
    return np.tile(np.array(row, dtype=float) / 100, (len(stakes.capability), 1))


def option_terms(scenario: Scenario, option: str, stakes: Stakes, design: Design) -> NDArray[np.float64]:
    """Where an option stands on every issue, 0 to 1, nan where it says nothing; (run, issue)."""
    stated = scenario.options[option].terms
    blank = np.full(len(design.index), np.nan)
    columns = [
        design.sample(f"options.{option}.terms.{issue}", stated[issue]) / 100 if issue in stated else blank
        for issue in stakes.issues
    ]
    return np.stack(columns, 1)


def nothing_changes(
    scenario: Scenario, option: str, stakes: Stakes, terms: NDArray[np.float64], design: Design
) -> Consultation:
    """The baseline needs nobody's consent: it holds at once and for certain."""
    runs = len(design.index)
    one, none = np.ones(runs), np.zeros(runs)
    return Consultation.build(
        option,
        design,
        scenario,
        passes=one,
        other_terms=none,
        days=none,
        accepted=one,
        share=one,
        terms=100 * terms,
        compromise=100 * terms,
        gate_passes=np.ones((runs, len(scenario.process.gates))),
        gain=np.zeros((runs, len(stakes.stakeholders))),
    )
