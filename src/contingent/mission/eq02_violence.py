"""How much violence does a week bring, from inside the theatre and from outside?

Equations 2 (events and the civilians they kill) and 3 (fire of a party outside the mandate).
"""

from contingent.mission import draws
from contingent.mission.compiled import exp, jit, jit_internal, log
from contingent.mission.state import BATCH_WIDTH

USUAL_NEED, USUAL_SUPPORT, USUAL_TOLL = 0.4, 0.5, 0.5
"""The levels at which the rates of the model hold: share of needs unmet, share of the people behind a force, and log of
one more than the people killed in a week per 100,000 (some 35 a year); judgements."""


@jit
def intensity(before, memory, noise, z):
    """(2a) u' = phi u + sigma z: the log of how heated a sector is, beside its usual."""
    return memory * before + noise * z


@jit
def regime_factor(fights, fought_at_start, rise):
    """(2b) (1 + c_Z [fights]) / (1 + c_Z [fought at the start]): rates are those of the first day's war or peace."""
    return (1.0 + rise * fights) / (1.0 + rise * fought_at_start)


@jit
def expected_events(armed, rate, log_effects, regime, neighbours, spill_over, ceiling):
    """(2c) m = mu_0 A/1000 exp(effects) regime + gamma E_near, saturating at M A/1000: nobody armed, no event.

    `log_effects` is u - nu f b_F k (1 + L)/2 - b_S (S - S_u) + b_N (N - N_u) + b_C y q_dis [no consent].
    """
    m = rate * armed * 0.001 * exp(log_effects) * regime + spill_over * neighbours
    most = ceiling * armed * 0.001
    return m * most / max(m + most, 1e-12)


@jit
def toll(deaths, people):
    """(2d) ln(1 + people killed in the week per 100,000), `people` in thousands; 0 where nobody lives."""
    return log(1.0 + 100.0 * deaths / people) if people > 0.0 else 0.0


@jit
def expected_outside_deaths(rate, response, disarmed_share, regime, log_age, decay, deterred):
    """(3) lambda (1 - epsilon share disarmed) regime ((1 + a)/(1 + a_0))**-d exp(-b_D q_deter); cover plays no part.

    `log_age` is ln((1 + a)/(1 + a_0)) of the cease-fire's age in weeks and that on the first day; 0 where there is
    fighting. regime as in (2b).
    """
    return rate * (1.0 - response * disarmed_share) * regime * exp(-decay * log_age - deterred)


@jit_internal
def outside_fire(h, q, key, week):
    """Equation 3: deaths from fire of a party outside the mandate."""
    for i in range(BATCH_WIDTH):
        h.z[i] = log((1.0 + h.age[i]) / (1.0 + h.age_at_start[i])) if h.fallen[i] == 0.0 else 0.0
    for i in range(BATCH_WIDTH):
        share = min(1.0, h.gone[i] / max(h.armed_at_start[i], 1e-9))
        h.rate[i] = expected_outside_deaths(
            q.outside_rate[i], q.outside_response[i], share,
            regime_factor(h.fallen[i], h.fights_at_start[i], q.fallen_outside[i]), h.z[i],
            q.outside_decay[i] * h.truced[i], q.deterrence_effect[i] * h.deter[i],
        )  # fmt: skip
        h.outside_expected[i] = h.rate[i]
        h.counts_shape[i] = q.outside_dispersion[i] if h.truced[i] > h.fallen[i] else q.war_dispersion[i]
    draws.uniforms(h.u, key, week, draws.WHOLE, draws.U_OUTSIDE)
    draws.negative_binomials(h.outside_deaths, h.u, h.rate, h.counts_shape, h.p, h.so_far)
    for i in range(BATCH_WIDTH):
        h.outside_deaths[i] = min(h.outside_deaths[i], max(0.0, 1000.0 * h.people[i] - h.dead[i]))
        h.dead[i] += h.outside_deaths[i]


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
            - q.support_effect[i] * (s.support[i] - USUAL_SUPPORT)
            + q.need_effect[i] * (s.need[i] - USUAL_NEED)
            + q.confrontation[i] * h.clash[i] * s.cover_disarm[i]
        )
    for i in range(BATCH_WIDTH):
        s.expected[i] = expected_events(
            s.armed[i], h.first_rate[i], s.effects[i], h.regime[i], s.neighbour_events[i], q.spill_over[i],
            q.event_ceiling[i],
        )  # fmt: skip
    draws.uniforms(s.u, key, week, d, draws.U_EVENTS)
    draws.negative_binomials(s.happened, s.u, s.expected, q.event_dispersion, s.p, s.so_far)
    for i in range(BATCH_WIDTH):
        each = q.civilian_deaths_per_event[i] * (1.0 - q.site_protection[i] * s.cover_sites[i])
        s.z[i] = each * s.happened[i]
        h.deaths_expected[i] += each * s.expected[i]
    draws.uniforms(s.u, key, week, d, draws.U_CIVILIANS)
    draws.poissons(s.killed, s.u, s.z, s.p, s.so_far)
    for i in range(BATCH_WIDTH):
        living = min(1000.0 * s.population[i] - s.total_civilian_deaths[i], 1000.0 * h.people[i] - h.dead[i])
        s.killed[i] = min(s.killed[i], max(0.0, living))
        h.dead[i] += s.killed[i]
        s.toll[i] = toll(s.killed[i] + h.outside_deaths[i] * s.weight[i], s.population[i])
    for i in range(BATCH_WIDTH):
        h.week_toll[i] += s.toll[i] * s.weight[i]
        s.total_events[i] += s.happened[i]
        s.total_civilian_deaths[i] += s.killed[i]
        h.events[i] += s.happened[i]
        h.civilian_deaths[i] += s.killed[i]
