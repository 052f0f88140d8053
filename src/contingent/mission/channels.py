"""Which of the planned troops count for which equation: the plan sorted by what their tasks act upon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from contingent.labels import PLEDGE, SECTOR, TASK, WEEK
from contingent.mission.deployment import CHANNELS, changes
from contingent.mission.presence import Presence
from contingent.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class Channels:
    """A plan as the kernel reads it.

    `planned` (pledge, channel, week, sector) persons; `owner` (pledge) position of its contributor in
    `contributors`; `when`, `pledge` (change) and `change` (change, channel, sector) the same plan as its changes.
    """

    planned: np.ndarray
    owner: np.ndarray
    contributors: tuple[str, ...]
    when: np.ndarray
    pledge: np.ndarray
    change: np.ndarray


def channels(presence: Presence, scenario: Scenario) -> Channels:
    """Sort the planned persons by channel, over the scenario's own sectors and horizon."""
    plan = presence.planned.transpose(PLEDGE, WEEK, SECTOR, TASK).isel({WEEK: slice(0, scenario.horizon)})
    sectors = list(scenario.theatre.sectors)
    values = np.zeros((plan.sizes[PLEDGE], len(CHANNELS), scenario.horizon, len(sectors)))
    for j, sector in enumerate(str(s) for s in plan[SECTOR].values):
        for k, task in enumerate(str(t) for t in plan[TASK].values):
            persons = plan.values[:, :, j, k]
            channel = CHANNELS.index(scenario.mandate.tasks[task].contributes_to)
            values[:, 0, :, sectors.index(sector)] += persons
            values[:, channel, :, sectors.index(sector)] += persons
    owners = [str(code) for code in presence.contributor.values]
    contributors = tuple(code for code in scenario.contributors if code in owners)
    owner = np.array([contributors.index(code) for code in owners], dtype=np.int64)
    return Channels(values, owner, contributors, *changes(values))
