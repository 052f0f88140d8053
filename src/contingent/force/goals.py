"""What a plan strives for, as prices in its objective.

In falling order, far apart enough that a lower goal never outweighs a person of a higher one. All are judgements.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import shake_128

import numpy as np

SALT = "tie 2"  # any will do

CRITICAL, SHORT = 100.0, 1.0  # a person below the minimum, below what is wanted, for a period
COST = 0.05  # a person of the dearest pledge at work for a period
DOUBT, NAME = 0.5, 0.1  # of a pledge sure to fail, of the last by name; beside the dearest pledge's cost
ASKED = 0.2  # a person who serves by leave of the capital
PRESENCE = 2.0  # one more contributor in a sector for a period
MOVED = 1e-3  # a person who travels: nobody comes who is not to serve
UNCOVERED = 0.2  # a person in a sector beyond what units of support cover
TIE = {"who": 0.3, "use": 0.01, "a": 0.01, "common": 0.01, "short": 1e-3, "uncovered": 1e-3, "b": 0.1, "x": 0.01}
"""At most, by the variable that counts units or persons: the last goal, which makes the optimum unique. `who` is of a
unit in every period alike, so that nobody is exchanged for somebody as good on the way."""


def by_name(names: Iterable[str], count: int) -> np.ndarray:
    """Generic numbers in 0..1 that depend on a name alone: with them as prices no two plans cost the same.

    They are bits of SHAKE-128 (FIPS 202), so no order in which anything is written matters, nor any library's release.

    Args:
        names: what the numbers belong to, such as a pledge's id.
        count: numbers a name.

    Returns:
        an array of shape (name, count).
    """
    bits = [np.frombuffer(shake_128(f"{SALT} {name}".encode()).digest(4 * count), "<u4") for name in names]
    return np.array(bits, float).reshape(-1, count) / 2.0**32
