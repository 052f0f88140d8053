"""What a week does to one sector, in every run of a block: equations 2, 5, 6c, 7 and 9.

`s` is the sector's record, `h` that of the theatre as a whole, `q` the parameters (see `block`).
"""

from __future__ import annotations

from contingent.mission import equations as eq
from contingent.mission.arithmetic import log
from contingent.mission.block import LANES
from contingent.mission.compiled import inner
from contingent.mission.draws import (
    U_CIVILIANS,
    U_EVENTS,
    Z_INTENSITY,
    Z_PACE,
    negative_binomials,
    normals,
    poissons,
    uniforms,
)  # fmt: skip


@inner
def violence(s, h, q, key, week, d):
    """Equation 2: how heated it is, how many events happen, how many civilians die in them."""
    normals(s.z, key, week, d, Z_INTENSITY, s.u)
    for i in range(LANES):
        s.heat[i] = eq.intensity(s.heat[i], q.intensity_memory[i], q.intensity_noise[i], s.z[i])
    for i in range(LANES):
        s.effects[i] = (
            s.heat[i]
            - h.calming[i] * s.cover[i]
            - q.support_effect[i] * (s.support[i] - q.support_at_start[i])
            + q.need_effect[i] * (s.need[i] - s.need_start[i])
            + q.confrontation[i] * h.clash[i] * s.cover_disarm[i]
        )
    for i in range(LANES):
        s.expected[i] = eq.expected_events(
            s.armed[i], q.event_rate[i], s.effects[i], h.fallen[i], q.fallen_events[i], s.near[i], q.spill_over[i],
            q.event_ceiling[i],
        )  # fmt: skip
    uniforms(s.u, key, week, d, U_EVENTS)
    negative_binomials(s.happened, s.u, s.expected, q.event_dispersion, s.p, s.so_far)
    for i in range(LANES):
        s.z[i] = q.civilian_deaths_per_event[i] * s.happened[i]
    uniforms(s.u, key, week, d, U_CIVILIANS)
    poissons(s.killed, s.u, s.z, s.p, s.so_far)
    for i in range(LANES):
        s.total_events[i] += s.happened[i]
        s.total_civilian_deaths[i] += s.killed[i]
        h.events[i] += s.happened[i]
        h.civilian_deaths[i] += s.killed[i]
        h.expected[i] += s.expected[i]


@inner
def disarmament(s, h, q, key, week, d):
    """Equation 5: who lays down arms, what is handed in, who takes up arms."""
    covered = 0
    for i in range(LANES):
        s.disarmed[i] = 0.0
        covered += 1 if s.cover_disarm[i] > 0.0 else 0
    if covered > 0:
        normals(s.z, key, week, d, Z_PACE, s.u)
        for i in range(LANES):
            s.z[i] = eq.lognormal_noise(s.z[i], q.pace_noise[i])
        for i in range(LANES):
            s.disarmed[i] = eq.disarmed(
                s.armed[i], h.pace[i], h.legitimacy[i], s.cover_disarm[i], q.pace_half[i], s.z[i]
            )
        for i in range(LANES):
            given = min(s.weapons[i], q.weapons_per_disarmed[i] * s.disarmed[i])
            s.weapons[i] -= given
            s.total_weapons[i] += given
            h.weapons[i] += given
        for i in range(LANES):
            s.total_disarmed[i] += s.disarmed[i]
            h.disarmed[i] += s.disarmed[i]
    for i in range(LANES):
        deaths = s.killed[i] + h.outside_deaths[i] * s.weight[i]
        joined = eq.recruits(deaths, q.recruits_per_death[i], s.armed[i], q.armed_ceiling[i] * s.armed_start[i])
        s.total_recruited[i] += joined
        s.armed[i] += joined - s.disarmed[i]
        h.armed[i] += s.armed[i]


@inner
def relief(s, h, q):
    """Equations 6c and 7: what reaches people of what was sent, and how debris gives way to homes."""
    for i in range(LANES):
        share = eq.convoy_loss(q.convoy_loss_floor[i], q.convoy_loss_peak[i], s.cover[i], s.cover_aid[i], s.need[i])
        lost = share * s.sent[i]
        delivered = s.sent[i] - lost
        needed = h.arrivals[i] * s.weight[i]
        met = delivered / needed if needed > 0.0 else 1.0
        s.need[i] = eq.unmet_need(s.need[i], met, q.need_response[i])
        s.total_trucks_lost[i] += lost
        s.total_trucks_delivered[i] += delivered
        h.trucks_lost[i] += lost
        h.trucks_delivered[i] += delivered
    for i in range(LANES):
        s.total_unmet_need_weeks[i] += s.need[i]
        h.need[i] += s.need[i] * s.weight[i]
    for i in range(LANES):
        working = eq.debris_work(q.debris_alone[i], max(s.cover[i], s.cover_aid[i]), h.crossings_open[i], h.capacity[i])
        part = s.debris_start[i] / max(h.debris_at_start[i], 1e-9)
        removed = min(s.debris[i], 7.0 * q.debris_per_truck_day[i] * q.debris_fleet[i] * part * working)
        s.debris[i] -= removed
        h.debris_removed[i] += removed
    for i in range(LANES):
        gone = 1.0 - s.debris[i] / s.debris_start[i] if s.debris_start[i] > 0.0 else 1.0
        built = eq.homes_rebuilt(s.homes[i] * gone, s.rebuilt[i], q.rebuilding_rate[i], h.crossings_open[i])
        s.rebuilt[i] += built
        h.homes_rebuilt[i] += built


@inner
def backing(s, h, q):
    """Equation 9: how far the people stand behind the force."""
    for i in range(LANES):
        s.z[i] = (
            q.support_at_start[i]
            + q.support_need[i] * (s.need_start[i] - s.need[i])
            + q.support_presence[i] * s.cover[i]
            + q.support_legitimacy[i] * (h.legitimacy[i] - q.legitimacy_at_start[i])
        )
    for i in range(LANES):
        harm = q.support_civilian_deaths[i] * log(1.0 + s.killed[i]) + h.outside_shock[i]
        target = s.z[i] - harm - q.support_coercion[i] * h.clash[i] * s.cover_disarm[i]
        s.support[i] = eq.support(s.support[i], target, q.support_speed[i])
        h.support[i] += s.support[i] * s.weight[i]
