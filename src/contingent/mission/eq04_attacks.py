"""What do attacks cost the force, and who takes its troops home for it?

Equations 4 (attacks in clusters, by the level of violence around the force, from inside and outside) and 10 (support at
home, and the hazard of leaving).
"""

from contingent.mission import draws
from contingent.mission.compiled import exp, jit, jit_internal, log
from contingent.mission.eq01_coverage import NOBODY
from contingent.mission.eq02_violence import USUAL_SUPPORT
from contingent.mission.state import BATCH_WIDTH

WEEKS_A_YEAR = 365.25 / 7
USUAL_DEATHS = 288.0
"""Deaths by violence a year around a force at which the mean rate of UN missions, `attack_risk`, holds; with the slope
`threat_elasticity` by benchmarks/freeze_threat.py (mission-years of UN missions 1990-2017 beside UCDP's deaths)."""
LOG_USUAL = 5.666426688112432  # ln(1 + USUAL_DEATHS)


@jit
def danger(deaths):
    """(4a) ln(1 + D): the level of violence around the force, from inside and outside, D `deaths` a week counted as a
    year's.
    """
    return log(1.0 + WEEKS_A_YEAR * deaths)


@jit
def expected_attacks(troops, risk, mean_deaths, level, elasticity, shield):
    """(4b) attacks on the force in a week: F h / 52,000 / E[deaths an attack] ((1 + D)/(1 + D_0))**zeta exp(-shield).

    `shield` is b_A (S - S_u) + b_G ([consent] - 1/2); `level` ln(1 + D).
    """
    return troops * risk / 52_178.57 / mean_deaths * exp(elasticity * (level - LOG_USUAL) - shield)


@jit
def attackers_near(armed, half, outside):
    """(4c) A/(A + A_0), or 1 - exp(-10 X) if that is more: where nobody is armed and nobody fires, nobody attacks."""
    return max(armed / (armed + half), 1.0 - exp(-10.0 * outside))


@jit
def home_support(before, start, shock, recovery):
    """(10a) H' = H - psi_c (increase of ln(1 + own dead)), then h_r back towards the start; within 0 to 1.

    A public may rally (psi_c below 0): the record of who went home does not say which (docs/methods/mission.md).
    """
    after = before - shock
    return max(0.0, min(1.0, min(start, after + recovery) if after < start else max(start, after - recovery)))


@jit
def leaving_hazard(rate, slope, reference, home):
    """(10b) w_0 exp(-b_H0 (H - H_ref)): chance a week that a contributor takes its troops home."""
    return rate * exp(-slope * (home - reference))


@jit_internal
def attacks(contributors, h, q, key, week):
    """Equation 4: attacks on the force in clusters, spread over the contributors by their strength."""
    for i in range(BATCH_WIDTH):
        h.level[i] = danger(h.deaths_expected[i] + h.outside_expected[i])
    for i in range(BATCH_WIDTH):
        shielded = q.support_shield[i] * (h.support[i] - USUAL_SUPPORT) + q.consent_shield[i] * (h.consent[i] - 0.5)
        h.rate[i] = expected_attacks(
            h.troops[i], q.attack_risk[i], h.attack_size[i], h.level[i], q.threat_elasticity[i], shielded
        ) * attackers_near(h.armed[i], q.attackers[i], h.outside_expected[i])  # fmt: skip
    draws.uniforms(h.u, key, week, draws.WHOLE, draws.U_ATTACKS)
    draws.poissons(h.attacks, h.u, h.rate, h.p, h.so_far)
    for i in range(BATCH_WIDTH):
        if h.attacks[i] > 0.0:
            for a in range(int(h.attacks[i])):
                row, at = a // draws.ATTACKS, a % draws.ATTACKS
                mark = draws.uniform(key[i], week, row, draws.U_VICTIMS + at) * h.troops[i]
                size = draws.power_tailed(
                    draws.uniform(key[i], week, row, draws.U_SIZE + at), q.attack_tail[i], q.attack_largest[i]
                )
                h.own_deaths[i] += strike(contributors, q, mark, size, i)


@jit_internal
def strike(contributors, q, mark, size, i):
    """One attack in run i on the contributor whose troops stand at `mark`; how many die."""
    for c in range(len(contributors)):
        one = contributors[c]
        mark -= one.strength[i]
        if mark < 0.0:
            killed = min(size, max(1.0, one.strength[i] // 1.0))
            shock = one.sensitivity[i] * (log(1.0 + one.dead[i] + killed) - log(1.0 + one.dead[i]))
            one.dead[i] += killed
            one.home[i] = home_support(one.home[i], one.home_start[i], shock, 0.0)
            one.risk[i] = risk_at(one.home[i], q, i)
            return killed
    return 0.0


@jit_internal
def risk_at(home, q, i):
    """Equation 10b with the parameters of run i."""
    return leaving_hazard(q.leaving_rate[i], q.leaving_slope[i], q.leaving_reference[i], home)


@jit_internal
def home_front(contributors, departed, h, q, week):
    """Equation 10: home support moves on by a week; whom the accumulated hazard has reached goes home.

    Leaving in the first week in which the summed hazard passes an exponential threshold drawn once a run
    is the exact inversion of the weekly hazard, and couples the options closely. A constant step back towards
    the start changes the hazard by a constant factor, so no exponential is needed from week to week.
    """
    for c in range(len(contributors)):
        one = contributors[c]
        for i in range(BATCH_WIDTH):
            one.home[i] = home_support(one.home[i], one.home_start[i], 0.0, q.home_recovery[i])
            one.risk[i] = (
                max(one.least_risk[i], one.risk[i] * h.fading[i])
                if one.risk[i] > one.least_risk[i]
                else min(one.least_risk[i], one.risk[i] / h.fading[i])
            )
            one.hazard[i] += one.risk[i] if one.strength[i] > NOBODY else 0.0
        reached = 0
        for i in range(BATCH_WIDTH):
            reached += 1 if one.hazard[i] >= one.threshold[i] else 0
        if reached > 0:
            for i in range(BATCH_WIDTH):
                if one.hazard[i] >= one.threshold[i] and one.present[i] == 1.0:
                    one.present[i] = 0.0
                    one.left[i] = week + 1
                    departed[i] = True
