"""What one run of the mission is, week after week: the equations in their order, compiled.

A plain loop over runs, weeks and sectors. State of last week enters every equation of this week, so
no equation waits for another. With NUMBA_DISABLE_JIT=1 the same functions run as plain Python.
"""

from __future__ import annotations

from math import log

import numpy as np
from numba import njit

from contingent.mission import equations as eq
from contingent.mission.deployment import AID, ALL, CROSS, DISARM, GOVERN, PATROL, add_up, arrive, schedule, strengths
from contingent.mission.draws import (
    U_ATTACKS,
    U_CEASEFIRE,
    U_CIVILIANS,
    U_CONSENT,
    U_CONSENT_START,
    U_CROSSING_START,
    U_EVENTS,
    U_LEAVES,
    U_OUTSIDE,
    Z_INTENSITY,
    Z_LEGITIMACY,
    Z_PACE,
    log_one_more,
    negative_binomial,
    normal,
    poisson,
    run_key,
    uniform,
)  # fmt: skip
from contingent.mission.hostility import leave, suffer
from contingent.mission.passage import dispatch, turn

SERIES = (
    "events", "civilian_deaths", "outside_deaths", "own_deaths", "disarmed", "weapons", "trucks_delivered",
    "trucks_lost", "need", "debris_removed", "homes_rebuilt", "support", "legitimacy", "capacity", "ceasefire",
    "crossings_open", "coverage", "troops", "consent", "armed", "queue", "trucks_turned_back",
)  # fmt: skip
TOTALS = (
    "events", "civilian_deaths", "disarmed", "weapons", "recruited", "trucks_delivered", "trucks_lost",
    "debris_removed", "homes_rebuilt", "unmet_need_weeks", "armed", "weapons_left", "need", "support",
)  # fmt: skip
TRACED = ("heat", "force_effect", "support", "need", "expected_events", "events", "armed", "trucks_sent", "coverage")
MOST_THREAT, LEAST_THREAT = 10.0, 0.01  # violence beside the start counts between a hundredth and tenfold
MOST_OUTSIDE = 5.0  # a week of outside fire counts at most fivefold its expectation
LN2 = 0.6931471805599453


@njit(cache=True, nogil=True)
def run_block(
    seed_key, runs, theta, place, neighbours, capacity, serves, opened, arrivals, attack_size,
    when, pledge, change, delivered, delay, owner, home_start, sensitivity,
    weekly, totals, deaths, left, home_end, trace,
):  # fmt: skip
    """Simulate a block of runs into the arrays given.

    In: runs (run) their numbers; theta (run) parameters; place (run, sector) as `ground.PLACE`; neighbours
    (sector, sector) shares; capacity (run, crossing) trucks a week, serves (crossing, sector), opened (run, crossing)
    probability of being open at first; arrivals (run) trucks a week; attack_size (run) mean deaths an attack;
    when, pledge (change), change (change, channel, sector) as `deployment.changes`; delivered, delay (run, pledge);
    owner (pledge) its contributor; home_start, sensitivity (run, contributor).
    Out: weekly (run, week, series), totals (run, sector, total), deaths, left, home_end (run, contributor), and
    trace (week, sector, traced) of the block's first run, unless it has no weeks.
    """
    weeks, sectors = weekly.shape[1], totals.shape[1]
    crossings, contributors = serves.shape[0], home_start.shape[1]
    heat, armed, weapons = np.zeros(sectors), np.zeros(sectors), np.zeros(sectors)
    need, debris, backing = np.zeros(sectors), np.zeros(sectors), np.zeros(sectors)
    rebuilt, events, echo = np.zeros(sectors), np.zeros(sectors), np.zeros(sectors)
    cover, cover_disarm, cover_aid = np.zeros(sectors), np.zeros(sectors), np.zeros(sectors)
    sent, wanting, weight, gate = np.zeros(sectors), np.zeros(sectors), np.zeros(sectors), np.zeros(crossings)
    present, home, threshold = np.zeros(contributors), np.zeros(contributors), np.zeros(contributors)
    hazard, dead, shock = np.zeros(contributors), np.zeros(contributors), np.zeros(contributors)
    strength, here = np.zeros(contributors), np.zeros((contributors, 6, sectors))
    force, due, following = np.zeros((6, sectors)), np.zeros(weeks, np.int64), np.zeros(len(when), np.int64)
    totals[:] = 0.0

    for r in range(len(runs)):
        q = theta[r]
        key = run_key(seed_key, runs[r])
        people, debris_start, armed_start, need_start, able = 0.0, 0.0, 0.0, 0.0, 0.0
        for d in range(sectors):
            people += place[r, d].population
        for d in range(sectors):
            at = place[r, d]
            heat[d], events[d], rebuilt[d] = 0.0, 0.0, 0.0
            armed[d], weapons[d], need[d], debris[d] = at.armed, at.weapons, at.need, at.debris
            backing[d], cover[d], cover_disarm[d], cover_aid[d] = q.support_at_start, 0.0, 0.0, 0.0
            weight[d] = at.population / people if people > 0.0 else 1.0 / sectors
            debris_start += at.debris
            armed_start += at.armed
            need_start += need[d] * weight[d]
        for c in range(contributors):
            present[c], home[c], dead[c], hazard[c], shock[c] = 1.0, home_start[r, c], 0.0, 0.0, 0.0
            threshold[c], left[r, c] = -log(uniform(key, 0, c, U_LEAVES)), np.nan
        for i in range(crossings):
            gate[i] = 1.0 if uniform(key, 0, i, U_CROSSING_START) < opened[r, i] else 0.0
            able += capacity[r, i]
        here[:], force[:] = 0.0, 0.0
        schedule(due, following, when, pledge, delay, r, weeks)
        start_odds = log(q.legitimacy_at_start / (1.0 - q.legitimacy_at_start))
        odds, legitimacy, governing = start_odds, q.legitimacy_at_start, q.capacity_at_start
        consent = 1.0 if uniform(key, 0, 0, U_CONSENT_START) < q.consent_share else 0.0
        stalled = min(1.0, q.pace_stalled * (1.0 + (q.coerced_pace - 1.0) * q.coercion))
        fallen, queue, disarmed_all, log_threat, threat = 0.0, 0.0, 0.0, 0.0, 1.0
        support_mean, need_mean, usual_events = q.support_at_start, need_start, q.event_rate * armed_start * 0.001
        tonnes, special = q.debris_per_truck_day * 7.0 * q.debris_fleet, q.coverage_scale * q.special_scale
        govern, cross, cover_mean, troops = 0.0, 0.0, 0.0, 0.0
        moved = False

        for w in range(weeks):
            # (1) coverage, where the force has changed
            if arrive(here, force, due, following, pledge, change, delivered, owner, present, r, w) or moved:
                troops = strengths(here, strength, present)
                govern_force, cross_force, cover_mean = 0.0, 0.0, 0.0
                for d in range(sectors):
                    population = place[r, d].population
                    secure = q.side_presence * force[ALL, d] + (1.0 - q.side_presence) * force[PATROL, d]
                    cover[d] = eq.coverage(secure, population, q.coverage_scale)
                    cover_disarm[d] = eq.coverage(force[DISARM, d], population, special)
                    cover_aid[d] = eq.coverage(force[AID, d], population, special)
                    cover_mean += cover[d] * weight[d]
                    govern_force += force[GOVERN, d]
                    cross_force += force[CROSS, d]
                govern = eq.coverage(govern_force, people, special)
                cross = eq.coverage(cross_force, people, special)
                moved = False

            # (3) outside fire
            outside, outside_ratio = 0, 1.0
            if q.outside_rate > 0.0:
                gone = min(1.0, disarmed_all / armed_start) if armed_start > 0.0 else 0.0
                mean = eq.expected_outside_deaths(q.outside_rate, q.outside_response, gone, fallen, q.fallen_outside)
                outside = negative_binomial(uniform(key, w, 0, U_OUTSIDE), mean, q.outside_dispersion)
                outside_ratio = outside / q.outside_rate
            outside_shock = q.support_outside_deaths * (log(1.0 + outside_ratio) - LN2)

            # (5a) consent
            consent = eq.consents(consent, uniform(key, w, 0, U_CONSENT), q.consent_share, q.consent_spell)
            pace = q.pace_consented if consent == 1.0 else stalled
            clash = q.coercion * (1.0 - consent)
            calming = q.force_share * q.force_effect * 0.5 * (1.0 + legitimacy)

            # (6) crossings and the queue before them
            closing = eq.closing_rate(
                q.closing_rate, threat, q.closing_threat, fallen, q.fallen_closing, cross, q.crossing_presence
            )
            full = turn(key, w, gate, capacity, r, closing, q.opening_rate)
            open_share = full / able if able > 0.0 else 1.0
            waiting = queue + arrivals[r]
            passed = min(waiting, full * (q.throughput_floor + (1.0 - q.throughput_floor) * governing))
            for d in range(sectors):
                wanting[d] = weight[d] * need[d]
                near = 0.0
                for e in range(sectors):
                    near += neighbours[d, e] * events[e]
                echo[d] = near
            used = dispatch(sent, passed, full, gate, capacity, serves, wanting, r)
            queue = min(waiting - passed, q.queue_weeks * arrivals[r])
            turned_back = waiting - used - queue

            # sectors: (2) violence, (5) disarmament, (6c) loss, (7) aid and rebuilding, (9) support
            all_events, all_killed, all_disarmed, all_weapons, all_lost, all_sent = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            all_debris, all_homes, expected, all_armed, support_mean, need_mean = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            for d in range(sectors):
                at = place[r, d]
                z = normal(uniform(key, w, d, Z_INTENSITY))
                heat[d] = eq.intensity(heat[d], q.intensity_memory, q.intensity_noise, z)
                effects = (
                    heat[d]
                    - calming * cover[d]
                    - q.support_effect * (backing[d] - q.support_at_start)
                    + q.need_effect * (need[d] - at.need)
                    + q.confrontation * clash * cover_disarm[d]
                )
                mean = eq.expected_events(
                    armed[d], q.event_rate, effects, fallen, q.fallen_events, echo[d], q.spill_over, q.event_ceiling
                )
                n = negative_binomial(uniform(key, w, d, U_EVENTS), mean, q.event_dispersion)
                killed = poisson(uniform(key, w, d, U_CIVILIANS), q.civilian_deaths_per_event * n) if n > 0 else 0
                events[d] = n

                x, given, joined = 0.0, 0.0, 0.0
                if cover_disarm[d] > 0.0 and armed[d] > 0.0:
                    noise = eq.lognormal_noise(normal(uniform(key, w, d, Z_PACE)), q.pace_noise)
                    x = eq.disarmed(armed[d], pace, legitimacy, cover_disarm[d], q.pace_half, noise)
                    given = min(weapons[d], q.weapons_per_disarmed * x)
                if killed + outside > 0:
                    near = killed + outside * weight[d]
                    joined = eq.recruits(near, q.recruits_per_death, armed[d], q.armed_ceiling * at.armed)
                armed[d] += joined - x
                weapons[d] -= given

                share = eq.convoy_loss(q.convoy_loss_floor, q.convoy_loss_peak, cover[d], cover_aid[d], need[d])
                needed = arrivals[r] * weight[d]
                met = sent[d] * (1.0 - share) / needed if needed > 0.0 else 1.0
                need[d] = eq.unmet_need(need[d], met, q.need_response)
                removed, built = 0.0, 0.0
                if at.debris > 0.0:
                    working = eq.debris_work(q.debris_alone, max(cover[d], cover_aid[d]), open_share, governing)
                    removed = min(debris[d], tonnes * at.debris / debris_start * working)
                    debris[d] -= removed
                    built = eq.homes_rebuilt(
                        at.homes * (1.0 - debris[d] / at.debris), rebuilt[d], q.rebuilding_rate, open_share
                    )
                    rebuilt[d] += built
                target = (
                    q.support_at_start
                    + q.support_need * (at.need - need[d])
                    + q.support_presence * cover[d]
                    + q.support_legitimacy * (legitimacy - q.legitimacy_at_start)
                    - q.support_civilian_deaths * log_one_more(killed)
                    - outside_shock
                    - q.support_coercion * clash * cover_disarm[d]
                )
                backing[d] = eq.support(backing[d], target, q.support_speed)

                expected += mean
                all_events += n
                all_killed += killed
                all_disarmed += x
                all_weapons += given
                all_lost += sent[d] * share
                all_sent += sent[d]
                all_debris += removed
                all_homes += built
                all_armed += armed[d]
                support_mean += backing[d] * weight[d]
                need_mean += need[d] * weight[d]
                totals[r, d, 0] += n
                totals[r, d, 1] += killed
                totals[r, d, 2] += x
                totals[r, d, 3] += given
                totals[r, d, 4] += joined
                totals[r, d, 5] += sent[d] * (1.0 - share)
                totals[r, d, 6] += sent[d] * share
                totals[r, d, 9] += need[d]
                if r == 0 and trace.shape[0] > 0:
                    trace[w, d, 0], trace[w, d, 1], trace[w, d, 2] = heat[d], -calming * cover[d], backing[d]
                    trace[w, d, 3], trace[w, d, 4], trace[w, d, 5] = need[d], mean, n
                    trace[w, d, 6], trace[w, d, 7], trace[w, d, 8] = armed[d], sent[d], cover[d]
            disarmed_all += all_disarmed

            # (4) own losses in clustered attacks, (10) home front
            lost = 0
            if troops > 0.0:
                mean = eq.expected_attacks(
                    troops, q.attack_risk, attack_size[r], log_threat, q.threat_elasticity,
                    support_mean - q.support_at_start, q.support_shield,
                )  # fmt: skip
                attacks = poisson(uniform(key, w, 0, U_ATTACKS), mean)
                if attacks > 0:
                    lost = suffer(
                        key, w, attacks, strength, troops, q.attack_tail, q.attack_largest, dead, shock, sensitivity, r
                    )
                moved = leave(
                    home, home_start, shock, hazard, threshold, present, strength, w, left, r,
                    q.leaving_rate, q.leaving_slope, q.leaving_reference, q.home_recovery,
                )  # fmt: skip
                if moved:
                    add_up(here, force, present)

            # (8) governing body
            threat = (
                min(MOST_THREAT, max(LEAST_THREAT, expected / usual_events)) if usual_events > 0.0 else LEAST_THREAT
            )
            log_threat = log(threat)
            governing = eq.governing_capacity(governing, q.capacity_at_start, govern, legitimacy, q.capacity_speed)
            odds = eq.legitimacy_log_odds(
                odds, start_odds, q.legitimacy_speed, need_start - need_mean, q.legitimacy_need, govern,
                q.legitimacy_presence, log_threat, q.legitimacy_threat,
                q.legitimacy_noise * normal(uniform(key, w, 0, Z_LEGITIMACY)),
            )  # fmt: skip
            legitimacy = eq.logistic(odds)

            out = (
                all_events, all_killed, float(outside), float(lost), all_disarmed, all_weapons, all_sent - all_lost,
                all_lost, need_mean, all_debris, all_homes, support_mean, legitimacy, governing, 1.0 - fallen,
                open_share, cover_mean, troops, consent, all_armed, queue, turned_back,
            )  # fmt: skip
            for j in range(len(out)):
                weekly[r, w, j] = out[j]

            # (11) cease-fire
            risk = q.repair_rate
            if fallen == 0.0:
                risk = eq.collapse_hazard(
                    q.collapse_rate, w, q.collapse_age, q.collapse_decay, log_threat, q.collapse_threat,
                    q.force_share * cover_mean, q.collapse_presence, min(MOST_OUTSIDE, outside_ratio),
                    q.collapse_outside,
                )  # fmt: skip
            if uniform(key, w, 0, U_CEASEFIRE) < risk:
                fallen = 1.0 - fallen

        for d in range(sectors):
            totals[r, d, 7], totals[r, d, 8] = place[r, d].debris - debris[d], rebuilt[d]
            totals[r, d, 10], totals[r, d, 11] = armed[d], weapons[d]
            totals[r, d, 12], totals[r, d, 13] = need[d], backing[d]
        for c in range(contributors):
            deaths[r, c], home_end[r, c] = dead[c], home[c]
