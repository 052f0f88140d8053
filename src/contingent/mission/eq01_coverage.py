"""Which troops are where in a week, and how much of each sector do they cover?

Equation 1, and deployment over the weeks: pledges come late or in part, and contributors may take theirs home.

A plan is read as its changes: so many persons more or less in a channel and sector from a week on. Each
week applies the changes that fall due; a contributor that leaves takes along what it has there.
"""

from __future__ import annotations

import numpy as np

from contingent.labels import PLEDGE, SECTOR, TASK, WEEK
from contingent.mission.compiled import exp, jit, jit_internal
from contingent.mission.presence import Presence
from contingent.scenario.model import Scenario

CHANNELS = ("all", "presence", "disarmament", "crossings", "aid", "governance")
"""What troops act upon: everybody's presence, and the tasks of the mandate by what they contribute to."""
ALL, PATROL, DISARM, CROSS, AID, GOVERN = range(len(CHANNELS))
NOBODY = 1e-6  # persons: what rounding leaves of a contingent that has gone is nobody


@jit
def coverage(persons, population, scale):
    """(1) k = 1 - exp(-F / (rho P)): share of a sector that `persons` cover; population in thousands."""
    if persons <= NOBODY:
        return 0.0
    return 1.0 - exp(-persons / max(scale * population, 1e-9))


@jit_internal
def schedule(due, following, when, pledge, delay, weeks):
    """Thread the changes of a plan on one chain a week, as late as this run has it; `due` (week) starts each chain."""
    due.fill(-1)
    for k in range(len(when) - 1, -1, -1):
        week = when[k] + delay[pledge[k]]
        if week < weeks:
            following[k] = due[week]
            due[week] = k


@jit_internal
def arrive(here, force, dirty, first, following, pledge, change, delivered, owner, contributors, theatre, i):
    """Apply a chain of changes of run i to `here` (contributor, channel, sector), and to the force of those present."""
    k = first
    while k >= 0:
        c, share = owner[pledge[k]], delivered[pledge[k]]
        counts = contributors[c].present[i]
        for d in range(change.shape[2]):
            gained = share * change[k, ALL, d]
            contributors[c].strength[i] += counts * gained
            theatre.troops[i] += counts * gained
            for j in range(change.shape[1]):
                gained = share * change[k, j, d]
                here[c, j, d] += gained
                force[j, d] += counts * gained
                if gained != 0.0:
                    dirty[d] = True
        k = following[k]


@jit_internal
def muster(here, force, dirty, contributors, theatre, i):
    """Add up the force (channel, sector) of the contributors still present in run i, and each one's strength."""
    for j in range(force.shape[0]):
        for d in range(force.shape[1]):
            force[j, d] = 0.0
    for d in range(len(dirty)):
        dirty[d] = True
    theatre.troops[i] = 0.0
    for c in range(here.shape[0]):
        strength = 0.0
        if contributors[c].present[i] == 1.0:
            for d in range(here.shape[2]):
                for j in range(here.shape[1]):
                    force[j, d] += here[c, j, d]
                strength += here[c, ALL, d]
        contributors[c].strength[i] = strength
        theatre.troops[i] += strength


@jit_internal
def cover(force, dirty, sectors, theatre, parameters, i):
    """Equation 1 in run i: how much of each sector that was dirty, and of each single task, the force covers."""
    scale = parameters.coverage_scale[i]
    special = scale * parameters.special_scale[i]
    beside = parameters.side_presence[i]
    govern, cross, mean = 0.0, 0.0, 0.0
    for d in range(len(sectors)):
        s = sectors[d]
        if dirty[d]:
            people = s.population[i]
            s.cover[i] = coverage(beside * force[ALL, d] + (1.0 - beside) * force[PATROL, d], people, scale)
            s.cover_disarm[i] = coverage(force[DISARM, d], people, special)
            s.cover_aid[i] = coverage(force[AID, d], people, special)
            dirty[d] = False
        mean += s.cover[i] * s.weight[i]
        govern += force[GOVERN, d]
        cross += force[CROSS, d]
    theatre.coverage[i] = mean
    theatre.govern[i] = coverage(govern, theatre.people[i], special)
    theatre.cross[i] = coverage(cross, theatre.people[i], special)


def changes(planned: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A plan (pledge, channel, week, sector) as its changes.

    Returns the week (change) and the pledge (change) of each, and persons more or less (change, channel, sector).
    """
    steps = np.diff(planned, axis=2, prepend=0.0).transpose(0, 2, 1, 3)
    pledge, week = np.nonzero(steps.any(axis=(2, 3)))
    return week.astype(np.int64), pledge.astype(np.int64), np.ascontiguousarray(steps[pledge, week])


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
