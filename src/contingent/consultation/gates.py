"""Which gates given terms pass, how likely each one is, and when the last one is behind.

Gates are met in order. A vote or a veto is decided by its members' interest against the status quo, an advisory gate
delays and presses on later gates, an event may never come. All are exact probabilities per run; nothing is simulated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from contingent.consultation.stakes import Stakes
from contingent.consultation.voting import pass_probability
from contingent.ensemble.design import Design
from contingent.scenario.model import Scenario
from contingent.scenario.paths import satisfies
from contingent.scenario.process import Gate


@dataclass(frozen=True, slots=True)
class Passage:
    """How one set of terms fares: `gate` (run, gate) probabilities, `days` (run,) to the end of the decision stage.

    A gate that does not apply, or settles the terms themselves, has probability 1 here.
    """

    gates: tuple[str, ...]
    gate: NDArray[np.float64]
    days: NDArray[np.float64]

    def decision(self, scenario: Scenario, stage: str = "decision") -> NDArray[np.float64]:
        """Probability of passing every gate of one stage, were there time without end; shape (run,)."""
        return self._product([scenario.process.gates[name].stage == stage for name in self.gates])

    def votes(self, scenario: Scenario) -> NDArray[np.float64]:
        """Probability that everyone who decides says yes, whatever must happen outside; shape (run,)."""
        gates = [scenario.process.gates[name] for name in self.gates]
        return self._product([gate.stage == "decision" and gate.kind != "event" for gate in gates])

    def events(self, scenario: Scenario) -> NDArray[np.float64]:
        """Probability that everything the decision waits for happens; shape (run,)."""
        gates = [scenario.process.gates[name] for name in self.gates]
        return self._product([gate.stage == "decision" and gate.kind == "event" for gate in gates])

    def given_passed(self, name: str) -> Passage:
        """The same passage, were one gate certain to be passed, as late as ever."""
        gate = self.gate.copy()
        gate[:, self.gates.index(name)] = 1.0
        return replace(self, gate=gate)

    def _product(self, chosen: list[bool]) -> NDArray[np.float64]:
        return self.gate[:, chosen].prod(1)


def walk_gates(scenario: Scenario, stakes: Stakes, gain: NDArray[np.float64], design: Design) -> Passage:
    """The passage of terms whose utility gain over the status quo is `gain` (run, stakeholder)."""
    process = scenario.process
    runs = len(design.index)
    noise = np.maximum(design.sample("process.noise", process.noise), 1e-9)
    shared = design.sample("process.shared", process.shared)
    pressure = design.sample("process.pressure", process.pressure)
    shift, clock = np.zeros(runs), np.zeros(runs)
    chance = np.ones((runs, len(process.gates)))
    for column, (name, gate) in enumerate(process.gates.items()):
        if not satisfies(scenario, gate.applies_if):
            continue
        path = f"process.gates.{name}"
        spent = design.sample(f"{path}.duration", gate.duration)
        latent = latent_utilities(stakes, gate, path, gain, noise, shift, design)
        seats = (
            np.stack([design.sample(f"{path}.members.{m}.seats", part.seats) for m, part in gate.members.items()], 1)
            if gate.members
            else np.ones((runs, 0))
        )
        if gate.kind in ("vote", "veto") and gate.members:
            if gate.kind == "veto" or gate.quota is None:
                seats, quota = np.ones_like(seats), np.ones(runs)
            else:
                quota = design.sample(f"{path}.quota", gate.quota)
            chance[:, column] = pass_probability(latent, seats, shared, quota)
        elif gate.kind == "advisory" and gate.members:
            against = 1 - expected_share(latent, seats)
            if gate.delay is not None:
                spent = spent + against * design.sample(f"{path}.delay", gate.delay)
            shift = shift - pressure * (2 * against - 1)
        elif gate.kind == "event" and gate.event is not None:
            event = process.events[gate.event]
            chance[:, column] = design.sample(f"process.events.{gate.event}.probability", event.probability)
            clock = np.maximum(clock, design.sample(f"process.events.{gate.event}.delay", event.delay))
        if gate.stage == "decision":
            clock = clock + spent
    return Passage(tuple(process.gates), chance, clock)


def latent_utilities(
    stakes: Stakes,
    gate: Gate,
    path: str,
    gain: NDArray[np.float64],
    noise: NDArray[np.float64],
    shift: NDArray[np.float64],
    design: Design,
) -> NDArray[np.float64]:
    """How far each member leans to yes, in units of the noise; shape (run, member)."""
    latent = gain[:, stakes.rows(tuple(gate.members))] / noise[:, None] + shift[:, None]
    for column, (name, member) in enumerate(gate.members.items()):
        if member.whip is not None:
            latent[:, column] += design.sample(f"{path}.members.{name}.whip", member.whip)
        if member.cost is not None:
            latent[:, column] += design.sample(f"{path}.members.{name}.cost", member.cost) / noise
    return latent


def expected_share(latent: NDArray[np.float64], seats: NDArray[np.float64]) -> NDArray[np.float64]:
    """The expected share of the seats in favour; shapes (run, member) -> (run,)."""
    total = seats.sum(1)
    return np.where(total > 0, (ndtr(latent) * seats).sum(1) / np.where(total > 0, total, 1.0), 1.0)
