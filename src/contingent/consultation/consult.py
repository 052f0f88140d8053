"""Will an option pass, on these or other terms, and by when?

The decision process of one option, run by run. The members of the bargaining gates settle between refusing, the
option's own terms and the compromise among them (a probabilistic Condorcet election); both sets of terms walk through
the other gates; the gates' answer, the weighted share and the record of past decisions are pooled into the probability
of a national yes. `passes` counts only decisions on the option's own terms and in time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from contingent.consultation.gates import Passage, walk_gates
from contingent.consultation.opinion_pool import TrackRecord, pooled, reference
from contingent.consultation.result import Consultation
from contingent.consultation.stakes import Stakes, compromise, draw_stakes, utility
from contingent.consultation.voting import condorcet, support, victory, weighted_share
from contingent.ensemble.design import Design
from contingent.scenario.model import Scenario
from contingent.scenario.paths import satisfies

TINY = 1e-12
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


@dataclass(frozen=True, slots=True)
class Answer:
    """Probabilities per run, all (run,): `passes` and `other_terms` in time, a `national` yes, own terms `kept` by it.

    `process` is the gates' part of the forecast.
    """

    passes: NDArray[np.float64]
    other_terms: NDArray[np.float64]
    national: NDArray[np.float64]
    kept: NDArray[np.float64]
    process: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prospect:
    """What the decision on an option hangs on; `scenario` carries its overrides, `terms` (run, issue) are 0 to 1.

    `bargain` names the gates that settle terms: what comes of all of them is the one `deal`.
    """

    scenario: Scenario
    design: Design
    terms: NDArray[np.float64]
    bargain: tuple[str, ...]
    deal: Deal
    on_these: Passage
    on_others: Passage
    record: TrackRecord
    deadline: NDArray[np.float64]

    def given_passed(self, gate: str) -> Prospect:
        """The same, were a gate certain to be passed; of a bargain, were it certain to end on these terms."""
        if gate in self.bargain:
            runs = len(self.terms)
            return replace(self, deal=replace(self.deal, kept=np.ones(runs), changed=np.zeros(runs)))
        return replace(self, on_these=self.on_these.given_passed(gate), on_others=self.on_others.given_passed(gate))

    def answer(self) -> Answer:
        """How likely the option is decided on these terms, or on others, in every run."""
        these, others, case = self.on_these, self.on_others, self.scenario
        own, changed = self.deal.kept * these.votes(case), self.deal.changed * others.votes(case)
        national = pooled(case, self.design, self.deal.share, own + changed, self.record.yes)
        kept = own / np.maximum(own + changed, TINY)
        return Answer(
            passes=national * kept * these.events(case) * (these.days <= self.deadline),
            other_terms=national * (1 - kept) * others.events(case) * (others.days <= self.deadline),
            national=national,
            kept=kept,
            process=own + changed,
        )


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
        **dict.fromkeys(("passes", "kept", "accepted", "delivered", "share", "process", "reference"), one),
        **dict.fromkeys(("other_terms", "days", "national"), none),
        terms=100 * terms,
        compromise=100 * terms,
        gate_passes=np.ones((runs, len(scenario.process.gates))),
        gain=np.zeros((runs, len(stakes.stakeholders))),
    )
