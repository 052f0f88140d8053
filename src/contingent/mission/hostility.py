"""What attacks cost the force, and which contributors take their troops home for it (equations 4 and 10)."""

from __future__ import annotations

from numba import njit

from contingent.mission import equations as eq
from contingent.mission.draws import U_SIZE, U_VICTIMS, log_one_more, power_tailed, uniform

MOST_ATTACKS = 63  # attacks a week that are told apart; a mean of 20 a week exceeds it once in 10^13 weeks


@njit(cache=True, nogil=True)
def suffer(key, week, attacks, strength, troops, tail, largest, dead, shock, sensitivity, run):
    """Spread the attacks of a week over the contributors by their strength; own deaths in all of them.

    `dead` (contributor) grows, `shock` (contributor) is the loss of home support they cause (equation 10a).
    """
    lost = 0
    for a in range(min(attacks, MOST_ATTACKS)):
        mark = uniform(key, week, 0, U_VICTIMS + a) * troops
        size = power_tailed(uniform(key, week, 0, U_SIZE + a), tail, largest)
        for c in range(len(strength)):
            mark -= strength[c]
            if mark < 0.0:
                killed = min(size, int(max(1.0, strength[c])))
                shock[c] += sensitivity[run, c] * (log_one_more(dead[c] + killed) - log_one_more(dead[c]))
                dead[c] += killed
                lost += killed
                break
    return lost


@njit(cache=True, nogil=True)
def leave(home, home_start, shock, hazard, threshold, present, strength, week, left, run, rate, slope, reference, back):
    """Move home support on by a week and take home whom the accumulated hazard has reached; whether anybody left.

    Leaving at the first week in which the summed hazard passes an exponential threshold drawn once a run
    is the exact inversion of the weekly hazard, and couples the options closely.
    """
    gone = False
    for c in range(len(home)):
        if present[c] == 0.0:
            continue
        if shock[c] != 0.0 or home[c] != home_start[run, c]:
            home[c] = eq.home_support(home[c], home_start[run, c], shock[c], back)
            shock[c] = 0.0
        if strength[c] > 0.0:
            hazard[c] += eq.leaving_hazard(rate, slope, reference, home[c])
            if hazard[c] >= threshold[c]:
                present[c] = 0.0
                left[run, c] = week + 1
                gone = True
    return gone
