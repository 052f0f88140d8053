"""What can the governing body do, do the people back the force, and does the cease-fire hold?

Equations 8 (capacity and legitimacy), 9 (local support) and 11 (collapse and repair of the cease-fire).
"""

from contingent.mission.compiled import exp, jit, jit_internal, log
from contingent.mission.draws import U_CEASEFIRE, WHOLE, Z_LEGITIMACY, normals, uniforms
from contingent.mission.eq02_violence import USUAL_NEED, USUAL_TOLL
from contingent.mission.state import BATCH_WIDTH


@jit
def governing_capacity(before, start, presence, legitimacy, speed):
    """(8a) C' = C + a_C (C* - C), C* = C_0 + (1 - C_0) q_gov L."""
    return before + speed * (start + (1.0 - start) * presence * legitimacy - before)


@jit
def legitimacy_log_odds(
    before, start, speed, need_met, need_effect, presence, presence_effect, toll, toll_effect, noise
):
    """(8b) logit L' = logit L + a_L (logit L_0 + c_N (N_u - N) + c_k q_gov - c_T (v - v_u) - logit L) + s_L z.

    `need_met` N_u - N and `toll` v - v_u beside the usual levels of equation 2.
    """
    target = start + need_effect * need_met + presence_effect * presence - toll_effect * toll
    return before + speed * (target - before) + noise


ENDED_DEATHS = 25.0
"""Deaths a year at which `collapse_rate` holds: the threshold below which UCDP counts a conflict as ended."""
LOG_ENDED = 3.258096538021482  # ln(1 + ENDED_DEATHS)


@jit
def logistic(x):
    """1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + exp(-x))


@jit
def support(before, target, speed):
    """(9) S' = S + a_S (S* - S) with S* kept in 0..1."""
    return before + speed * (min(1.0, max(0.0, target)) - before)


@jit
def collapse_hazard(rate, log_age, decay, level, threat_effect, calm):
    """(11) h_0 (1 + t/t_0)**-theta ((1 + D)/(1 + D_h))**c_E exp(-calm): weekly risk of collapse.

    `log_age` is ln(1 + t/t_0), t the cease-fire's own age; `level` ln(1 + D) as in (4a), D_h `ENDED_DEATHS`; `calm`
    b_Z nu f k + b_M q_monitor + b_D q_deter.
    """
    return rate * exp(threat_effect * (level - LOG_ENDED) - decay * log_age - calm)


@jit
def fallen_next(fallen, u, risk, repair):
    """(11b) the cease-fire falls with the hazard of (11) and is restored with z_r; coupled as (5a)."""
    falls = 1.0 if u < risk else 0.0
    stays = 0.0 if u >= 1.0 - repair else 1.0
    return stays if fallen == 1.0 else falls


@jit_internal
def governing_body(h, q, key, week):
    """Equation 8: what the governing body can do, and how legitimate it is; nothing moves where there is none."""
    normals(h.z, key, week, WHOLE, Z_LEGITIMACY, h.u)
    for i in range(BATCH_WIDTH):
        h.capacity[i] = governing_capacity(
            h.capacity[i], q.capacity_at_start[i], h.govern[i], h.legitimacy[i], h.governed[i] * q.capacity_speed[i]
        )
    for i in range(BATCH_WIDTH):
        h.odds[i] = legitimacy_log_odds(
            h.odds[i], h.start_odds[i], h.governed[i] * q.legitimacy_speed[i], USUAL_NEED - h.need[i],
            q.legitimacy_need[i], h.govern[i], q.legitimacy_presence[i], h.week_toll[i] - USUAL_TOLL,
            q.legitimacy_threat[i], h.governed[i] * q.legitimacy_noise[i] * h.z[i],
        )  # fmt: skip
    for i in range(BATCH_WIDTH):
        h.legitimacy[i] = logistic(h.odds[i])
        h.toll[i] = h.week_toll[i]


@jit_internal
def backing(s, h, q):
    """Equation 9: how far the people stand behind the force."""
    for i in range(BATCH_WIDTH):
        target = (
            q.support_at_start[i]
            + q.support_need[i] * (USUAL_NEED - s.need[i])
            + q.support_presence[i] * s.cover[i]
            + q.support_legitimacy[i] * (h.legitimacy[i] - q.legitimacy_at_start[i])
            - q.support_toll[i] * (s.toll[i] - USUAL_TOLL)
            - q.support_coercion[i] * h.clash[i] * s.cover_disarm[i]
        )
        s.support[i] = support(s.support[i], target, q.support_speed[i])
        h.support[i] += s.support[i] * s.weight[i]


@jit_internal
def ceasefire(h, q, key, week):
    """Equation 11: whether the cease-fire falls, is restored, or comes for the first time, from next week on."""
    for i in range(BATCH_WIDTH):
        h.z[i] = log(1.0 + h.age[i] / q.collapse_age[i])
    for i in range(BATCH_WIDTH):
        calm = q.collapse_presence[i] * q.force_share[i] * h.holding[i] + q.monitor_effect[i] * h.monitor[i]
        h.risk[i] = h.truced[i] * collapse_hazard(
            q.collapse_rate[i], h.z[i], q.collapse_decay[i], h.level[i], q.collapse_threat[i],
            calm + q.deterrence_effect[i] * h.deter[i],
        )  # fmt: skip
    uniforms(h.u, key, week, WHOLE, U_CEASEFIRE)
    for i in range(BATCH_WIDTH):
        before = h.fallen[i]
        h.fallen[i] = fallen_next(before, h.u[i], h.risk[i], h.begun[i] * q.repair_rate[i])
        if h.begins[i] == week + 1.0:
            h.begun[i], h.fallen[i] = 1.0, 0.0
        h.age[i] = h.age[i] + 1.0 if before == 0.0 and h.fallen[i] == 0.0 else 0.0  # 0 also where it has just come
