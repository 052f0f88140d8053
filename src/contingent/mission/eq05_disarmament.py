"""Do the armed groups consent, who lays down arms, and who takes them up?

Equation 5: consent (a, b), disarmament (c) and recruitment (d).
"""

from contingent.mission.compiled import exp, jit, jit_internal
from contingent.mission.draws import U_CONSENT, WHOLE, Z_PACE, normals, uniforms
from contingent.mission.eq02_violence import USUAL_TOLL
from contingent.mission.state import BATCH_WIDTH


@jit
def consents(consent, u, share, spell):
    """(5a) consent is won with rate pi / tau and lost with (1 - pi) / tau; a high u is good news.

    One u loses below and wins above, so that of two histories the one ahead stays ahead (the monotone coupling of
    Propp & Wilson 1996, doi:10.1002/(SICI)1098-2418(199608/09)9:1/2<223::AID-RSA14>3.0.CO;2-O): paired options
    that part meet again.
    """
    won = 1.0 if u >= 1.0 - share / spell else 0.0
    kept = 0.0 if u < (1.0 - share) / spell else 1.0
    return kept if consent == 1.0 else won


@jit
def willing(share, toll_effect, toll, war_effect, fights):
    """(5b) logit pi' = logit pi - b_V (v - v_u) - b_W ([fights] - [fought at the start]): share of time under consent.

    `share` is pi, `toll` v - v_u, `fights` the difference of the two; who always or never consents goes on to.
    """
    now = share * exp(-toll_effect * toll - war_effect * fights)
    return now / (1.0 - share + now)


@jit
def disarmed(armed, pace, legitimacy, cover, half, noise, most):
    """(5c) x = min(A y / (1 + y), tau F), y = r (1 + L)/2 (1 + kappa) q / (q + kappa) noise.

    Never more than there are, nor than `most`, what the people on the task can take through it in a week.
    """
    y = pace * 0.5 * (1.0 + legitimacy) * (1.0 + half) * cover / (cover + half) * noise
    return min(armed * y / (1.0 + y), most)


@jit
def recruits(deaths, per_death, armed, ceiling):
    """(5d) rec x deaths near x (1 - A / A_max): bounded, because a sector holds only so many."""
    room = max(0.0, ceiling - armed)
    return min(per_death * deaths * room / max(ceiling, 1e-9), room)


@jit
def lognormal_noise(z, spread):
    """A positive number of mean 1 whose log has standard deviation `spread`."""
    return exp(spread * z - 0.5 * spread * spread)


@jit_internal
def consent(h, q, key, week):
    """Equations 5a and 5b, and what follows: pace of disarmament, clashes, and how much the force calms."""
    uniforms(h.u, key, week, WHOLE, U_CONSENT)
    for i in range(BATCH_WIDTH):
        h.z[i] = willing(
            q.consent_share[i], q.consent_toll[i], h.toll[i] - USUAL_TOLL, q.consent_war[i],
            h.fallen[i] - h.fights_at_start[i],
        )  # fmt: skip
    for i in range(BATCH_WIDTH):
        h.consent[i] = consents(h.consent[i], h.u[i], h.z[i], q.consent_spell[i])
        stalled = min(1.0, q.pace_stalled[i] * (1.0 + (q.coerced_pace[i] - 1.0) * q.coercion[i]))
        h.pace[i] = q.pace_consented[i] if h.consent[i] == 1.0 else stalled
        h.clash[i] = q.coercion[i] * (1.0 - h.consent[i])
        h.calming[i] = q.force_share[i] * q.force_effect[i] * 0.5 * (1.0 + h.legitimacy[i])


@jit_internal
def disarmament(s, h, q, key, week, d):
    """Equation 5: who lays down arms, what is handed in, who takes up arms."""
    covered = 0
    for i in range(BATCH_WIDTH):
        covered += 1 if s.cover_disarm[i] > 0.0 else 0
    if covered > 0:
        normals(s.z, key, week, d, Z_PACE, s.u)
        for i in range(BATCH_WIDTH):
            s.z[i] = lognormal_noise(s.z[i], q.pace_noise[i])
        for i in range(BATCH_WIDTH):
            s.disarmed[i] = disarmed(
                s.armed[i], h.pace[i], h.legitimacy[i], s.cover_disarm[i], q.pace_half[i], s.z[i],
                q.throughput[i] * s.staff[i],
            )  # fmt: skip
        for i in range(BATCH_WIDTH):
            given = min(s.weapons[i], q.weapons_per_disarmed[i] * s.disarmed[i])
            s.weapons[i] -= given
            s.total_weapons[i] += given
            h.weapons_collected[i] += given
        for i in range(BATCH_WIDTH):
            s.total_disarmed[i] += s.disarmed[i]
            h.disarmed[i] += s.disarmed[i]
    for i in range(BATCH_WIDTH):
        most = q.armed_ceiling[i] * s.armed_start[i]
        back = min(q.rearming[i] * h.fallen[i] * s.laid_down[i], max(0.0, most - s.armed[i]))
        deaths = s.killed[i] + h.outside_deaths[i] * s.weight[i]
        joined = back + recruits(deaths, q.recruits_per_death[i], s.armed[i] + back, most)
        s.laid_down[i] += s.disarmed[i] - back
        s.total_recruited[i] += joined
        each = s.weapons_start[i] / s.armed_start[i] if s.armed_start[i] > 0.0 else 0.0
        s.weapons[i] += q.recruit_weapons[i] * each * joined
        s.armed[i] += joined - s.disarmed[i]
        h.armed[i] += s.armed[i]
