"""What gets through the crossings in a week, and to which sectors it goes (equation 6)."""

from __future__ import annotations

from numba import njit

from contingent.mission import equations as eq
from contingent.mission.draws import U_CROSSING, uniform


@njit(cache=True, nogil=True)
def turn(key, week, gate, capacity, run, closing, opening):
    """Open and shut the crossings for this week; trucks a week that the open ones could take."""
    full = 0.0
    for i in range(len(gate)):
        gate[i] = eq.is_open(gate[i], uniform(key, week, i, U_CROSSING), closing, opening)
        full += gate[i] * capacity[run, i]
    return full


@njit(cache=True, nogil=True)
def dispatch(sent, passed, full, gate, capacity, serves, wanting, run):
    """Send the trucks that passed to the sectors their crossing serves, by people in need; trucks into `sent` (sector).

    Where nobody served wants anything the trucks turn back. Returns how many were sent.
    """
    sent[:] = 0.0
    whole = 0.0
    if passed <= 0.0:
        return whole
    for i in range(len(gate)):
        through = gate[i] * capacity[run, i] / full * passed
        if through > 0.0:
            wanted = 0.0
            for d in range(len(sent)):
                wanted += serves[i, d] * wanting[d]
            if wanted > 0.0:
                each = through / wanted
                for d in range(len(sent)):
                    sent[d] += each * serves[i, d] * wanting[d]
                whole += through
    return whole
