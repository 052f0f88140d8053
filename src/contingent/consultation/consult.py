"""Will an option pass, on these or other terms, and by when?

For every run: the stakes are drawn, the members of each bargaining gate settle between refusing, the
option's own terms and the compromise among them, and both sets of terms walk through the other
gates. The gates' answer, the weighted share and the record of past decisions are pooled into the
probability of a national yes. `passes` counts only decisions on the option's own terms and in time.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from contingent.consultation.decision import Prospect
from contingent.consultation.draws import Stakes, draw_stakes
from contingent.consultation.gates import walk_gates
from contingent.consultation.reference import reference
from contingent.consultation.result import Consultation
from contingent.consultation.settlement import settle
from contingent.ensemble.design import Design
from contingent.scenario.model import Scenario
from contingent.scenario.paths import satisfies


def consult(scenario: Scenario, option: str, design: Design) -> Consultation:
    """How one option fares in every run; `scenario` already carries the option's overrides."""
    if option == scenario.baseline:
        return nothing_changes(scenario, option, design)
    ahead = prospect(scenario, option, design)
    answer, gate = ahead.answer(), ahead.on_these.gate.copy()
    for name in ahead.bargain:
        gate[:, ahead.on_these.gates.index(name)] = ahead.deal.kept
    return Consultation.build(
        option,
        design,
        scenario,
        passes=answer.passes,
        other_terms=answer.other_terms,
        days=ahead.on_these.days,
        national=answer.national,
        kept=answer.kept,
        accepted=ahead.on_these.decision(scenario, "acceptance"),
        delivered=ahead.record.delivered,
        share=ahead.deal.share,
        process=answer.process,
        reference=ahead.record.yes,
        terms=100 * ahead.terms,
        compromise=100 * ahead.deal.compromise,
        gate_passes=gate,
        gain=ahead.deal.gain,
    )


def prospect(scenario: Scenario, option: str, design: Design) -> Prospect:
    """What the decision on an option hangs on in every run: the deal, both walks through the gates, the record."""
    stakes = draw_stakes(scenario, design)
    terms = option_terms(scenario, option, stakes, design)
    gates = scenario.process.gates
    bargain = tuple(n for n, gate in gates.items() if gate.kind == "bargain" and satisfies(scenario, gate.applies_if))
    members = tuple(dict.fromkeys(m for name in bargain for m in gates[name].members))
    deal = settle(
        scenario, stakes, stakes.rows(members or stakes.stakeholders), status_quo(scenario, stakes), terms, design
    )
    if not bargain:
        deal = replace(deal, kept=np.ones(len(terms)), changed=np.zeros(len(terms)))
    return Prospect(
        scenario=scenario,
        design=design,
        terms=terms,
        bargain=bargain,
        deal=deal,
        on_these=walk_gates(scenario, stakes, deal.gain, design),
        on_others=walk_gates(scenario, stakes, deal.gain_changed, design),
        record=reference(scenario, design),
        deadline=design.sample("process.deadline", scenario.process.deadline),
    )


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


def nothing_changes(scenario: Scenario, option: str, design: Design) -> Consultation:
    """The baseline needs nobody's consent: it holds at once and for certain."""
    stakes, runs = draw_stakes(scenario, design), len(design.index)
    terms = option_terms(scenario, option, stakes, design)
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
