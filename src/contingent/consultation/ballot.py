"""How likely a body says yes, exactly: the distribution of a sum of weighted votes under a shared shock.

A member votes yes when `wish + sqrt(shared) Z + sqrt(1 - shared) e > 0` with standard normal Z, common
to all, and e, its own (one-factor probit, Vasicek 2002), so that every member's probability alone is
Phi(wish). Given Z members are independent and the seats for yes have an exact distribution by
convolution; Z is integrated by Gauss-Hermite quadrature. Nothing is simulated.
"""

from __future__ import annotations

from math import erfc, sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(21)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


def carried(
    wish: NDArray[np.float64], seats: NDArray[np.float64], shared: NDArray[np.float64], quota: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Probability that more than the share `quota` of the seats votes yes, or all of them where quota is 1.

    Shapes: `wish` and `seats` (run, member), `shared` and `quota` (run,) -> (run,). Seats are rounded
    to whole ones and a member casts all of its seats one way.
    """
    whole = np.rint(seats).astype(np.int64)
    return _carried(np.ascontiguousarray(wish), whole, np.clip(shared, 0.0, 0.999), quota, NODES, WEIGHTS)


def unanimous(wish: NDArray[np.float64], shared: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability that every member says yes; `wish` (run, member), `shared` (run,) -> (run,)."""
    return carried(wish, np.ones_like(wish), shared, np.ones(len(wish)))


@njit(cache=True, nogil=True)
def _carried(wish, seats, shared, quota, nodes, weights):
    runs, members = wish.shape
    out = np.zeros(runs)
    for run in range(runs):
        total = 0
        for member in range(members):
            total += seats[run, member]
        if total == 0:
            out[run] = 1.0
            continue
        needed = min(int(np.floor(quota[run] * total + 1e-9)) + 1, total)
        common, own = sqrt(shared[run]), sqrt(2.0 * (1.0 - shared[run]))
        mass = np.zeros(total + 1)
        for node in range(len(nodes)):
            mass[:] = 0.0
            mass[0] = 1.0
            reached = 0
            for member in range(members):
                yes = 0.5 * erfc(-(wish[run, member] + common * nodes[node]) / own)
                size = seats[run, member]
                for k in range(reached, -1, -1):
                    mass[k + size] += mass[k] * yes if size else 0.0
                    if size:
                        mass[k] *= 1.0 - yes
                reached += size
            tail = 0.0
            for k in range(needed, total + 1):
                tail += mass[k]
            out[run] += weights[node] * tail
    return out
