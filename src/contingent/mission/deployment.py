"""Which troops are where in a week: pledges come late or in part, and contributors may take theirs home.

A plan is read as its changes: so many persons more or less in a channel and sector from a week on. Each
week applies the changes that fall due; a contributor that leaves takes along what it has there.
"""

from __future__ import annotations

import numpy as np

from contingent.mission import equations as eq
from contingent.mission.compiled import inner

ALL, PATROL, DISARM, CROSS, AID, GOVERN = 0, 1, 2, 3, 4, 5
CHANNELS = ("all", "presence", "disarmament", "crossings", "aid", "governance")


@inner
def schedule(due, following, when, pledge, delay, weeks):
    """Thread the changes of a plan on one chain a week, as late as this run has it; `due` (week) starts each chain."""
    due.fill(-1)
    for k in range(len(when) - 1, -1, -1):
        week = when[k] + delay[pledge[k]]
        if week < weeks:
            following[k] = due[week]
            due[week] = k


@inner
def arrive(here, force, touched, first, following, pledge, change, delivered, owner, contributors, history, i):
    """Apply a chain of changes of run i to `here` (contributor, channel, sector), and to the force of those present."""
    k = first
    while k >= 0:
        c, share = owner[pledge[k]], delivered[pledge[k]]
        counts = contributors[c].present[i]
        for d in range(change.shape[2]):
            gained = share * change[k, ALL, d]
            contributors[c].strength[i] += counts * gained
            history.troops[i] += counts * gained
            for j in range(change.shape[1]):
                gained = share * change[k, j, d]
                here[c, j, d] += gained
                force[j, d] += counts * gained
                if gained != 0.0:
                    touched[d] = True
        k = following[k]


@inner
def muster(here, force, touched, contributors, history, i):
    """Add up the force (channel, sector) of the contributors still present in run i, and each one's strength."""
    for j in range(force.shape[0]):
        for d in range(force.shape[1]):
            force[j, d] = 0.0
    for d in range(len(touched)):
        touched[d] = True
    history.troops[i] = 0.0
    for c in range(here.shape[0]):
        strength = 0.0
        if contributors[c].present[i] == 1.0:
            for d in range(here.shape[2]):
                for j in range(here.shape[1]):
                    force[j, d] += here[c, j, d]
                strength += here[c, ALL, d]
        contributors[c].strength[i] = strength
        history.troops[i] += strength


@inner
def cover(force, touched, sectors, history, parameters, i):
    """Equation 1 in run i: how much of each sector that was touched, and of each single task, the force covers."""
    scale = parameters.coverage_scale[i]
    special = scale * parameters.special_scale[i]
    beside = parameters.side_presence[i]
    govern, cross, mean = 0.0, 0.0, 0.0
    for d in range(len(sectors)):
        s = sectors[d]
        if touched[d]:
            people = s.population[i]
            s.cover[i] = eq.coverage(beside * force[ALL, d] + (1.0 - beside) * force[PATROL, d], people, scale)
            s.cover_disarm[i] = eq.coverage(force[DISARM, d], people, special)
            s.cover_aid[i] = eq.coverage(force[AID, d], people, special)
            touched[d] = False
        mean += s.cover[i] * s.weight[i]
        govern += force[GOVERN, d]
        cross += force[CROSS, d]
    history.coverage[i] = mean
    history.govern[i] = eq.coverage(govern, history.people[i], special)
    history.cross[i] = eq.coverage(cross, history.people[i], special)


def changes(planned: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A plan (pledge, channel, week, sector) as its changes.

    Returns the week (change) and the pledge (change) of each, and persons more or less (change, channel, sector).
    """
    steps = np.diff(planned, axis=2, prepend=0.0).transpose(0, 2, 1, 3)
    pledge, week = np.nonzero(steps.any(axis=(2, 3)))
    return week.astype(np.int64), pledge.astype(np.int64), np.ascontiguousarray(steps[pledge, week])
