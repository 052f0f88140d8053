"""Will an option pass, on these or other terms, and by when?

For every run: the stakes are drawn, the members of each bargaining gate settle between refusing, the
option's own terms and the compromise among them, and both sets of terms walk through the other
gates. The gates' answer, the weighted share and the record of past decisions are pooled into the
probability of a national yes. `passes` counts only decisions on the option's own terms and in time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from contingent.consultation.draws import Stakes, draw_stakes
from contingent.consultation.gates import applies, walk_gates
from contingent.consultation.reference import reference
from contingent.consultation.result import Consultation
from contingent.consultation.settlement import settle
from contingent.ensemble.design import Design
from contingent.scenario.model import Scenario

LEAST = 0.01
"""No part of a forecast is taken to be surer than this when parts are pooled: one in a hundred (judgement)."""
TINY = 1e-12


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
    deal = settle(scenario, stakes, at_table, idle, terms, design)
    kept, changed = (deal.kept, deal.changed) if bargain else (np.ones(len(terms)), np.zeros(len(terms)))
    deadline = design.sample("process.deadline", scenario.process.deadline)
    on_these = walk_gates(scenario, stakes, deal.gain, design)
    on_others = walk_gates(scenario, stakes, deal.gain_changed, design)
    gate = on_these.gate.copy()
    for name in bargain:
        gate[:, on_these.gates.index(name)] = kept
    own, others = kept * on_these.votes(scenario), changed * on_others.votes(scenario)
    record = reference(scenario, design)
    national = pooled(scenario, design, deal.share, own + others, record.yes)
    ours_if_yes = own / np.maximum(own + others, TINY)
    return Consultation.build(
        option,
        design,
        scenario,
        passes=national * ours_if_yes * on_these.events(scenario) * (on_these.days <= deadline),
        other_terms=national * (1 - ours_if_yes) * on_others.events(scenario) * (on_others.days <= deadline),
        days=on_these.days,
        national=national,
        kept=ours_if_yes,
        accepted=on_these.decision(scenario, "acceptance"),
        delivered=record.delivered,
        share=deal.share,
        process=own + others,
        reference=record.yes,
        terms=100 * terms,
        compromise=100 * deal.compromise,
        gate_passes=gate,
        gain=deal.gain,
    )


def pooled(
    scenario: Scenario,
    design: Design,
    in_favour: NDArray[np.float64],
    process: NDArray[np.float64],
    record: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Probability of a national yes from its three parts: a weighted sum of their log odds; all (run,)."""
    weights = scenario.process.pool
    if weights is None:
        return process
    parts = {"share": in_favour, "process": process, "reference": record}
    odds = np.zeros(len(process))
    for name, part in parts.items():
        weight = design.sample(f"process.pool.{name}", getattr(weights, name))
        odds += weight * logit(np.clip(part, LEAST, 1 - LEAST))
    return expit(odds)


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
        national=none,
        kept=one,
        accepted=one,
        delivered=one,
        share=one,
        process=one,
        reference=one,
        terms=100 * terms,
        compromise=100 * terms,
        gate_passes=np.ones((runs, len(scenario.process.gates))),
        gain=np.zeros((runs, len(stakes.stakeholders))),
    )
