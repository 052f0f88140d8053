"""Everything the kernel needs to know of one option, as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import zeta

from contingent.ensemble.design import Design
from contingent.mission.authority import authorized
from contingent.mission.channels import sort_by_channel
from contingent.mission.deployment import changes
from contingent.mission.ground import check_theatre, survey
from contingent.mission.parameters import draw
from contingent.mission.presence import Presence, check_presence
from contingent.scenario.model import Scenario
from contingent.streams import Streams


@dataclass(frozen=True, slots=True)
class Inputs:
    """The kernel's inputs; shapes as in `kernel.run_blocks`, names in the order of their axes.

    `planned` (pledge, channel, week, sector) persons is the plan from which `when`, `pledge` and `change` follow.
    """

    seed_key: np.uint64
    runs: np.ndarray
    weeks: int
    parameters: tuple[str, ...]
    theta: np.ndarray
    place: np.ndarray
    gates: np.ndarray
    people: np.ndarray
    scalars: np.ndarray
    neighbours: np.ndarray
    serves: np.ndarray
    contributors: tuple[str, ...]
    who: np.ndarray
    planned: np.ndarray
    when: np.ndarray
    pledge: np.ndarray
    change: np.ndarray
    owner: np.ndarray
    delivered: np.ndarray
    delay: np.ndarray


def prepare(scenario: Scenario, presence: Presence, design: Design) -> Inputs:
    """Check what is given and draw every uncertain number of the mission.

    Raises:
        InputError: the theatre or the force plan cannot be simulated; says everything that is wrong.
    """
    check_theatre(scenario.theatre)
    check_presence(presence, scenario, len(design.index))
    theta = authorized(draw(scenario, design), scenario.mandate)
    ground = survey(scenario, design)
    planned, owner, contributors = sort_by_channel(presence, scenario)
    people = np.empty((len(design.index), len(contributors), 2))
    for c, code in enumerate(contributors):
        contributor, path = scenario.contributors[code], f"contributors.{code}"
        people[:, c, 0] = design.sample(f"{path}.home_support", contributor.home_support)
        people[:, c, 1] = theta["home_sensitivity"] * design.sample(
            f"{path}.casualty_sensitivity", contributor.casualty_sensitivity
        )
    when, pledge, change = changes(planned)
    size = mean_attack_size(theta["attack_tail"], theta["attack_largest"])
    return Inputs(
        seed_key=Streams(design.seed).counter_key("mission"),
        runs=design.index.astype(np.int64),
        weeks=scenario.horizon,
        parameters=tuple(theta),
        theta=np.stack(list(theta.values())),
        place=ground.place,
        gates=ground.gates,
        people=people,
        scalars=np.stack([ground.arrivals, size], axis=1),
        neighbours=ground.neighbours,
        serves=ground.serves,
        contributors=contributors,
        who=np.array([list(scenario.contributors).index(code) for code in contributors], dtype=np.int64),
        planned=planned,
        when=when,
        pledge=pledge,
        change=change,
        owner=owner,
        delivered=np.ascontiguousarray(presence.delivered.values, np.float64),
        delay=np.rint(presence.delay.values).astype(np.int64),
    )


def mean_attack_size(tail: np.ndarray, largest: np.ndarray) -> np.ndarray:
    """Mean deaths an attack of the cut discrete Pareto, sum of n**-tail up to the largest; shape (run,)."""
    return zeta(tail, 1) - zeta(tail, np.floor(largest) + 1)
