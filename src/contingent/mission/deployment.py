"""Which troops are where in a week: pledges come late or in part, and contributors may take theirs home.

A plan is read as its changes: so many persons more or less in a channel and sector from a week on. Each
week applies the changes that fall due; a contributor that leaves takes along what it has there.
"""

from __future__ import annotations

import numpy as np
from numba import njit

ALL, PATROL, DISARM, CROSS, AID, GOVERN = 0, 1, 2, 3, 4, 5
CHANNELS = ("all", "presence", "disarmament", "crossings", "aid", "governance")


@njit(cache=True, nogil=True)
def schedule(due, following, when, pledge, delay, run, weeks):
    """Thread the changes of a plan on one chain a week, late as this run has it; `due` (week) starts each chain."""
    due[:] = -1
    for k in range(len(when) - 1, -1, -1):
        week = when[k] + delay[run, pledge[k]]
        if week < weeks:
            following[k] = due[week]
            due[week] = k


@njit(cache=True, nogil=True)
def arrive(here, force, due, following, pledge, change, delivered, owner, present, run, week):
    """Apply the changes due this week to `here` (contributor, channel, sector) and `force`; whether there were any."""
    k = due[week]
    if k < 0:
        return False
    while k >= 0:
        p = pledge[k]
        c = owner[p]
        if present[c] == 1.0:
            share = delivered[run, p]
            for j in range(change.shape[1]):
                for d in range(change.shape[2]):
                    here[c, j, d] += share * change[k, j, d]
        k = following[k]
    add_up(here, force, present)
    return True


@njit(cache=True, nogil=True)
def add_up(here, force, present):
    """The force (channel, sector) of all contributors still present; leftovers of rounding are nobody."""
    force[:] = 0.0
    for c in range(here.shape[0]):
        if present[c] == 1.0:
            for j in range(force.shape[0]):
                for d in range(force.shape[1]):
                    if here[c, j, d] > 1e-6:
                        force[j, d] += here[c, j, d]


@njit(cache=True, nogil=True)
def strengths(here, strength, present):
    """Persons of each contributor in theatre into `strength` (contributor), and their sum."""
    whole = 0.0
    for c in range(here.shape[0]):
        mine = 0.0
        if present[c] == 1.0:
            for d in range(here.shape[2]):
                if here[c, 0, d] > 1e-6:
                    mine += here[c, 0, d]
        strength[c] = mine
        whole += mine
    return whole


def changes(planned: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A plan (pledge, channel, week, sector) as its changes.

    Returns the week (change) and the pledge (change) of each, and persons more or less (change, channel, sector).
    """
    steps = np.diff(planned, axis=2, prepend=0.0).transpose(0, 2, 1, 3)
    pledge, week = np.nonzero(steps.any(axis=(2, 3)))
    return week.astype(np.int64), pledge.astype(np.int64), np.ascontiguousarray(steps[pledge, week])
