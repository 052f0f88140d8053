"""What attacks cost the force, and which contributors take their troops home for it (equations 4 and 10)."""

from __future__ import annotations

from contingent.mission import equations as eq
from contingent.mission.arithmetic import log
from contingent.mission.block import LANES
from contingent.mission.compiled import inner
from contingent.mission.draws import U_ATTACKS, U_SIZE, U_VICTIMS, WHOLE, power_tailed, rare_poissons, uniform, uniforms

MOST_ATTACKS = 63  # attacks a week that are told apart; a mean of 20 a week exceeds it once in 10^13 weeks


@inner
def attacks(contributors, h, q, key, week):
    """Equation 4: attacks on the force in clusters, spread over the contributors by their strength."""
    for i in range(LANES):
        h.rate[i] = eq.expected_attacks(
            h.troops[i], q.attack_risk[i], h.attack_size[i], h.log_threat[i], q.threat_elasticity[i],
            h.support[i] - q.support_at_start[i], q.support_shield[i],
        )  # fmt: skip
        h.own_deaths[i] = 0.0
    uniforms(h.u, key, week, WHOLE, U_ATTACKS)
    rare_poissons(h.attacks, h.u, h.rate, h.p)
    for i in range(LANES):
        if h.attacks[i] > 0.0:
            for a in range(min(int(h.attacks[i]), MOST_ATTACKS)):
                mark = uniform(key[i], week, WHOLE, U_VICTIMS + a) * h.troops[i]
                size = power_tailed(uniform(key[i], week, WHOLE, U_SIZE + a), q.attack_tail[i], q.attack_largest[i])
                h.own_deaths[i] += strike(contributors, q, mark, size, i)


@inner
def strike(contributors, q, mark, size, i):
    """One attack in run i on the contributor whose troops stand at `mark`; how many die."""
    for c in range(len(contributors)):
        one = contributors[c]
        mark -= one.strength[i]
        if mark < 0.0:
            killed = min(size, max(1.0, one.strength[i] // 1.0))
            shock = one.sensitivity[i] * (log(1.0 + one.dead[i] + killed) - log(1.0 + one.dead[i]))
            one.dead[i] += killed
            one.home[i] = eq.home_support(one.home[i], one.home_start[i], shock, 0.0)
            one.risk[i] = risk_at(one.home[i], q, i)
            return killed
    return 0.0


@inner
def risk_at(home, q, i):
    """Equation 10b with the parameters of run i."""
    return eq.leaving_hazard(q.leaving_rate[i], q.leaving_slope[i], q.leaving_reference[i], home)


@inner
def home_front(contributors, moved, h, q, week):
    """Equation 10: home support moves on by a week; whom the accumulated hazard has reached goes home.

    Leaving in the first week in which the summed hazard passes an exponential threshold drawn once a run
    is the exact inversion of the weekly hazard, and couples the options closely. Support regained by a
    constant step lowers the hazard by a constant factor, so no exponential is needed from week to week.
    """
    for c in range(len(contributors)):
        one = contributors[c]
        for i in range(LANES):
            one.home[i] = eq.home_support(one.home[i], one.home_start[i], 0.0, q.home_recovery[i])
            one.risk[i] = max(one.least_risk[i], one.risk[i] * h.fading[i])
            one.hazard[i] += one.risk[i] if one.strength[i] > eq.NOBODY else 0.0
        reached = 0
        for i in range(LANES):
            reached += 1 if one.hazard[i] >= one.threshold[i] else 0
        if reached > 0:
            for i in range(LANES):
                if one.hazard[i] >= one.threshold[i] and one.present[i] == 1.0:
                    one.present[i] = 0.0
                    one.left[i] = week + 1
                    moved[i] = True
