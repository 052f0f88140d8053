"""What gets through the crossings in a week, what of it reaches people, and what is rebuilt?

Equations 6 (crossings and convoys) and 7 (unmet need, debris, homes).
"""

from contingent.mission.compiled import exp, jit, jit_internal
from contingent.mission.draws import U_CROSSING, uniforms
from contingent.mission.eq02_violence import USUAL_TOLL, regime_factor
from contingent.mission.state import BATCH_WIDTH


@jit
def is_open(open_before, u, closing, opening):
    """(6a) a crossing shuts with probability p_s' and reopens with p_o; coupled as (5a)."""
    opens = 1.0 if u >= 1.0 - opening else 0.0
    stays = 0.0 if u < closing else 1.0
    return stays if open_before == 1.0 else opens


@jit
def closing_rate(rate, toll, toll_effect, regime, presence, presence_effect):
    """(6b) p_s' = p_s regime exp(c_R (v - v_u) - b_P q_cross), `toll` v - v_u and regime as in (2b); never above 1."""
    return min(1.0, rate * regime * exp(toll_effect * toll - presence_effect * presence))


@jit
def convoy_loss(floor, peak, cover, escorted, need, toll, toll_effect):
    """(6c) l = l_min + (l_max - l_min)(1 - k)(1 - q_aid)(1 - (1 - N**2) exp(-c_L v)).

    Loss is worst where need is worst, where most people are killed, and where nobody guards.
    """
    danger = 1.0 - (1.0 - need * need) * exp(-toll_effect * toll)
    return floor + max(0.0, peak - floor) * (1.0 - cover) * (1.0 - escorted) * danger


@jit
def unmet_need(before, met, speed):
    """(7a) N' = N + a_N (max(0, 1 - delivered / needed) - N)."""
    return before + speed * (max(0.0, 1.0 - met) - before)


@jit
def debris_work(alone, cover, open_share, capacity):
    """(7b) share of the debris fleet at work: (u_D + (1 - u_D) max(k, q_aid, q_clear)) open share (1 + C)/2.

    A sector then loses min(debris, 7 d n_D x its share of the debris x this), tonnes a week.
    """
    return (alone + (1.0 - alone) * cover) * open_share * 0.5 * (1.0 + capacity)


@jit
def homes_rebuilt(cleared, rebuilt, rate, open_share):
    """(7c) b_H (homes on cleared ground - rebuilt) open share: homes follow the debris with a lag."""
    return max(0.0, rate * (cleared - rebuilt) * open_share)


@jit_internal
def turn(crossings, numbers, h, q, key, week):
    """Open and shut the crossings for this week; trucks a week that the open ones could take."""
    for i in range(BATCH_WIDTH):
        h.z[i] = closing_rate(
            q.closing_rate[i], h.toll[i] - USUAL_TOLL, q.closing_threat[i],
            regime_factor(h.fallen[i], h.fights_at_start[i], q.fallen_closing[i]), h.cross[i], q.crossing_presence[i],
        )  # fmt: skip
    for j in range(len(crossings)):
        x = crossings[j]
        uniforms(x.u, key, week, numbers[j], U_CROSSING)
        for i in range(BATCH_WIDTH):
            x.gate[i] = is_open(x.gate[i], x.u[i], h.z[i], q.opening_rate[i])
            h.full[i] += x.gate[i] * x.capacity[i]
    for i in range(BATCH_WIDTH):
        h.crossings_open[i] = h.full[i] / h.able[i] if h.able[i] > 0.0 else 1.0


@jit_internal
def dispatch(crossings, serves, sectors, h, q):
    """Let through what waits, as far as the open crossings can, and send it to the people in need they serve.

    Where nobody served wants anything the trucks turn back, as do those that find the queue full.
    """
    for i in range(BATCH_WIDTH):
        able = h.full[i] * (q.throughput_floor[i] + (1.0 - q.throughput_floor[i]) * h.capacity[i])
        h.passed[i] = min(h.queue[i] + h.arrivals[i], able)
    for d in range(len(sectors)):
        s = sectors[d]
        for i in range(BATCH_WIDTH):
            s.wanting[i] = s.weight[i] * s.need[i]
    for j in range(len(crossings)):
        x = crossings[j]
        for i in range(BATCH_WIDTH):
            h.p[i] = 0.0
        for d in range(len(sectors)):
            if serves[j, d] > 0.0:
                s = sectors[d]
                for i in range(BATCH_WIDTH):
                    h.p[i] += s.wanting[i]
        for i in range(BATCH_WIDTH):
            through = x.gate[i] * x.capacity[i] / max(h.full[i], 1e-9) * h.passed[i]
            h.so_far[i] = through / h.p[i] if h.p[i] > 0.0 else 0.0
            h.used[i] += through if h.p[i] > 0.0 else 0.0
        for d in range(len(sectors)):
            if serves[j, d] > 0.0:
                s = sectors[d]
                for i in range(BATCH_WIDTH):
                    s.sent[i] += h.so_far[i] * s.wanting[i]
    for i in range(BATCH_WIDTH):
        waiting = h.queue[i] + h.arrivals[i]
        h.queue[i] = min(waiting - h.passed[i], q.queue_weeks[i] * h.arrivals[i])
        h.trucks_turned_back[i] = max(0.0, waiting - h.used[i] - h.queue[i])


@jit_internal
def relief(s, h, q):
    """Equations 6c and 7: what reaches people of what was sent, and how debris gives way to homes."""
    for i in range(BATCH_WIDTH):
        share = convoy_loss(
            q.convoy_loss_floor[i], q.convoy_loss_peak[i], s.cover[i], s.cover_aid[i], s.need[i], s.toll[i],
            q.convoy_toll[i],
        )  # fmt: skip
        lost = share * s.sent[i]
        delivered = s.sent[i] - lost
        needed = h.arrivals[i] * s.weight[i]
        if needed > 0.0:
            s.need[i] = unmet_need(s.need[i], delivered / needed, h.aided[i] * q.need_response[i])
        s.total_trucks_lost[i] += lost
        s.total_trucks_delivered[i] += delivered
        h.trucks_lost[i] += lost
        h.trucks_delivered[i] += delivered
    for i in range(BATCH_WIDTH):
        s.total_unmet_need_weeks[i] += s.need[i]
        h.need[i] += s.need[i] * s.weight[i]
    for i in range(BATCH_WIDTH):
        working = debris_work(
            q.debris_alone[i], max(s.cover[i], s.cover_aid[i], s.cover_clear[i]), h.crossings_open[i], h.capacity[i]
        )
        part = s.debris_start[i] / max(h.debris_at_start[i], 1e-9)
        removed = min(s.debris[i], 7.0 * q.debris_per_truck_day[i] * q.debris_fleet[i] * part * working)
        s.debris[i] -= removed
        h.debris_removed[i] += removed
    for i in range(BATCH_WIDTH):
        gone = 1.0 - s.debris[i] / s.debris_start[i] if s.debris_start[i] > 0.0 else 1.0
        built = homes_rebuilt(s.homes[i] * gone, s.rebuilt[i], q.rebuilding_rate[i], h.crossings_open[i])
        s.rebuilt[i] += built
        h.homes_rebuilt[i] += built
