"""What a plan strives for, as prices in its objective.

In falling order, far apart enough that a lower goal never outweighs a person of a higher one. All are judgements.
"""

from __future__ import annotations

CRITICAL, SHORT = 100.0, 1.0  # a person below the minimum, below what is wanted, for a period
COST = 0.05  # a person of the dearest pledge at work for a period
DOUBT, NAME = 0.5, 0.1  # of a pledge sure to fail, of the last by name; beside the dearest pledge's cost
ASKED = 0.2  # a person who serves by leave of the capital
PRESENCE = 2.0  # one more contributor in a sector for a period
MOVED = 1e-3  # a person who travels: nobody comes who is not to serve
UNCOVERED = 0.2  # a person in a sector beyond what units of support cover
