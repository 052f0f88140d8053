"""Which troops are where in a week, and how much of each sector do they cover?

Equation 1, and deployment over the weeks: pledges come late or in part, and contributors may take theirs home.

A plan is read as its changes: so many persons more or less in a channel and sector from a week on. Each
week applies the changes that fall due; a contributor that leaves takes along what it has there.
"""

from contingent.mission.compiled import exp, jit, jit_internal
from contingent.mission.state import BATCH_WIDTH

CHANNELS = (
    "all", "presence", "policing", "protection", "disarmament", "crossings", "aid", "training", "governance",
    "monitoring", "clearance", "deterrence",
)  # fmt: skip
"""What people of the force act upon: everybody's presence, and the tasks of the mandate by what they contribute to."""
ALL, PATROL, POLICE, SITES, DISARM, CROSS, AID, TRAIN, GOVERN, MONITOR, CLEAR, DETER = range(len(CHANNELS))
NOBODY = 1e-6  # persons: what rounding leaves of a contingent that has gone is nobody


@jit
def coverage(persons, extent, scale):
    """(1a) k = 1 - exp(-F / (rho P)): share that `persons` cover of what is in dispute, P in thousands of people.

    Ground where nobody lives counts as people, `ground_scale` persons a square kilometre covering what `coverage_scale`
    cover of a thousand people.
    """
    if persons <= NOBODY:
        return 0.0
    return 1.0 - exp(-persons / max(scale * extent, 1e-9))


@jit
def trained_next(trained, trainers, pace, ceiling, loss):
    """(1b) T' = T (1 - l_T) + min(r_T trainers, T_max - T): local forces that the mission has trained."""
    return trained * (1.0 - loss) + max(0.0, min(pace * trainers, ceiling - trained))


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
def cover(force, dirty, sectors, theatre, q, i):
    """Equation 1 in run i: how much of each sector that was dirty, and of each single task, the force covers."""
    scale = q.coverage_scale[i]
    special = scale * q.special_scale[i]
    beside = q.side_presence[i]
    govern, cross, train, monitor, deter, mean, holding = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for d in range(len(sectors)):
        s = sectors[d]
        everybody, soldiers = beside * force[ALL, d], (1.0 - beside) * force[PATROL, d]
        s.hold[i] = everybody + soldiers
        if dirty[d]:
            s.guard[i] = everybody + soldiers + (1.0 - beside) * q.police_yield[i] * force[POLICE, d]
            s.staff[i] = force[DISARM, d]
            s.cover_disarm[i] = coverage(force[DISARM, d], s.extent[i], special)
            s.cover_aid[i] = coverage(force[AID, d], s.extent[i], special)
            s.cover_clear[i] = coverage(force[CLEAR, d], s.extent[i], special)
            s.cover_sites[i] = coverage(force[SITES, d], s.extent[i], special)
        if dirty[d] or theatre.trained[i] > 0.0:
            locals_here = q.local_yield[i] * theatre.trained[i] * s.part[i]
            s.cover[i] = coverage(s.guard[i] + locals_here, s.extent[i], scale)
        dirty[d] = False
        mean += s.cover[i] * s.part[i]
        holding += coverage(s.hold[i], s.extent[i], scale) * s.part[i]
        govern += force[GOVERN, d]
        cross += force[CROSS, d]
        train += force[TRAIN, d]
        monitor += force[MONITOR, d]
        deter += force[DETER, d]
    theatre.coverage[i], theatre.holding[i], theatre.trainers[i] = mean, holding, train
    theatre.govern[i] = coverage(govern, theatre.reach[i], special)
    theatre.cross[i] = coverage(cross, theatre.reach[i], special)
    theatre.monitor[i] = coverage(monitor, theatre.reach[i], special)
    theatre.deter[i] = coverage(deter, theatre.reach[i], special)


@jit_internal
def train(h, q):
    """Equation 1b in every run; whether any run has local forces that the mission trained."""
    some = 0
    for i in range(BATCH_WIDTH):
        h.trained[i] = trained_next(
            h.trained[i], h.trainers[i], q.training_pace[i], q.training_ceiling[i] * h.people[i], q.local_loss[i]
        )
        some += 1 if h.trained[i] > 0.0 else 0
    return some > 0
