"""Which of the planned troops count for which equation: the plan sorted by what their tasks act upon."""

from __future__ import annotations

import numpy as np

from contingent.labels import PLEDGE, SECTOR, TASK, WEEK
from contingent.mission.deployment import ALL, CHANNELS
from contingent.mission.presence import Presence
from contingent.scenario.model import Scenario


def sort_by_channel(presence: Presence, scenario: Scenario) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """The planned persons by channel, over the scenario's own sectors and horizon.

    Returns persons (pledge, channel, week, sector), the position of each pledge's contributor (pledge), and the
    contributors' codes in the scenario's order.
    """
    plan = presence.planned.transpose(PLEDGE, WEEK, SECTOR, TASK).isel({WEEK: slice(0, scenario.horizon)})
    sectors = list(scenario.theatre.sectors)
    planned = np.zeros((plan.sizes[PLEDGE], len(CHANNELS), scenario.horizon, len(sectors)))
    for j, sector in enumerate(str(name) for name in plan[SECTOR].values):
        for k, task in enumerate(str(name) for name in plan[TASK].values):
            persons = plan.values[:, :, j, k]
            channel = CHANNELS.index(scenario.mandate.tasks[task].contributes_to)
            planned[:, ALL, :, sectors.index(sector)] += persons
            planned[:, channel, :, sectors.index(sector)] += persons
    owners = [str(code) for code in presence.contributor.values]
    contributors = tuple(code for code in scenario.contributors if code in owners)
    owner = np.array([contributors.index(code) for code in owners], dtype=np.int64)
    return planned, owner, contributors
