"""What one run of the mission is, week after week: the equations in their order, compiled.

State of last week enters every equation of this week, so no equation waits for another. Runs are taken
in blocks of lanes. With NUMBA_DISABLE_JIT=1 the same functions run as plain Python.
"""

from __future__ import annotations

import numpy as np

from contingent.mission.arithmetic import exp, log
from contingent.mission.block import LANES
from contingent.mission.compiled import equation, inner
from contingent.mission.deployment import arrive, cover, muster, schedule
from contingent.mission.draws import START, U_CONSENT_START, U_CROSSING_START, U_LEAVES, WHOLE, run_key, uniform
from contingent.mission.hostility import attacks, home_front, risk_at
from contingent.mission.passage import dispatch, turn
from contingent.mission.politics import ceasefire, consent, governing_body, outside_fire
from contingent.mission.sector import backing, disarmament, relief, violence


@inner
def begin(h, q, key, sectors, crossings, contributors, who, weight_alone):
    """The first day: what the theatre adds up to, and where every state starts that does not start at 0."""
    for i in range(LANES):
        h.threat[i] = 1.0
        h.capacity[i], h.legitimacy[i] = q.capacity_at_start[i], q.legitimacy_at_start[i]
        h.start_odds[i] = log(q.legitimacy_at_start[i] / (1.0 - q.legitimacy_at_start[i]))
        h.odds[i] = h.start_odds[i]
        h.consent[i] = 1.0 if uniform(key[i], START, WHOLE, U_CONSENT_START) < q.consent_share[i] else 0.0
        for d in range(len(sectors)):
            s = sectors[d]
            h.people[i] += s.population[i]
            h.armed_at_start[i] += s.armed_start[i]
            h.debris_at_start[i] += s.debris_start[i]
        for d in range(len(sectors)):
            s = sectors[d]
            s.weight[i] = s.population[i] / h.people[i] if h.people[i] > 0.0 else weight_alone
            s.armed[i], s.weapons[i], s.need[i], s.debris[i] = (
                s.armed_start[i], s.weapons_start[i], s.need_start[i], s.debris_start[i],
            )  # fmt: skip
            s.support[i] = q.support_at_start[i]
            h.need_at_start[i] += s.need[i] * s.weight[i]
        h.fading[i] = exp(-q.leaving_slope[i] * q.home_recovery[i])
        h.usual_events[i] = q.event_rate[i] * h.armed_at_start[i] * 0.001
        for j in range(len(crossings)):
            x = crossings[j]
            x.gate[i] = 1.0 if uniform(key[i], START, j, U_CROSSING_START) < x.opened[i] else 0.0
            h.able[i] += x.capacity[i]
        for c in range(len(contributors)):
            one = contributors[c]
            one.present[i], one.home[i], one.left[i] = 1.0, one.home_start[i], np.nan
            one.risk[i] = risk_at(one.home[i], q, i)
            one.least_risk[i] = one.risk[i]
            one.threshold[i] = -log(uniform(key[i], START, who[c], U_LEAVES))


@equation
def run_blocks(
    seed_key, runs, first, last, parameters, history, sectors, crossings, contributors,
    flat_parameters, flat_history, flat_sectors, flat_crossings, flat_contributors,
    key, here, force, touched, due, following, moved,
    theta, place, gates, people, neighbours, serves, scalars,
    who, when, pledge, change, delivered, delay, owner,
    weekly, totals, shares, trace,
):  # fmt: skip
    """Simulate the runs from `first` to `last` (exclusive) into weekly, totals and shares.

    In: theta (parameter, run); place (run, sector, 6); gates (run, crossing, 2) capacity and probability of being
    open; people (run, contributor, 2) home support and sensitivity; scalars (run, 2) arrivals and mean attack size;
    who (contributor) its number in the scenario, the same for every option;
    when, pledge, change as `deployment.changes`; delivered, delay (run, pledge); owner (pledge).
    Out: weekly (series, week, run); totals (field, sector, run) all fields of the sector's record at the end;
    shares (field, contributor, run) all fields of the contributor's; trace (week, sector, field) and its last
    sector, the theatre's record, for the run `first` unless it has no weeks.
    """
    weeks, series = weekly.shape[1], weekly.shape[0]
    h, q = history[0], parameters[0]
    alone = 1.0 / len(sectors)
    for a in range(first, last, LANES):
        lanes = min(LANES, last - a)
        for records in (flat_history, flat_sectors, flat_crossings, flat_contributors):
            records.fill(0.0)
        for i in range(LANES):
            r = min(a + i, last - 1)  # lanes to spare repeat the last run and are thrown away
            key[i] = run_key(seed_key, runs[r])
            for k in range(theta.shape[0]):
                flat_parameters[0, k, i] = theta[k, r]
            for d in range(len(sectors)):
                for k in range(6):
                    flat_sectors[d, k, i] = place[r, d, k]
            for j in range(len(crossings)):
                flat_crossings[j, 0, i], flat_crossings[j, 1, i] = gates[r, j, 0], gates[r, j, 1]
            for c in range(len(contributors)):
                flat_contributors[c, 0, i], flat_contributors[c, 1, i] = people[r, c, 0], people[r, c, 1]
            moved[i] = False
            h.arrivals[i], h.attack_size[i] = scalars[r, 0], scalars[r, 1]
            schedule(due[i], following[i], when, pledge, delay[r], weeks)
        here.fill(0.0)
        force.fill(0.0)
        begin(h, q, key, sectors, crossings, contributors, who, alone)
        for week in range(weeks):
            for i in range(LANES):
                if moved[i]:
                    muster(here[i], force[i], touched, contributors, h, i)
                if due[i, week] >= 0:
                    arrive(
                        here[i], force[i], touched, due[i, week], following[i], pledge, change,
                        delivered[min(a + i, last - 1)], owner, contributors, h, i,
                    )  # fmt: skip
                if moved[i] or due[i, week] >= 0:
                    cover(force[i], touched, sectors, h, q, i)
                moved[i] = False
            outside_fire(h, q, key, week)
            consent(h, q, key, week)
            turn(crossings, h, q, key, week)
            dispatch(crossings, serves, sectors, h, q)
            for d in range(len(sectors)):
                s = sectors[d]
                for i in range(LANES):
                    s.near[i] = 0.0
                for e in range(len(sectors)):
                    if neighbours[d, e] > 0.0:
                        other = sectors[e]
                        for i in range(LANES):
                            s.near[i] += neighbours[d, e] * other.happened[i]
            for i in range(LANES):
                h.events[i], h.civilian_deaths[i], h.disarmed[i], h.weapons[i], h.armed[i] = 0.0, 0.0, 0.0, 0.0, 0.0
                h.trucks_delivered[i], h.trucks_lost[i], h.need[i], h.support[i], h.expected[i] = (
                    0.0,
                    0.0,
                    0.0,
                    0.0,
                    0.0,
                )
                h.debris_removed[i], h.homes_rebuilt[i], h.ceasefire[i] = 0.0, 0.0, 1.0 - h.fallen[i]
            for d in range(len(sectors)):
                s = sectors[d]
                violence(s, h, q, key, week, d)
                disarmament(s, h, q, key, week, d)
                relief(s, h, q)
                backing(s, h, q)
            for i in range(LANES):
                h.gone[i] += h.disarmed[i]
            attacks(contributors, h, q, key, week)
            home_front(contributors, moved, h, q, week)
            governing_body(h, q, key, week)
            ceasefire(h, q, key, week)
            for j in range(series):
                for i in range(lanes):
                    weekly[j, week, a + i] = flat_history[0, j, i]
            if a == first and trace.shape[0] > 0:
                for k in range(trace.shape[2]):
                    for d in range(len(sectors)):
                        if k < flat_sectors.shape[1]:
                            trace[week, d, k] = flat_sectors[d, k, 0]
                    if k < flat_history.shape[1]:
                        trace[week, len(sectors), k] = flat_history[0, k, 0]
        for d in range(len(sectors)):
            for k in range(totals.shape[0]):
                for i in range(lanes):
                    totals[k, d, a + i] = flat_sectors[d, k, i]
        for c in range(len(contributors)):
            for k in range(shares.shape[0]):
                for i in range(lanes):
                    shares[k, c, a + i] = flat_contributors[c, k, i]
