"""From which mood of the country on does given terms pass each gate, and when is the last one behind?

The decision process as law has it: a product of conditions over the same shocks, never an average of opinions. Gates
are met in order; what presses (an advisory body, those who bargain) can only lower the wish of those after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtr, ndtri_exp

from contingent.consultation.ballots import Rule, Shocks, Voter, each, majority
from contingent.consultation.dispositions import Dispositions, each_draw, inner
from contingent.consultation.stakes import Stakes, weighted_share
from contingent.ensemble.design import Design
from contingent.scenario.model import Scenario
from contingent.scenario.paths import satisfies
from contingent.scenario.process import Gate

Array = NDArray[np.float64]


CAN_STOP = ("vote", "veto", "chance")
"""Kinds of gates that can say no."""


@dataclass(frozen=True, slots=True)
class Walk:
    """How one set of terms fares at every gate that applies, in order.

    `threshold` (draw, gate): the shared shock from which the gate lets it through, -inf where it stops nothing. `spent`
    (run, gate) in days. `own` (draw,) is the shock from which those without whom nothing is decided (`decider`) agree,
    wherever they sit. `ended` gives the day on which gates are known to have let it through; every other ends after the
    last day `known`, counted from the scenario's date.
    """

    gates: Mapping[str, Gate]
    decider: tuple[str, ...]
    threshold: Array
    spent: Array
    own: Array
    ended: Mapping[str, float] = field(default_factory=dict)
    known: int = 0

    def needed(self, stage: str = "decision") -> dict[str, Array]:
        """The shared shock (draw,) from which each gate of a stage lets it through, those that disagree settled."""
        columns = zip(self.gates.items(), self.threshold.T, strict=True)
        column = {name: needed for (name, gate), needed in columns if gate.stage == stage}
        for name, gate in self.gates.items():
            joint = column.pop(name, None) if gate.settles else None
            if joint is not None and (apart := [column.pop(other) for other in gate.settles if other in column]):
                column[name] = np.minimum(np.max(apart, axis=0), np.maximum(np.min(apart, axis=0), joint))
        return column

    def passes(self, stage: str = "decision") -> Array:
        """The shared shock from which every gate of a stage is passed, were there time without end; (draw,).

        Whose decisions are apart share no shock: theirs is the one that is passed as often as all of them together.
        """
        theirs = {"": [self.own]} if stage == "decision" else {}
        for name, column in self.needed(stage).items():
            theirs.setdefault(self.gates[name].whose, []).append(column)
        apart = [np.max(columns, axis=0) for columns in theirs.values()] or [np.full(len(self.own), -np.inf)]
        return apart[0] if len(apart) == 1 else -ndtri_exp(np.sum([log_ndtr(-one) for one in apart], axis=0))

    def day(self, happens: Mapping[str, Array] | None, stage: str = "decision", start: Array | None = None) -> Array:
        """The day on which a stage is over; (draw,), inf where what it waits for never comes.

        `happens` gives the day of every event (draw,); None leaves out what is waited for. `start` (draw,): 0 if None.
        """
        first = np.zeros(len(self.own)) if start is None else start
        clocks = {"": first}
        for (name, gate), spent in zip(self.gates.items(), self.spent.T, strict=True):
            if gate.stage != stage:
                continue
            whose = gate.whose if stage == "acceptance" else ""  # others decide at the same time
            clock = clocks.get(whose, first)
            if happens is not None and gate.event:
                clock = np.maximum(clock, happens[gate.event])
            end = clock + each_draw(spent)
            if self.known:  # a day that is past and told of nothing is drawn again from the last day known on
                end = np.where(end <= self.known, self.known + each_draw(spent), end)
            clocks[whose] = np.full(len(end), self.ended[name]) if name in self.ended else end
        return np.max([*clocks.values()], axis=0)

    def mandate(self, happens: Mapping[str, Array]) -> Array:
        """The day on which the last of some events (draw,) that a decision waits for has come; 0 if none is."""
        awaited = [gate.event for gate in self.gates.values() if gate.stage == "decision" and gate.event in happens]
        return np.max([np.zeros(len(self.own)), *(happens[event] for event in awaited if event)], axis=0)

    def given_passed(self, gate: str) -> Walk:
        """The same walk, were one gate certain to be passed, as late as ever; with it their consent where all of those
        without whom nothing is decided sit there.
        """
        threshold, theirs = self.threshold.copy(), set(self.decider) <= set(self.gates[gate].members)
        threshold[:, list(self.gates).index(gate)] = -np.inf
        return replace(self, threshold=threshold, own=np.full(len(self.own), -np.inf) if theirs else self.own)


def walk_gates(scenario: Scenario, stakes: Stakes, lean: Dispositions, shocks: Shocks, design: Design) -> Walk:
    """The walk of the terms to which everyone leans as given; `scenario` carries the option's overrides."""
    process = scenario.process
    runs, draws = len(lean.gain), len(lean.wish)
    pressure = design.sample("process.pressure", process.pressure)
    pressing: dict[tuple[str, str], Array] = {}  # our bodies press on no other state, nor its on us
    gates = {name: gate for name, gate in process.gates.items() if satisfies(scenario, gate.applies_if)}
    threshold, spent = np.full((draws, len(gates)), -np.inf), np.zeros((runs, len(gates)))
    for column, (name, gate) in enumerate(gates.items()):
        path = f"process.gates.{name}"
        spent[:, column] = design.sample(f"{path}.duration", gate.duration)
        rows, pressed = stakes.rows(tuple(gate.members)), pressing.get((gate.stage, gate.whose), np.zeros(runs))
        if gate.kind == "chance" and gate.probability is not None:
            level = inner(design, f"{path}.lets_through", name)
            let = level < each_draw(design.sample(f"{path}.probability", gate.probability))
            threshold[:, column] = np.where(let, -np.inf, np.inf)
        if not rows:
            continue
        body = voters(scenario, gate, path, rows, lean, pressed, design) if gate.kind != "bargain" else []
        if gate.kind == "veto":
            threshold[:, column] = each(body, shocks).max(1)
        elif gate.kind == "vote":
            threshold[:, column] = majority(body, rule(gate, path, body, design), shocks)
        elif gate.kind in ("advisory", "bargain"):
            weight = (stakes.capability * stakes.salience.sum(2))[:, rows]
            against = opposition(body, runs) if body else 1 - weighted_share(weight, lean.gain[:, rows])
            if gate.delay is not None:
                spent[:, column] += against * design.sample(f"{path}.delay", gate.delay)
            pressing[gate.stage, gate.whose] = pressed - pressure * against
    deciders = stakes.rows(process.decider)
    consent = [shocks.threshold(lean.wish[:, i], i) for i in deciders]
    own = np.max(consent, axis=0) if deciders else np.full(draws, -np.inf)
    ended = {one.what: float((one.on - scenario.as_of).days) for one in scenario.happened if one.came}
    return Walk(gates, process.decider, threshold, spent, own, ended, scenario.elapsed)


def voters(
    scenario: Scenario, gate: Gate, path: str, rows: list[int], lean: Dispositions, pressed: Array, design: Design
) -> list[Voter]:
    """The members of a body with their wishes and votes, in every draw."""
    noise = np.maximum(design.sample("process.noise", scenario.process.noise), 1e-9)
    # the record of this country's decisions tells nothing of other states'
    leans = lean.wish if gate.stage == "decision" and not gate.whose else lean.own
    found = []
    for row, (name, member) in zip(rows, gate.members.items(), strict=True):
        at = f"{path}.members.{name}"
        moved = pressed.copy()
        if member.whip is not None:
            moved += design.sample(f"{at}.whip", member.whip)
        if member.cost is not None:
            moved += design.sample(f"{at}.cost", member.cost) / noise
        votes = design.sample(f"{at}.seats", member.seats)
        if member.present is not None:
            votes = votes * design.sample(f"{at}.present", member.present)
        people = votes if member.people is None else design.sample(f"{at}.people", member.people)
        wish = leans[:, row] + each_draw(moved)
        found.append(Voter(row, wish, each_draw(votes), each_draw(people), member.divided))
    return found


def rule(gate: Gate, path: str, body: list[Voter], design: Design) -> Rule:
    """How a voting body counts, in every draw."""
    names = list(gate.members)

    def drawn(field: str) -> Array | None:
        estimate = getattr(gate, field)
        return None if estimate is None else each_draw(design.sample(f"{path}.{field}", estimate))

    least = drawn("at_least")
    seats = sum(each_draw(design.sample(f"{path}.members.{n}.seats", m.seats)) for n, m in gate.members.items())
    none = np.zeros(len(body[0].votes))
    share, abstention = drawn("quota") if least is None else least, drawn("abstention")
    return Rule(
        share=none + 1 if share is None else share, exceeded=least is None, of=gate.of, seats=np.asarray(seats),
        abstention=none if abstention is None else abstention,
        quorum=drawn("quorum"), people_share=drawn("people_at_least"), blocking=gate.blocking_members,
        permanent=tuple(names.index(name) for name in gate.permanent),
        casting=None if gate.casting_vote is None else names.index(gate.casting_vote),
    )  # fmt: skip


def opposition(body: list[Voter], runs: int) -> Array:
    """The share of the expected seats of an advisory body that is against; (run,)."""
    first = slice(None, None, len(body[0].wish) // runs)  # a wish is the same in all draws of a run
    votes = np.stack([v.votes[first] for v in body], 1)
    for_it = np.stack([ndtr(v.wish[first]) for v in body], 1)
    there = votes.sum(1)
    return (votes * (1 - for_it)).sum(1) / np.where(there > 0, there, 1.0)
