"""How likely is a yes, on which terms and in time, once the deal, the gates and the record are known?

Also what it would be were one gate sure: put together again on the same draws, as a gate counts twice, for the
option's own terms and for others, and the pool is no product.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from contingent.consultation.gates import Passage
from contingent.consultation.reference import TrackRecord
from contingent.consultation.settlement import Deal
from contingent.ensemble.design import Design
from contingent.scenario.model import Scenario

LEAST = 0.01
"""No part of a forecast is taken to be surer than this when parts are pooled: one in a hundred (judgement)."""
TINY = 1e-12


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

    def sure(self, gate: str) -> Prospect:
        """The same, were a gate certain to be passed; of a bargain, were it certain to end on these terms."""
        if gate in self.bargain:
            runs = len(self.terms)
            return replace(self, deal=replace(self.deal, kept=np.ones(runs), changed=np.zeros(runs)))
        return replace(self, on_these=self.on_these.sure(gate), on_others=self.on_others.sure(gate))

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
