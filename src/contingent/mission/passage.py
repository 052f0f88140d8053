"""What gets through the crossings in a week, and to which sectors it goes (equation 6)."""

from __future__ import annotations

from contingent.mission import equations as eq
from contingent.mission.block import LANES
from contingent.mission.compiled import inner
from contingent.mission.draws import U_CROSSING, uniforms


@inner
def turn(crossings, h, q, key, week):
    """Open and shut the crossings for this week; trucks a week that the open ones could take."""
    for i in range(LANES):
        h.z[i] = eq.closing_rate(
            q.closing_rate[i], h.threat[i], q.closing_threat[i], h.fallen[i], q.fallen_closing[i], h.cross[i],
            q.crossing_presence[i],
        )  # fmt: skip
        h.full[i] = 0.0
    for j in range(len(crossings)):
        x = crossings[j]
        uniforms(x.u, key, week, j, U_CROSSING)
        for i in range(LANES):
            x.gate[i] = eq.is_open(x.gate[i], x.u[i], h.z[i], q.opening_rate[i])
            h.full[i] += x.gate[i] * x.capacity[i]
    for i in range(LANES):
        h.crossings_open[i] = h.full[i] / h.able[i] if h.able[i] > 0.0 else 1.0


@inner
def dispatch(crossings, serves, sectors, h, q):
    """Let through what waits, as far as the open crossings can, and send it to the people in need they serve.

    Where nobody served wants anything the trucks turn back, as do those that find the queue full.
    """
    for i in range(LANES):
        able = h.full[i] * (q.throughput_floor[i] + (1.0 - q.throughput_floor[i]) * h.capacity[i])
        h.passed[i] = min(h.queue[i] + h.arrivals[i], able)
        h.used[i] = 0.0
    for d in range(len(sectors)):
        s = sectors[d]
        for i in range(LANES):
            s.wanting[i] = s.weight[i] * s.need[i]
            s.sent[i] = 0.0
    for j in range(len(crossings)):
        x = crossings[j]
        for i in range(LANES):
            h.p[i] = 0.0
        for d in range(len(sectors)):
            if serves[j, d] > 0.0:
                s = sectors[d]
                for i in range(LANES):
                    h.p[i] += s.wanting[i]
        for i in range(LANES):
            through = x.gate[i] * x.capacity[i] / max(h.full[i], 1e-9) * h.passed[i]
            h.so_far[i] = through / h.p[i] if h.p[i] > 0.0 else 0.0
            h.used[i] += through if h.p[i] > 0.0 else 0.0
        for d in range(len(sectors)):
            if serves[j, d] > 0.0:
                s = sectors[d]
                for i in range(LANES):
                    s.sent[i] += h.so_far[i] * s.wanting[i]
    for i in range(LANES):
        waiting = h.queue[i] + h.arrivals[i]
        h.queue[i] = min(waiting - h.passed[i], q.queue_weeks[i] * h.arrivals[i])
        h.trucks_turned_back[i] = max(0.0, waiting - h.used[i] - h.queue[i])
