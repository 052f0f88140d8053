"""How much violence does a week bring, from inside the theatre and from outside?

Equations 2 (events and the civilians they kill) and 3 (fire of a party outside the mandate).

`s` is the sector's record, `h` that of the theatre as a whole, `q` the parameters (see `state`).
"""

from __future__ import annotations

from contingent.mission import draws
from contingent.mission.compiled import LN2, exp, jit, jit_internal, log
from contingent.mission.state import BATCH_WIDTH


@jit
def intensity(before, memory, noise, z):
    """(2a) u' = phi u + sigma z: the log of how heated a sector is, beside its usual."""
    return memory * before + noise * z


@jit
def expected_events(armed, rate, log_effects, fallen, fallen_events, neighbours, spill_over, ceiling):
    """(2b) m = mu_0 A/1000 exp(effects) (1 + c_Z [fallen]) + gamma E_near, saturating at M.

    `log_effects` is u - nu f b_F k (1 + L)/2 - b_S (S - S_0) + b_N (N - N_0) + b_C y q_dis [no consent].
    """
    m = rate * armed * 0.001 * exp(log_effects) * (1.0 + fallen_events * fallen) + spill_over * neighbours
    return m * ceiling / (m + ceiling)


@jit
def expected_outside_deaths(rate, response, disarmed_share, fallen, fallen_outside):
    """(3) lambda (1 - epsilon share disarmed)(1 + c_X [fallen]); the force's cover plays no part."""
    return rate * (1.0 - response * disarmed_share) * (1.0 + fallen_outside * fallen)


@jit_internal
def outside_fire(h, q, key, week):
    """Equation 3: deaths from fire of a party outside the mandate, and how they compare with what is expected."""
    for i in range(BATCH_WIDTH):
        share = min(1.0, h.gone[i] / max(h.armed_at_start[i], 1e-9))
        h.rate[i] = expected_outside_deaths(
            q.outside_rate[i], q.outside_response[i], share, h.fallen[i], q.fallen_outside[i]
        )
        h.outside_expected[i] = h.rate[i]
    draws.uniforms(h.u, key, week, draws.WHOLE, draws.U_OUTSIDE)
    draws.negative_binomials(h.outside_deaths, h.u, h.rate, q.outside_dispersion, h.p, h.so_far)
    for i in range(BATCH_WIDTH):
        h.outside_ratio[i] = h.outside_deaths[i] / q.outside_rate[i] if q.outside_rate[i] > 0.0 else 1.0
        h.outside_shock[i] = q.support_outside_deaths[i] * (log(1.0 + h.outside_ratio[i]) - LN2)


@jit_internal
def violence(s, h, q, key, week, d):
    """Equation 2: how heated it is, how many events happen, how many civilians die in them."""
    draws.normals(s.z, key, week, d, draws.Z_INTENSITY, s.u)
    for i in range(BATCH_WIDTH):
        s.heat[i] = intensity(s.heat[i], q.intensity_memory[i], q.intensity_noise[i], s.z[i])
    for i in range(BATCH_WIDTH):
        s.effects[i] = (
            s.heat[i]
            - h.calming[i] * s.cover[i]
            - q.support_effect[i] * (s.support[i] - q.support_at_start[i])
            + q.need_effect[i] * (s.need[i] - s.need_start[i])
            + q.confrontation[i] * h.clash[i] * s.cover_disarm[i]
        )
    for i in range(BATCH_WIDTH):
        s.expected[i] = expected_events(
            s.armed[i], q.event_rate[i], s.effects[i], h.fallen[i], q.fallen_events[i], s.neighbour_events[i],
            q.spill_over[i], q.event_ceiling[i],
        )  # fmt: skip
    draws.uniforms(s.u, key, week, d, draws.U_EVENTS)
    draws.negative_binomials(s.happened, s.u, s.expected, q.event_dispersion, s.p, s.so_far)
    for i in range(BATCH_WIDTH):
        s.z[i] = q.civilian_deaths_per_event[i] * s.happened[i]
    draws.uniforms(s.u, key, week, d, draws.U_CIVILIANS)
    draws.poissons(s.killed, s.u, s.z, s.p, s.so_far)
    for i in range(BATCH_WIDTH):
        s.total_events[i] += s.happened[i]
        s.total_civilian_deaths[i] += s.killed[i]
        h.events[i] += s.happened[i]
        h.civilian_deaths[i] += s.killed[i]
        h.expected[i] += s.expected[i]
