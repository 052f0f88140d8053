"""The eleven weekly equations, each a small function of plain numbers.

The number of an equation is that of docs/methods/mission.md; symbols are those of data/priors.csv.
Shares are 0..1, people and trucks are counts, rates are per week. Sources stand with the priors.
"""

from __future__ import annotations

from contingent.mission.arithmetic import exp
from contingent.mission.compiled import equation

NOBODY = 1e-6  # persons: what rounding leaves of a contingent that has gone is nobody


@equation
def coverage(persons, population, scale):
    """(1) k = 1 - exp(-F / (rho P)): share of a sector that `persons` cover; population in thousands."""
    if persons <= NOBODY:
        return 0.0
    return 1.0 - exp(-persons / max(scale * population, 1e-9))


@equation
def intensity(before, memory, noise, z):
    """(2a) u' = phi u + sigma z: the log of how heated a sector is, beside its usual."""
    return memory * before + noise * z


@equation
def expected_events(armed, rate, log_effects, fallen, fallen_events, neighbours, spill_over, ceiling):
    """(2b) m = mu_0 A/1000 exp(effects) (1 + c_Z [fallen]) + gamma E_near, saturating at M.

    `log_effects` is u - nu f b_F k (1 + L)/2 - b_S (S - S_0) + b_N (N - N_0) + b_C y q_dis [no consent].
    """
    m = rate * armed * 0.001 * exp(log_effects) * (1.0 + fallen_events * fallen) + spill_over * neighbours
    return m * ceiling / (m + ceiling)


@equation
def expected_outside_deaths(rate, response, disarmed_share, fallen, fallen_outside):
    """(3) lambda (1 - epsilon share disarmed)(1 + c_X [fallen]); the force's cover plays no part."""
    return rate * (1.0 - response * disarmed_share) * (1.0 + fallen_outside * fallen)


@equation
def expected_attacks(troops, risk, mean_deaths, log_threat, elasticity, support_gained, shield):
    """(4) attacks on the force in a week: F h / 52,000 / E[deaths an attack] R**zeta exp(-b_A (S - S_0))."""
    return troops * risk / 52_178.57 / mean_deaths * exp(elasticity * log_threat - shield * support_gained)


@equation
def consents(consent, u, share, spell):
    """(5a) consent is won with rate pi / tau and lost with (1 - pi) / tau; a high u is good news.

    One u loses below and wins above, so that of two histories the one ahead stays ahead (the monotone coupling of
    Propp & Wilson 1996, doi:10.1002/(SICI)1098-2418(199608/09)9:1/2<223::AID-RSA14>3.0.CO;2-O): paired options
    that part meet again.
    """
    won = 1.0 if u >= 1.0 - share / spell else 0.0
    kept = 0.0 if u < (1.0 - share) / spell else 1.0
    return kept if consent == 1.0 else won


@equation
def disarmed(armed, pace, legitimacy, cover, half, noise):
    """(5b) x = A y / (1 + y), y = r (1 + L)/2 (1 + kappa) q / (q + kappa) noise; never more than there are."""
    y = pace * 0.5 * (1.0 + legitimacy) * (1.0 + half) * cover / (cover + half) * noise
    return armed * y / (1.0 + y)


@equation
def recruits(deaths, per_death, armed, ceiling):
    """(5c) rec x deaths near x (1 - A / A_max): bounded, because a sector holds only so many."""
    room = max(0.0, ceiling - armed)
    return min(per_death * deaths * room / max(ceiling, 1e-9), room)


@equation
def is_open(open_before, u, closing, opening):
    """(6a) a crossing shuts with probability p_s' and reopens with p_o; coupled as (5a)."""
    opens = 1.0 if u >= 1.0 - opening else 0.0
    stays = 0.0 if u < closing else 1.0
    return stays if open_before == 1.0 else opens


@equation
def closing_rate(rate, threat, threat_effect, fallen, fallen_effect, presence, presence_effect):
    """(6b) p_s' = p_s (1 + c_R (R - 1) + c_P [fallen]) exp(-b_P q_cross), never below 0."""
    factor = max(0.0, 1.0 + threat_effect * (threat - 1.0) + fallen_effect * fallen)
    return rate * factor * exp(-presence_effect * presence)


@equation
def convoy_loss(floor, peak, cover, escorted, need):
    """(6c) l = l_min + (l_max - l_min)(1 - k)(1 - q_aid) N**2: loss is worst where need is worst and nobody guards."""
    return floor + max(0.0, peak - floor) * (1.0 - cover) * (1.0 - escorted) * need * need


@equation
def unmet_need(before, met, speed):
    """(7a) N' = N + a_N (max(0, 1 - delivered / needed) - N)."""
    return before + speed * (max(0.0, 1.0 - met) - before)


@equation
def debris_work(alone, cover, open_share, capacity):
    """(7b) share of the debris fleet at work: (u_D + (1 - u_D) max(k, q_aid)) open share (1 + C)/2.

    A sector then loses min(debris, 7 d n_D x its share of the debris x this), tonnes a week.
    """
    return (alone + (1.0 - alone) * cover) * open_share * 0.5 * (1.0 + capacity)


@equation
def homes_rebuilt(cleared, rebuilt, rate, open_share):
    """(7c) b_H (homes on cleared ground - rebuilt) open share: homes follow the debris with a lag."""
    return max(0.0, rate * (cleared - rebuilt) * open_share)


@equation
def governing_capacity(before, start, presence, legitimacy, speed):
    """(8a) C' = C + a_C (C* - C), C* = C_0 + (1 - C_0) q_gov L."""
    return before + speed * (start + (1.0 - start) * presence * legitimacy - before)


@equation
def legitimacy_log_odds(
    before, start, speed, need_met, need_effect, presence, presence_effect, log_threat, threat_effect, noise
):
    """(8b) logit L' = logit L + a_L (logit L_0 + c_N (N_0 - N) + c_k q_gov - c_T ln R - logit L) + s_L z."""
    target = start + need_effect * need_met + presence_effect * presence - threat_effect * log_threat
    return before + speed * (target - before) + noise


@equation
def support(before, target, speed):
    """(9) S' = S + a_S (S* - S) with S* kept in 0..1."""
    return before + speed * (min(1.0, max(0.0, target)) - before)


@equation
def home_support(before, start, shock, recovery):
    """(10a) H' = H - psi_c (increase of ln(1 + own dead)) + h_r, never above the start nor below 0."""
    return max(0.0, min(start, before - shock + recovery))


@equation
def leaving_hazard(rate, slope, reference, home):
    """(10b) w_0 exp(-b_H0 (H - H_ref)): chance a week that a contributor takes its troops home."""
    return rate * exp(-slope * (home - reference))


@equation
def collapse_hazard(rate, log_age, decay, log_threat, threat_effect, presence, presence_effect, outside, effect):
    """(11) h_0 (1 + t/t_0)**-theta R**c_E exp(-b_Z nu f k + c_O (X/lambda - 1)): weekly risk of collapse.

    `log_age` is ln(1 + t/t_0).
    """
    calm = decay * log_age + presence_effect * presence
    return rate * exp(threat_effect * log_threat + effect * (outside - 1.0) - calm)


@equation
def fallen_next(fallen, u, risk, repair):
    """(11b) the cease-fire falls with the hazard of (11) and is restored with z_r; coupled as (5a)."""
    falls = 1.0 if u < risk else 0.0
    stays = 0.0 if u >= 1.0 - repair else 1.0
    return stays if fallen == 1.0 else falls


@equation
def lognormal_noise(z, spread):
    """A positive number of mean 1 whose log has standard deviation `spread`."""
    return exp(spread * z - 0.5 * spread * spread)


@equation
def logistic(x):
    """1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + exp(-x))
