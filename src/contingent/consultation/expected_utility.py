"""What does Bueno de Mesquita's expected utility model say, in the published reading of Scholz and others?

Rounds of challenges on one issue.

Scholz, Calbert & Smith 2011, doi:10.1177/0951629811418143. Stakeholders challenge each other and confront, compromise
or give in. Kept beside the other aggregators for comparison: on 351 decided EU issues it forecasts less well than the
weighted mean (docs/methods/consultation.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Rounds:
    """`position` and `exponent` (round, stakeholder), round 0 being the input; `median` and `mean` (round,)."""

    position: NDArray[np.float64]
    exponent: NDArray[np.float64]
    median: NDArray[np.float64]
    mean: NDArray[np.float64]


def challenge_rounds(
    capability: NDArray[np.float64],
    salience: NDArray[np.float64],
    position: NDArray[np.float64],
    *,
    rounds: int = 10,
    status_quo: float = 1.0,
    risk: bool = True,
) -> Rounds:
    """Play some rounds.

    Args:
        capability: (N,), any positive scale.
        salience: (N,), 0 to 1: also the probability that a challenge is resisted.
        position: (N,), any scale.
        rounds: how many.
        status_quo: Q, the probability that nothing changes without a challenge.
        risk: whether attitudes to risk are taken from how endangered one's position is.
    """
    x = np.array(position, dtype=float)
    width = float(np.ptp(x)) or 1.0
    exponent = np.ones(len(x))
    states, exponents = [x], [exponent]
    for _ in range(rounds):
        if risk:
            exponent = attitude(capability, salience, x, width, status_quo)
        x = moved(gains(capability, salience, x, exponent, width, status_quo), x)
        states.append(x)
        exponents.append(exponent)
    weight = capability * salience
    return Rounds(
        np.array(states),
        np.array(exponents),
        np.array([condorcet_median(capability, salience, s, width) for s in states]),
        np.array([(weight * s).sum() / weight.sum() for s in states]),
    )


def preferences(
    capability: NDArray, salience: NDArray, x: NDArray, exponent: NDArray, width: float
) -> NDArray[np.float64]:
    """Votes of k for i's position over j's: capability x salience x difference of distances; (k, i, j)."""
    away = (np.abs(x[:, None] - x[None]) / width) ** exponent[:, None]
    return (capability * salience)[:, None, None] * (away[:, None, :] - away[:, :, None])


def gains(
    capability: NDArray, salience: NDArray, x: NDArray, exponent: NDArray, width: float, status_quo: float
) -> NDArray[np.float64]:
    """Expected utility to i of challenging j, as a sees it; (a, i, j).

    The chance of success divides by all votes on all pairs, as in Scholz's program: the paper says otherwise,
    but its published rounds are only met this way.
    """
    votes = preferences(capability, salience, x, exponent, width)
    total = np.abs(votes).sum()
    odds = np.maximum(votes, 0).sum(0) / total if total > 0 else np.zeros((len(x), len(x)))
    half = 0.5 * np.abs(x[:, None] - x[None]) / width
    r = exponent[:, None, None]
    won, lost, idle = 2 - 4 * (0.5 - half) ** r, 2 - 4 * (0.5 + half) ** r, 2 - 4 * 0.5**r
    resisted = salience * (odds * won + (1 - odds) * lost)
    return resisted + (1 - salience) * won - status_quo * idle


def attitude(
    capability: NDArray, salience: NDArray, x: NDArray, width: float, status_quo: float
) -> NDArray[np.float64]:
    """Exponents of the utilities (N,): below 1 seeks risk, above 1 avoids it; from how endangered each position is."""
    even = gains(capability, salience, x, np.ones(len(x)), width, status_quo)[0]
    danger = even.sum(0) - np.diag(even)
    low, high = danger.min(), danger.max()
    if not high > low:
        return np.ones(len(x))
    risk = (2 * danger - high - low) / (high - low)
    return (1 - risk / 3) / (1 + risk / 3)


def moved(gain: NDArray, x: NDArray) -> NDArray[np.float64]:
    """Everyone's position after its best offer: a lost confrontation, else a compromise, else giving in."""
    after = x.copy()
    for i in range(len(x)):
        ours, theirs = gain[i, i], gain[i, :, i]
        other = x != x[i]
        strength, answer = np.abs(ours), np.abs(theirs)
        confront = other & (theirs > ours) & (ours > 0)
        yields = other & (theirs > 0) & (ours < 0)
        settle, give_in = yields & (theirs > strength), yields & (theirs < strength)
        if confront.any():
            after[i] = x[nearest(confront, np.abs(x - x[i]))]
        elif settle.any():
            # Scholz's program takes the compromise whose weighted middle is lowest; kept for the published rounds
            middle = (strength * x[i] + answer * x) / np.maximum(strength + answer, 1e-300)
            j = nearest(settle, middle)
            after[i] = x[i] + (x[j] - x[i]) * strength[j] / answer[j]
        elif give_in.any():
            after[i] = x[nearest(give_in, np.abs(x - x[i]))]
    return after


def nearest(allowed: NDArray[np.bool_], key: NDArray) -> int:
    """The first of those allowed with the smallest key."""
    return int(np.argmin(np.where(allowed, key, np.inf)))


def condorcet_median(capability: NDArray, salience: NDArray, x: NDArray, width: float) -> float:
    """The position that beats every other in a vote by capability x salience x difference of distances."""
    places = np.unique(x)
    winner = places[0]
    weight = capability * salience
    for place in places[1:]:
        if (weight * (np.abs(x - winner) - np.abs(x - place))).sum() / width > 0:
            winner = place
    return float(winner)
