"""Why is a rung as likely as it is: which stakeholder, gate, number and claim move it, and what would tip it?

Sensitivity of the deliberation on the same draws: with a gate sure, an event sure to come or not, a stakeholder wholly
for or wholly against taking part, beside what holds; and squared rank correlations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from contingent.consultation.consult import Deliberation, deliberate
from contingent.consultation.gates import CAN_STOP
from contingent.consultation.outcome import commitment, ladder
from contingent.consultation.stakes import quantile_level
from contingent.ensemble.design import Design
from contingent.ensemble.summary import influence
from contingent.scenario.model import Scenario
from contingent.scenario.process import Stakeholder

SOURCES = ("stakeholders.", "process.", "reference_class.")
HALF = 0.5
STEPS = 5  # halvings of the scale in search of a position that tips a rung: to 100 / 2^5, about three points


@dataclass(frozen=True, slots=True)
class Swing:
    """A stakeholder or an event: each rung's probability (rung,) with it wholly `against`, as it is `now`, and wholly
    `in_favour`; of an event: never, now, surely.
    """

    who: str
    against: NDArray[np.float64]
    now: NDArray[np.float64]
    in_favour: NDArray[np.float64]

    def width(self, rung: int) -> float:
        """How far it alone can move the probability of a rung."""
        return float(self.in_favour[rung] - self.against[rung])


def rungs_of(talks: Deliberation) -> NDArray[np.float64]:
    """The probability of every rung being decided by the deadline; (rung,)."""
    count = len(ladder(talks.base))
    return np.array([talks.outlook.rung(r + 1, talks.deadline).mean() for r in range(count)])


def stakeholder_swings(scenario: Scenario, design: Design) -> tuple[Swing, ...]:
    """Every stakeholder's swing, the widest of the lowest rung first."""
    now, found, ends = rungs_of(deliberate(scenario, design)), [], ends_of(scenario)
    for name in scenario.stakeholders:
        against, for_it = (rungs_of(deliberate(at_position(scenario, name, end), design)) for end in ends)
        found.append(Swing(name, against, now, for_it))
    return tuple(sorted(found, key=lambda swing: (-swing.width(0) if len(now) else 0.0, swing.who)))


def ends_of(scenario: Scenario) -> tuple[float, float]:
    """The status quo and the furthest-reaching terms on the issue that orders the options."""
    issue = commitment(scenario)
    stated = [o.terms[issue].best for o in scenario.options.values() if issue in o.terms]
    before = scenario.process.status_quo.get(issue, 0.0)
    return before, max([before, *stated])


def at_position(scenario: Scenario, who: str, position: float) -> Scenario:
    """The scenario with one stakeholder's position on the issue that orders the options set for certain."""
    issue, holder = commitment(scenario), scenario.stakeholders[who]
    if issue not in holder.stakes:
        return scenario
    stake = holder.stakes[issue]
    certain = stake.model_copy(update={"position": replace(stake.position, best=position, low=position, high=position)})
    changed: Stakeholder = holder.model_copy(update={"stakes": {**holder.stakes, issue: certain}})
    return scenario.model_copy(update={"stakeholders": {**scenario.stakeholders, who: changed}})


def tipping_position(scenario: Scenario, swing: Swing, rung: int, design: Design) -> float | None:
    """The position from which a rung is likelier than not, all else as it is; None if no position tips it."""
    low, high = ends_of(scenario)
    if not swing.against[rung] < HALF <= swing.in_favour[rung]:
        return None
    for _ in range(STEPS):
        middle = (low + high) / 2
        likely = rungs_of(deliberate(at_position(scenario, swing.who, middle), design))[rung] >= HALF
        low, high = (low, middle) if likely else (middle, high)
    return round(high)


def event_swings(scenario: Scenario, design: Design) -> tuple[Swing, ...]:
    """The swing of every event that a gate waits for, and of those that these hang on, the widest first."""
    now, found = rungs_of(deliberate(scenario, design)), []
    awaited = [gate.event for gate in scenario.process.gates.values() if gate.event]
    for name in sorted(set(behind(scenario, awaited, moved=True))):
        never, surely = (rungs_of(deliberate(with_event(scenario, name, p), design)) for p in (0.0, 1.0))
        found.append(Swing(name, never, now, surely))
    return tuple(sorted(found, key=lambda each: (-float((each.in_favour - each.against).max(initial=0.0)), each.who)))


def with_event(scenario: Scenario, name: str, probability: float) -> Scenario:
    """The scenario with one event sure to come, and all that it comes after with it; or sure not to."""
    changes = {}
    for each in behind(scenario, [name]) if probability else [name]:
        path = f"process.events.{each}"
        changes |= {f"{path}.council": None, f"{path}.moved_by": {}, f"{path}.probability": probability}
    kept = {  # an option that says otherwise of it would not be moved
        option: said.model_copy(update={"overrides": {k: v for k, v in said.overrides.items() if k not in changes}})
        for option, said in scenario.options.items()
    }
    return scenario.model_copy(update={"options": kept}).with_(changes)


def behind(scenario: Scenario, names: list[str], *, moved: bool = False) -> list[str]:
    """Events and all that they come after, directly or not; with `moved`, all that move them as well."""
    found = list(names)
    for name in found:  # grows as it is gone through
        event = scenario.process.events[name]
        found += [other for other in (*event.after, *(event.moved_by if moved else ())) if other not in found]
    return found


def gate_gains(talks: Deliberation) -> dict[str, NDArray[np.float64]]:
    """What each rung (rung,) would gain were a gate that can say no sure to be passed; what costs most first."""
    now, found = rungs_of(talks), {}
    for name, gate in talks.base.process.gates.items():
        stops = gate.kind in CAN_STOP and any(name in walk.gates for walk in talks.walks.values())
        if gate.stage == "decision" and stops:
            found[name] = rungs_of(talks.given_passed(name)) - now
    return dict(sorted(found.items(), key=lambda item: (-float(item[1].max(initial=0.0)), item[0])))


def influential_numbers(scenario: Scenario, values: NDArray[np.float64], design: Design) -> dict[str, float]:
    """The share of a probability's spread (run,) that goes with each number (squared rank correlation), most first."""
    uncertain = [path for path, e in scenario.estimates() if path.startswith(SOURCES) and not e.certain]
    shares = influence({path: quantile_level(scenario, design, path) for path in uncertain}, values)
    return most_first({path: share for path, share in shares.items() if share > 0})


def influential_claims(scenario: Scenario, shares: Mapping[str, float]) -> dict[str, float]:
    """Which claims those numbers rest on, by the sum of the numbers' shares; a number's share is split evenly."""
    sources: Mapping = dict(scenario.estimates())
    total: dict[str, float] = {}
    for path, share in shares.items():
        for claim in (cited := sources[path].claims):
            total[claim] = total.get(claim, 0.0) + share / len(cited)
    return most_first(total)


def most_first(shares: Mapping[str, float]) -> dict[str, float]:
    """Shares by size, equal ones by name."""
    return dict(sorted(shares.items(), key=lambda item: (-item[1], item[0])))
