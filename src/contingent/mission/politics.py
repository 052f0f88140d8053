"""What moves the theatre as a whole in a week: outside fire, consent, the governing body, the cease-fire.

Equations 3, 5a, 8 and 11.
"""

from __future__ import annotations

from contingent.mission import equations as eq
from contingent.mission.arithmetic import LN2, log
from contingent.mission.block import LANES
from contingent.mission.compiled import inner
from contingent.mission.draws import (
    U_CEASEFIRE,
    U_CONSENT,
    U_OUTSIDE,
    WHOLE,
    Z_LEGITIMACY,
    negative_binomials,
    normals,
    uniforms,
)  # fmt: skip

MOST_THREAT, LEAST_THREAT = 10.0, 0.01  # violence beside the start counts between a hundredth and tenfold
MOST_OUTSIDE = 5.0  # a week of outside fire counts at most fivefold its expectation


@inner
def outside_fire(h, q, key, week):
    """Equation 3: deaths from fire of a party outside the mandate, and how they compare with what is expected."""
    for i in range(LANES):
        share = min(1.0, h.gone[i] / max(h.armed_at_start[i], 1e-9))
        h.rate[i] = eq.expected_outside_deaths(
            q.outside_rate[i], q.outside_response[i], share, h.fallen[i], q.fallen_outside[i]
        )
    uniforms(h.u, key, week, WHOLE, U_OUTSIDE)
    negative_binomials(h.outside_deaths, h.u, h.rate, q.outside_dispersion, h.p, h.so_far)
    for i in range(LANES):
        h.outside_ratio[i] = h.outside_deaths[i] / q.outside_rate[i] if q.outside_rate[i] > 0.0 else 1.0
        h.outside_shock[i] = q.support_outside_deaths[i] * (log(1.0 + h.outside_ratio[i]) - LN2)


@inner
def consent(h, q, key, week):
    """Equation 5a, and what follows from it: pace of disarmament, clashes, and how much the force calms."""
    uniforms(h.u, key, week, WHOLE, U_CONSENT)
    for i in range(LANES):
        h.consent[i] = eq.consents(h.consent[i], h.u[i], q.consent_share[i], q.consent_spell[i])
        stalled = min(1.0, q.pace_stalled[i] * (1.0 + (q.coerced_pace[i] - 1.0) * q.coercion[i]))
        h.pace[i] = q.pace_consented[i] if h.consent[i] == 1.0 else stalled
        h.clash[i] = q.coercion[i] * (1.0 - h.consent[i])
        h.calming[i] = q.force_share[i] * q.force_effect[i] * 0.5 * (1.0 + h.legitimacy[i])


@inner
def governing_body(h, q, key, week):
    """Equation 8: what the governing body can do, and how legitimate it is."""
    normals(h.z, key, week, WHOLE, Z_LEGITIMACY, h.u)
    for i in range(LANES):
        ratio = h.expected[i] / h.usual_events[i] if h.usual_events[i] > 0.0 else LEAST_THREAT
        h.threat[i] = min(MOST_THREAT, max(LEAST_THREAT, ratio))
    for i in range(LANES):
        h.log_threat[i] = log(h.threat[i])
    for i in range(LANES):
        h.capacity[i] = eq.governing_capacity(
            h.capacity[i], q.capacity_at_start[i], h.govern[i], h.legitimacy[i], q.capacity_speed[i]
        )
    for i in range(LANES):
        h.odds[i] = eq.legitimacy_log_odds(
            h.odds[i], h.start_odds[i], q.legitimacy_speed[i], h.need_at_start[i] - h.need[i], q.legitimacy_need[i],
            h.govern[i], q.legitimacy_presence[i], h.log_threat[i], q.legitimacy_threat[i],
            q.legitimacy_noise[i] * h.z[i],
        )  # fmt: skip
    for i in range(LANES):
        h.legitimacy[i] = eq.logistic(h.odds[i])


@inner
def ceasefire(h, q, key, week):
    """Equation 11: whether the cease-fire falls, or is restored, from next week on."""
    for i in range(LANES):
        h.z[i] = log(1.0 + week / q.collapse_age[i])
    for i in range(LANES):
        h.risk[i] = eq.collapse_hazard(
            q.collapse_rate[i], h.z[i], q.collapse_decay[i], h.log_threat[i], q.collapse_threat[i],
            q.force_share[i] * h.coverage[i], q.collapse_presence[i], min(MOST_OUTSIDE, h.outside_ratio[i]),
            q.collapse_outside[i],
        )  # fmt: skip
    uniforms(h.u, key, week, WHOLE, U_CEASEFIRE)
    for i in range(LANES):
        h.fallen[i] = eq.fallen_next(h.fallen[i], h.u[i], h.risk[i], q.repair_rate[i])
