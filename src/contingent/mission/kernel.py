"""What one run of the mission is, week after week: the equations in their order, compiled.

A plain loop over runs, weeks and sectors. State of last week enters every equation of this week, so
no equation waits for another. `run_block.py_func` is the same code as plain Python.
"""

from __future__ import annotations

from math import exp, log

import numpy as np
from numba import njit

from contingent.mission import equations as eq
from contingent.mission.draws import negative_binomial, normal, poisson, power_tailed, run_key, uniform

SERIES = (
    "events", "civilian_deaths", "outside_deaths", "own_deaths", "disarmed", "registered", "weapons",
    "trucks_delivered", "trucks_lost", "need", "debris_removed", "homes_rebuilt", "support", "legitimacy",
    "capacity", "cease_fire", "crossings_open", "coverage", "troops", "consent", "armed", "queue",
)  # fmt: skip
TOTALS = (
    "events", "civilian_deaths", "disarmed", "weapons", "recruited", "trucks_delivered", "trucks_lost",
    "debris_removed", "homes_rebuilt", "armed", "weapons_left", "need", "support",
)  # fmt: skip
SHARES = ("own_deaths", "withdrawal_week", "home_support")

Z_INTENSITY, U_EVENTS, U_CIVILIANS, Z_PACE = 0, 1, 2, 3
U_OUTSIDE, U_ATTACKS, U_CONSENT, Z_LEGITIMACY, U_CEASE_FIRE = 4, 5, 6, 7, 8
U_CROSSING, U_CROSSING_START, U_LEAVES, U_CONSENT_START = 9, 10, 11, 12
U_VICTIMS, U_SIZE = 64, 128  # one number an attack: at most 63 attacks a week are told apart
MOST_ATTACKS = 63
MOST_THREAT, LEAST_THREAT = 10.0, 0.01  # violence beside the start counts between a hundredth and tenfold
MOST_OUTSIDE = 5.0  # a week of outside fire counts at most fivefold its expectation

ALL, PATROL, DISARM, CROSS, AID, GOVERN = 0, 1, 2, 3, 4, 5
CHANNELS = ("all", "presence", "disarmament", "crossings", "aid", "governance")


@njit(cache=True, nogil=True)
def deploy(force, strength, planned, planned_strength, busy, delivered, delay, present, owner, first, run):
    """Add up what the pledges of the contributors still present put where from week `first` on (equation 1, F)."""
    weeks, sectors = force.shape[1], force.shape[2]
    force[:, first:] = 0.0
    strength[first:] = 0.0
    for p in range(planned.shape[0]):
        share = delivered[run, p]
        if present[owner[p]] == 0.0 or share == 0.0:
            continue
        late = delay[run, p]
        start = max(first, late)
        for c in range(force.shape[0]):
            if busy[p, c]:
                for w in range(start, weeks):
                    for d in range(sectors):
                        force[c, w, d] += share * planned[p, c, w - late, d]
        for w in range(start, weeks):
            strength[w, owner[p]] += share * planned_strength[p, w - late]


@njit(cache=True, nogil=True)
def run_block(
    seed_key, runs, theta, place, neighbours, capacity, serves, opened, arrivals, mean_size,
    planned, planned_strength, busy, delivered, delay, owner, home_start, sensitivity,
    weekly, totals, shares, trace,
):  # fmt: skip
    """Simulate a block of runs into the arrays given.

    runs (run) numbers of the runs; theta (run) parameters; place (run, sector) records population (thousands),
    need, debris (t), homes, armed, weapons; neighbours (sector, sector) 0/1 over the number of neighbours;
    capacity, opened (run, crossing) trucks a week and 0/1 probability of being open; serves (crossing, sector);
    arrivals (run) trucks a week; mean_size (run) deaths an attack; planned (pledge, channel, week, sector),
    planned_strength (pledge, week) persons; busy (pledge, channel); delivered, delay (run, pledge); owner (pledge)
    index of the contributor; home_start, sensitivity (run, contributor).
    Filled: weekly (run, week, series), totals (run, sector, total), shares (run, contributor, share),
    trace (week, sector, 8) for the first run of the block, if it has any weeks.
    """
    weeks, sectors = planned.shape[2], planned.shape[3]
    crossings, contributors = serves.shape[0], home_start.shape[1]
    heat, armed, weapons = np.zeros(sectors), np.zeros(sectors), np.zeros(sectors)
    need, debris, backing = np.zeros(sectors), np.zeros(sectors), np.zeros(sectors)
    rebuilt, events, echo = np.zeros(sectors), np.zeros(sectors), np.zeros(sectors)
    cover, cover_disarm, cover_aid = np.zeros(sectors), np.zeros(sectors), np.zeros(sectors)
    sent, gate = np.zeros(sectors), np.zeros(crossings)
    present, home, threshold, hazard = (np.zeros(contributors) for _ in range(4))
    dead = np.zeros(contributors)
    force, strength = np.zeros((6, weeks, sectors)), np.zeros((weeks, contributors))

    for r in range(len(runs)):
        q = theta[r]
        key = run_key(seed_key, runs[r])
        people, debris_start, armed_start = 0.0, 0.0, 0.0
        for d in range(sectors):
            at = place[r, d]
            heat[d], events[d], rebuilt[d] = 0.0, 0.0, 0.0
            armed[d], weapons[d], need[d], debris[d] = at.armed, at.weapons, at.need, at.debris
            backing[d] = q.support_at_start
            cover[d], cover_disarm[d], cover_aid[d] = 0.0, 0.0, 0.0
            people += at.population
            debris_start += at.debris
            armed_start += at.armed
            for t in range(totals.shape[2]):
                totals[r, d, t] = 0.0
        for c in range(contributors):
            present[c], home[c], dead[c], hazard[c] = 1.0, home_start[r, c], 0.0, 0.0
            threshold[c] = -log(uniform(key, 0, c, U_LEAVES))
            shares[r, c, 1] = np.inf
        able, full = 0.0, 0.0
        for i in range(crossings):
            gate[i] = 1.0 if uniform(key, 0, i, U_CROSSING_START) < opened[r, i] else 0.0
            able += capacity[r, i]
        deploy(force, strength, planned, planned_strength, busy, delivered, delay, present, owner, 0, r)

        start_odds = log(q.legitimacy_at_start / (1.0 - q.legitimacy_at_start))
        odds, legitimacy, governing = start_odds, q.legitimacy_at_start, q.capacity_at_start
        consent = 1.0 if uniform(key, 0, 0, U_CONSENT_START) < q.consent_share else 0.0
        fallen, queue, disarmed_all, log_threat, threat = 0.0, 0.0, 0.0, 0.0, 1.0
        support_mean, need_mean = q.support_at_start, 0.0
        for d in range(sectors):
            need_mean += need[d] * (place[r, d].population / people if people > 0.0 else 1.0 / sectors)
        need_start = need_mean
        usual_events = q.event_rate * armed_start * 0.001
        tonnes = q.debris_per_truck_day * 7.0 * q.debris_fleet
        govern, cross, govern_force, cross_force = 0.0, 0.0, 0.0, 0.0

        for w in range(weeks):
            out = weekly[r, w]
            # (1) coverage; recomputed only where the force has changed
            troops = 0.0
            for c in range(contributors):
                troops += strength[w, c] * present[c]
            new_govern, new_cross, cover_mean = 0.0, 0.0, 0.0
            for d in range(sectors):
                at = place[r, d]
                if w == 0 or force[ALL, w, d] != force[ALL, w - 1, d] or force[PATROL, w, d] != force[PATROL, w - 1, d]:
                    secure = q.side_presence * force[ALL, w, d] + (1.0 - q.side_presence) * force[PATROL, w, d]
                    cover[d] = eq.coverage(secure, at.population, q.coverage_scale)
                scale = q.coverage_scale * q.special_scale
                if w == 0 or force[DISARM, w, d] != force[DISARM, w - 1, d]:
                    cover_disarm[d] = eq.coverage(force[DISARM, w, d], at.population, scale)
                if w == 0 or force[AID, w, d] != force[AID, w - 1, d]:
                    cover_aid[d] = eq.coverage(force[AID, w, d], at.population, scale)
                new_govern += force[GOVERN, w, d]
                new_cross += force[CROSS, w, d]
                cover_mean += cover[d] * at.population
            cover_mean = cover_mean / people if people > 0.0 else 0.0
            if new_govern != govern_force:
                govern, govern_force = eq.coverage(new_govern, people, q.coverage_scale * q.special_scale), new_govern
            if new_cross != cross_force:
                cross, cross_force = eq.coverage(new_cross, people, q.coverage_scale * q.special_scale), new_cross

            # (3) outside fire
            gone = disarmed_all / armed_start if armed_start > 0.0 else 0.0
            calm_outside = eq.expected_outside_deaths(q.outside_rate, q.outside_response, min(1.0, gone), 0.0, 0.0)
            mean = calm_outside * (1.0 + q.fallen_outside * fallen)
            outside = negative_binomial(uniform(key, w, 0, U_OUTSIDE), mean, q.outside_dispersion) if mean > 0.0 else 0
            outside_ratio = outside / q.outside_rate if q.outside_rate > 0.0 else 1.0
            log_outside = log(1.0 + outside_ratio) - 0.6931471805599453

            # (5a) consent
            consent = eq.consents(consent, uniform(key, w, 0, U_CONSENT), q.consent_share, q.consent_spell)
            stalled = q.pace_stalled * (1.0 + (q.coerced_pace - 1.0) * q.coercion)
            pace = q.pace_consented if consent == 1.0 else min(1.0, stalled)
            force_now = q.force_share * q.force_effect * 0.5 * (1.0 + legitimacy)
            clash = q.confrontation * q.coercion * (1.0 - consent)

            # (6) crossings and queue
            closing = eq.closing_rate(
                q.closing_rate, threat, q.closing_threat, fallen, q.fallen_closing, cross, q.crossing_presence
            )
            full = 0.0
            for i in range(crossings):
                gate[i] = eq.is_open(gate[i], uniform(key, w, i, U_CROSSING), closing, q.opening_rate)
                full += gate[i] * capacity[r, i]
            open_share = full / able if able > 0.0 else 1.0
            through = full * (q.throughput_floor + (1.0 - q.throughput_floor) * governing)
            waiting = queue + arrivals[r]
            passed = min(waiting, through)
            queue = min(waiting - passed, q.queue_weeks * arrivals[r])
            for d in range(sectors):
                sent[d] = 0.0
            if passed > 0.0:
                for i in range(crossings):
                    if gate[i] * capacity[r, i] > 0.0:
                        wanting = 0.0
                        for d in range(sectors):
                            wanting += serves[i, d] * place[r, d].population * need[d]
                        share = passed * capacity[r, i] / full
                        if wanting > 0.0:
                            for d in range(sectors):
                                sent[d] += share * serves[i, d] * place[r, d].population * need[d] / wanting

            # sectors: (2) violence, (5) disarmament, (6c) loss, (7) aid and rebuilding, (9) support
            for d in range(sectors):
                near = 0.0
                for e in range(sectors):
                    near += neighbours[d, e] * events[e]
                echo[d] = near
            all_events, all_civilians, all_disarmed, all_weapons, all_lost, all_delivered = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            all_debris, all_homes, expected, all_armed = 0.0, 0.0, 0.0, 0.0
            support_sum, need_sum = 0.0, 0.0
            for d in range(sectors):
                at = place[r, d]
                weight = at.population / people if people > 0.0 else 1.0 / sectors
                heat[d] = eq.intensity(
                    heat[d], q.intensity_memory, q.intensity_noise, normal(uniform(key, w, d, Z_INTENSITY))
                )
                effects = (
                    heat[d]
                    - force_now * cover[d]
                    - q.support_effect * (backing[d] - q.support_at_start)
                    + q.need_effect * (need[d] - at.need)
                    + clash * cover_disarm[d]
                )
                mean = eq.expected_events(
                    armed[d], q.event_rate, effects, fallen, q.fallen_events, echo[d], q.spill_over, q.event_ceiling
                )
                expected += mean
                n = negative_binomial(uniform(key, w, d, U_EVENTS), mean, q.event_dispersion)
                killed = poisson(uniform(key, w, d, U_CIVILIANS), q.civilian_deaths_per_event * n) if n > 0 else 0
                events[d] = n

                x, given, joined = 0.0, 0.0, 0.0
                if armed[d] > 0.0:
                    if cover_disarm[d] > 0.0:
                        noise = eq.lognormal_noise(normal(uniform(key, w, d, Z_PACE)), q.pace_noise)
                        x = eq.disarmed(armed[d], pace, legitimacy, cover_disarm[d], q.pace_half, noise)
                        given = min(weapons[d], q.weapons_per_disarmed * x)
                    joined = eq.recruits(
                        killed + outside * weight, q.recruits_per_death, armed[d], q.armed_ceiling * at.armed
                    )
                armed[d] = armed[d] - x + joined
                weapons[d] -= given

                loss = sent[d] * eq.convoy_loss(
                    q.convoy_loss_floor, q.convoy_loss_peak, cover[d], cover_aid[d], need[d]
                )
                delivered_here = sent[d] - loss
                needed = arrivals[r] * weight
                need[d] = eq.unmet_need(need[d], delivered_here / needed if needed > 0.0 else 1.0, q.need_response)
                removed = eq.debris_removed(
                    debris[d], tonnes, at.debris / debris_start if debris_start > 0.0 else 0.0, q.debris_alone,
                    max(cover[d], cover_aid[d]), open_share, governing,
                )  # fmt: skip
                debris[d] -= removed
                cleared = at.homes * (1.0 - debris[d] / at.debris) if at.debris > 0.0 else at.homes
                built = eq.homes_rebuilt(cleared, rebuilt[d], q.rebuilding_rate, open_share)
                rebuilt[d] += built
                target = (
                    q.support_at_start
                    + q.support_need * (at.need - need[d])
                    + q.support_presence * cover[d]
                    + q.support_legitimacy * (legitimacy - q.legitimacy_at_start)
                    - (q.support_civilian_deaths * log(1.0 + killed) if killed > 0 else 0.0)
                    - q.support_outside_deaths * log_outside
                    - q.support_coercion * q.coercion * (1.0 - consent) * cover_disarm[d]
                )
                backing[d] = eq.support(backing[d], target, q.support_speed)

                all_events += n
                all_civilians += killed
                all_disarmed += x
                all_weapons += given
                all_lost += loss
                all_delivered += delivered_here
                all_debris += removed
                all_homes += built
                all_armed += armed[d]
                support_sum += backing[d] * weight
                need_sum += need[d] * weight
                sums = totals[r, d]
                sums[0] += n
                sums[1] += killed
                sums[2] += x
                sums[3] += given
                sums[4] += joined
                sums[5] += delivered_here
                sums[6] += loss
                sums[7] += removed
                sums[8] += built
                if r == 0 and trace.shape[0] > 0:
                    record = trace[w, d]
                    record[0], record[1], record[2], record[3] = heat[d], -force_now * cover[d], backing[d], need[d]
                    record[4], record[5], record[6], record[7] = mean, n, armed[d], sent[d]
            disarmed_all += all_disarmed
            support_mean, need_mean = support_sum, need_sum

            # (4) own losses, in clustered attacks
            lost = 0
            if troops > 0.0:
                mean = eq.expected_attacks(
                    troops, q.attack_risk, mean_size[r], log_threat, q.threat_elasticity,
                    support_mean - q.support_at_start, q.support_shield,
                )  # fmt: skip
                attacks = min(poisson(uniform(key, w, 0, U_ATTACKS), mean), MOST_ATTACKS)
                for a in range(attacks):
                    mark = uniform(key, w, 0, U_VICTIMS + a) * troops
                    size = power_tailed(uniform(key, w, 0, U_SIZE + a), q.attack_tail, q.attack_largest)
                    for c in range(contributors):
                        mark -= strength[w, c] * present[c]
                        if mark < 0.0 and present[c] == 1.0:
                            size = int(min(float(size), max(1.0, strength[w, c])))
                            before = dead[c]
                            dead[c] += size
                            lost += size
                            home[c] -= sensitivity[r, c] * (log(1.0 + dead[c]) - log(1.0 + before))
                            break

            # (10) home front
            changed = False
            for c in range(contributors):
                if present[c] == 0.0:
                    continue
                home[c] = eq.home_support(home[c], home_start[r, c], 0.0, 0.0, q.home_recovery)
                if strength[w, c] > 0.0:
                    hazard[c] += eq.leaving_hazard(q.leaving_rate, q.leaving_slope, q.leaving_reference, home[c])
                    if hazard[c] >= threshold[c]:
                        present[c] = 0.0
                        shares[r, c, 1] = w + 1
                        changed = True
            if changed and w + 1 < weeks:
                deploy(force, strength, planned, planned_strength, busy, delivered, delay, present, owner, w + 1, r)

            # (8) governing body
            threat = min(MOST_THREAT, max(LEAST_THREAT, expected / usual_events)) if usual_events > 0.0 else LEAST_THREAT
            log_threat = log(threat)
            governing = eq.governing_capacity(
                governing, q.capacity_at_start, govern, legitimacy, q.capacity_speed
            )
            odds = eq.legitimacy_log_odds(
                odds, start_odds, q.legitimacy_speed, need_start - need_mean, q.legitimacy_need, govern,
                q.legitimacy_presence, log_threat, q.legitimacy_threat,
                q.legitimacy_noise * normal(uniform(key, w, 0, Z_LEGITIMACY)),
            )  # fmt: skip
            legitimacy = eq.logistic(odds)

            # (11) cease-fire
            if fallen == 0.0:
                risk = eq.collapse_hazard(
                    q.collapse_rate, w, q.collapse_age, q.collapse_decay, log_threat, q.collapse_threat,
                    q.force_share * cover_mean, q.collapse_presence, min(MOST_OUTSIDE, outside_ratio),
                    q.collapse_outside,
                )  # fmt: skip
            else:
                risk = q.repair_rate
            holding = 1.0 - fallen
            if uniform(key, w, 0, U_CEASE_FIRE) < risk:
                fallen = 1.0 - fallen

            out[0], out[1], out[2], out[3] = all_events, all_civilians, outside, lost
            out[4], out[5], out[6] = all_disarmed, all_disarmed * q.register_inflation, all_weapons
            out[7], out[8], out[9], out[10] = all_delivered, all_lost, need_mean, all_debris
            out[11], out[12], out[13], out[14] = all_homes, support_mean, legitimacy, governing
            out[15], out[16], out[17], out[18] = holding, open_share, cover_mean, troops
            out[19], out[20], out[21] = consent, all_armed, queue

        for d in range(sectors):
            totals[r, d, 9] = armed[d]
            totals[r, d, 10] = weapons[d]
            totals[r, d, 11] = need[d]
            totals[r, d, 12] = backing[d]
        for c in range(contributors):
            shares[r, c, 0] = dead[c]
            shares[r, c, 2] = home[c]
