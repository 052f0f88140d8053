"""What can the governing body do, do the people back the force, and does the cease-fire hold?

Equations 8 (capacity and legitimacy), 9 (local support) and 11 (collapse and repair of the cease-fire).

`s` is the sector's record, `h` that of the theatre as a whole, `q` the parameters (see `state`).
"""

from __future__ import annotations

from contingent.mission.compiled import exp, jit, jit_internal, log
from contingent.mission.draws import U_CEASEFIRE, WHOLE, Z_LEGITIMACY, normals, uniforms
from contingent.mission.state import BATCH_WIDTH

MOST_THREAT, LEAST_THREAT = 10.0, 0.01  # violence beside the start counts between a hundredth and tenfold
MOST_OUTSIDE = 5.0  # a week of outside fire counts at most fivefold its expectation


@jit
def governing_capacity(before, start, presence, legitimacy, speed):
    """(8a) C' = C + a_C (C* - C), C* = C_0 + (1 - C_0) q_gov L."""
    return before + speed * (start + (1.0 - start) * presence * legitimacy - before)


@jit
def legitimacy_log_odds(
    before, start, speed, need_met, need_effect, presence, presence_effect, log_threat, threat_effect, noise
):
    """(8b) logit L' = logit L + a_L (logit L_0 + c_N (N_0 - N) + c_k q_gov - c_T ln R - logit L) + s_L z."""
    target = start + need_effect * need_met + presence_effect * presence - threat_effect * log_threat
    return before + speed * (target - before) + noise


@jit
def logistic(x):
    """1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + exp(-x))


@jit
def support(before, target, speed):
    """(9) S' = S + a_S (S* - S) with S* kept in 0..1."""
    return before + speed * (min(1.0, max(0.0, target)) - before)


@jit
def collapse_hazard(rate, log_age, decay, log_threat, threat_effect, presence, presence_effect, outside, effect):
    """(11) h_0 (1 + t/t_0)**-theta R**c_E exp(-b_Z nu f k + c_O (X/lambda - 1)): weekly risk of collapse.

    `log_age` is ln(1 + t/t_0).
    """
    calm = decay * log_age + presence_effect * presence
    return rate * exp(threat_effect * log_threat + effect * (outside - 1.0) - calm)


@jit
def fallen_next(fallen, u, risk, repair):
    """(11b) the cease-fire falls with the hazard of (11) and is restored with z_r; coupled as (5a)."""
    falls = 1.0 if u < risk else 0.0
    stays = 0.0 if u >= 1.0 - repair else 1.0
    return stays if fallen == 1.0 else falls


@jit_internal
def governing_body(h, q, key, week):
    """Equation 8: what the governing body can do, and how legitimate it is."""
    normals(h.z, key, week, WHOLE, Z_LEGITIMACY, h.u)
    for i in range(BATCH_WIDTH):
        ratio = h.expected[i] / h.usual_events[i] if h.usual_events[i] > 0.0 else LEAST_THREAT
        h.threat[i] = min(MOST_THREAT, max(LEAST_THREAT, ratio))
    for i in range(BATCH_WIDTH):
        h.log_threat[i] = log(h.threat[i])
    for i in range(BATCH_WIDTH):
        h.capacity[i] = governing_capacity(
            h.capacity[i], q.capacity_at_start[i], h.govern[i], h.legitimacy[i], q.capacity_speed[i]
        )
    for i in range(BATCH_WIDTH):
        h.odds[i] = legitimacy_log_odds(
            h.odds[i], h.start_odds[i], q.legitimacy_speed[i], h.need_at_start[i] - h.need[i], q.legitimacy_need[i],
            h.govern[i], q.legitimacy_presence[i], h.log_threat[i], q.legitimacy_threat[i],
            q.legitimacy_noise[i] * h.z[i],
        )  # fmt: skip
    for i in range(BATCH_WIDTH):
        h.legitimacy[i] = logistic(h.odds[i])


@jit_internal
def backing(s, h, q):
    """Equation 9: how far the people stand behind the force."""
    for i in range(BATCH_WIDTH):
        s.z[i] = (
            q.support_at_start[i]
            + q.support_need[i] * (s.need_start[i] - s.need[i])
            + q.support_presence[i] * s.cover[i]
            + q.support_legitimacy[i] * (h.legitimacy[i] - q.legitimacy_at_start[i])
        )
    for i in range(BATCH_WIDTH):
        harm = q.support_civilian_deaths[i] * log(1.0 + s.killed[i]) + h.outside_shock[i]
        target = s.z[i] - harm - q.support_coercion[i] * h.clash[i] * s.cover_disarm[i]
        s.support[i] = support(s.support[i], target, q.support_speed[i])
        h.support[i] += s.support[i] * s.weight[i]


@jit_internal
def ceasefire(h, q, key, week):
    """Equation 11: whether the cease-fire falls, or is restored, from next week on."""
    for i in range(BATCH_WIDTH):
        h.z[i] = log(1.0 + week / q.collapse_age[i])
    for i in range(BATCH_WIDTH):
        h.risk[i] = collapse_hazard(
            q.collapse_rate[i], h.z[i], q.collapse_decay[i], h.log_threat[i], q.collapse_threat[i],
            q.force_share[i] * h.coverage[i], q.collapse_presence[i], min(MOST_OUTSIDE, h.outside_ratio[i]),
            q.collapse_outside[i],
        )  # fmt: skip
    uniforms(h.u, key, week, WHOLE, U_CEASEFIRE)
    for i in range(BATCH_WIDTH):
        h.fallen[i] = fallen_next(h.fallen[i], h.u[i], h.risk[i], q.repair_rate[i])
