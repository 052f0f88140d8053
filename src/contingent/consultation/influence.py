"""Why is an option's probability what it is: which stakeholder, gate, number and claim move it most?

Sensitivity of the decision on the same draws: that with a gate sure, or a stakeholder wholly for or wholly against the
option, beside the decision as it is; and squared rank correlations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from contingent.consultation.consult import consult, option_terms, prospect, status_quo
from contingent.consultation.result import Consultation
from contingent.consultation.stakes import draw_stakes, quantile_level, utility
from contingent.consultation.voting import condorcet, support, victory
from contingent.ensemble.design import Design
from contingent.ensemble.summary import influence
from contingent.labels import OPTION, RUN
from contingent.scenario.model import Scenario
from contingent.scenario.process import Stakeholder

SOURCES = ("stakeholders.", "process.", "reference_class.")


@dataclass(frozen=True, slots=True)
class StakeholderSwing:
    """A stakeholder: the option's probability were it wholly `against`, as it is `now`, and wholly `in_favour`.

    The ends need not lie on both sides of what holds now: a stakeholder at an end sways the compromise as well.
    """

    who: str
    against: float
    now: float
    in_favour: float

    @property
    def swing(self) -> float:
        """How far apart the three are: how far the stakeholder alone can move the probability."""
        return max(self.against, self.now, self.in_favour) - min(self.against, self.now, self.in_favour)


@dataclass(frozen=True, slots=True)
class GateGain:
    """A gate: how likely it is passed on these terms, and what the probability would gain were it sure.

    The gain is below nought where a sure gate helps other terms more than these.
    """

    gate: str
    passes: float
    gain_if_sure: float


@dataclass(frozen=True, slots=True)
class Influence:
    """A number's or a claim's share of the spread of the probability over the runs (squared rank correlation)."""

    name: str
    share: float


def stakeholder_swings(scenario: Scenario, option: str, design: Design) -> tuple[StakeholderSwing, ...]:
    """Every stakeholder's swing, widest first. `scenario` already carries the option's overrides."""
    terms = {issue: estimate.best for issue, estimate in scenario.options[option].terms.items()}
    now, found = float(consult(scenario, option, design).passes.mean()), []
    for name, holder in scenario.stakeholders.items():
        yes = with_positions(scenario, name, holder, terms)
        no = with_positions(scenario, name, holder, {**terms, **scenario.process.status_quo})
        against, in_favour = (float(consult(changed, option, design).passes.mean()) for changed in (no, yes))
        found.append(StakeholderSwing(name, against, now, in_favour))
    return tuple(sorted(found, key=lambda m: (-m.swing, m.who)))


def with_positions(scenario: Scenario, name: str, holder: Stakeholder, positions: dict[str, float]) -> Scenario:
    """The scenario with one stakeholder's positions set for certain."""
    stakes = {
        issue: stake.model_copy(update={"position": replace(stake.position, best=at, low=at, high=at)})
        for issue, stake in holder.stakes.items()
        for at in [positions.get(issue, stake.position.best)]
    }
    changed = holder.model_copy(update={"stakes": stakes})
    return scenario.model_copy(update={"stakeholders": {**scenario.stakeholders, name: changed}})


def gate_gains(scenario: Scenario, option: str, design: Design) -> tuple[GateGain, ...]:
    """Every gate of the decision, the one that costs most first; acceptance by others is counted apart."""
    ahead = prospect(scenario, option, design)
    passes = ahead.answer().passes.mean()
    rows = []
    for column, (name, gate) in enumerate(scenario.process.gates.items()):
        if gate.stage != "decision":
            continue
        chance = ahead.deal.kept if name in ahead.bargain else ahead.on_these.gate[:, column]
        rows.append(
            GateGain(name, float(chance.mean()), float(ahead.given_passed(name).answer().passes.mean() - passes))
        )
    return tuple(sorted(rows, key=lambda row: (-row.gain_if_sure, row.gate)))


def influential_numbers(scenario: Scenario, found: Consultation, design: Design) -> tuple[Influence, ...]:
    """Which uncertain numbers of the consultation the spread of the probability goes with, most first."""
    uncertain = [path for path, e in scenario.estimates() if path.startswith(SOURCES) and not e.certain]
    found_shares = influence({path: quantile_level(scenario, design, path) for path in uncertain}, found.passes.values)
    shares = [Influence(path, share) for path, share in found_shares.items() if share > 0]
    return tuple(sorted(shares, key=lambda item: (-item.share, item.name)))


def influential_claims(scenario: Scenario, influences: tuple[Influence, ...]) -> tuple[Influence, ...]:
    """Which claims those numbers rest on, by the sum of the numbers' shares; a number's share is split evenly."""
    sources = dict(scenario.estimates())
    total: dict[str, float] = {}
    for item in influences:
        cited = sources[item.name].claims
        for claim in cited:
            total[claim] = total.get(claim, 0.0) + item.share / len(cited)
    return tuple(sorted((Influence(k, v) for k, v in total.items()), key=lambda item: (-item.share, item.name)))


def option_contest(scenario: Scenario, design: Design) -> xr.DataArray:
    """Probability that each option wins where all are on the table at once; (run, option), summing to 1.

    The probabilistic Condorcet election among the options' terms, by the members of the bargaining gates.
    """
    stakes = draw_stakes(scenario, design)
    members = [m for gate in scenario.process.gates.values() if gate.kind == "bargain" for m in gate.members]
    rows = stakes.rows(tuple(dict.fromkeys(members)) or stakes.stakeholders)
    unchanged = status_quo(scenario, stakes)
    worth = np.stack(
        [
            utility(stakes, unchanged if name == scenario.baseline else option_terms(scenario, name, stakes, design))
            for name in scenario.options
        ],
        2,
    )
    weight = (stakes.capability * stakes.salience.sum(2))[:, rows]
    chance = condorcet(victory(support(weight, worth[:, rows])))
    return xr.DataArray(chance, dims=(RUN, OPTION), coords={RUN: design.index, OPTION: list(scenario.options)})
