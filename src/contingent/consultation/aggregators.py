"""What do simple rules say a table of stakes adds up to?

Weighted mean and median, Nash bargaining, Condorcet elections, and Bueno de Mesquita's expected utility model in the
published reading of Scholz, Calbert & Smith 2011, doi:10.1177/0951629811418143: on one issue stakeholders challenge
each other and confront, compromise or give in. Which forecasts best where: docs/methods/consultation.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from contingent.consultation.spatial.challenges import distances
from contingent.consultation.spatial.model import Model, Table
from contingent.consultation.spatial.pce import elect

ELECTIONS = ("Conditional", "MarkovUniform", "MarkovIncentive")


def aggregate(table: Table) -> dict[str, NDArray[np.float64]]:
    """One point on every issue, (issue,) from 0 to 100, by every rule's name; free of the order of stakeholders.

    Of each of `ELECTIONS`, the variants of the probabilistic Condorcet election, it is the expected point.
    """
    weight = table.capability[:, None] * table.salience
    each = range(len(table.issues))
    return {
        "weighted_mean": weighted_mean(table.position, weight),
        "weighted_median": np.array([weighted_median(table.position[:, k], weight[:, k]) for k in each]),
        "nash_bargaining": nash(table), "challenge_model": np.array([_challenge(table, k) for k in each]),
        **{name: spread(table, election(table, name)) for name in ELECTIONS},
    }  # fmt: skip


def weighted_mean(position: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Capability x salience weighted mean on every issue; unweighted where nobody cares. (N, D) -> (D,)."""
    total = weight.sum(0)
    return np.where(total > 0, (weight * position).sum(0) / np.where(total > 0, total, 1), position.mean(0))


def weighted_median(position: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """The position with half of the weight on either side; the middle of two where it falls between them."""
    order = np.argsort(position, kind="stable")
    x, w = position[order], weight[order]
    if not w.sum() > 0:
        w = np.ones_like(w)
    below = np.cumsum(w) / w.sum()
    at = int(np.searchsorted(below, 0.5 - 1e-12))
    even = abs(below[at] - 0.5) < 1e-12 and at + 1 < len(x)
    return float((x[at] + x[at + 1]) / 2 if even else x[at])


def election(table: Table, variant: str) -> NDArray[np.float64]:
    """Probability (N,) that a position wins among the distinct ones; those who share one share its number."""
    order = table.canonical
    position = np.ascontiguousarray(table.position[order]) / 100
    salience = np.ascontiguousarray(table.salience[order]) / 100
    places, member = np.unique(position, axis=0, return_inverse=True)
    distance = np.empty((len(position), len(places)))
    distances(salience, position, np.ascontiguousarray(places), distance)
    weight = table.capability[order] * salience.sum(1)
    p = np.empty(len(places))
    weight = weight if weight.sum() > 0 else table.capability[order]
    elect(Model(PCEModel=variant).codes, weight, 1 - distance, len(places), p)
    chance = np.empty(len(position))
    chance[order] = p[member.ravel()]
    return chance


def spread(table: Table, chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Positions weighted by the probability of each distinct one; (issue,)."""
    places, first = np.unique(table.position, axis=0, return_index=True)
    return chance[first] @ places / chance[first].sum()


def nash(table: Table) -> NDArray[np.float64]:
    """The asymmetric Nash bargaining solution: the point that maximizes sum_i c_i S_i log(utility_i).

    Utility is 1 - distance and no agreement is worth nothing to anyone (Schneider, Finke & Bailer 2010,
    doi:10.1111/j.1467-9248.2009.00784.x, weigh by salience). Strictly concave, hence one solution.
    """
    position, salience = table.position / 100, table.salience / 100
    weight = table.capability * salience.sum(1)
    weight = weight / weight.sum() if weight.sum() > 0 else np.full(len(weight), 1 / len(weight))
    square = salience**2
    scale = np.where(square.sum(1) > 0, square.sum(1), 1.0)

    def loss(x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        away = x - position
        d = np.sqrt((square * away**2).sum(1) / scale + 1e-12)
        u = np.maximum(1 - d, 1e-9)
        gradient = ((weight / u / d / scale)[:, None] * square * away).sum(0)
        return float(-(weight * np.log(u)).sum()), gradient

    start = weighted_mean(position, table.capability[:, None] * salience)
    within = [(0, 1)] * position.shape[1]
    return 100 * minimize(loss, start, jac=True, bounds=within, method="L-BFGS-B", options={"ftol": 1e-14}).x


def _challenge(table: Table, issue: int) -> float:
    """The median after ten rounds of the challenge model on one issue, in an order of its own."""
    order = table.canonical
    capability, salience = table.capability[order], table.salience[order, issue] / 100
    if not (capability * salience).sum() > 0:
        return float(np.median(table.position[:, issue]))
    x = table.position[order, issue]
    contest = Contest(capability, salience, float(np.ptp(x)) or 1.0)
    after, _ = next(islice(contest.rounds(x), 10, None))
    return contest.median(after)


@dataclass(frozen=True, slots=True)
class Contest:
    """Who challenges whom on one issue: capability (N,), salience (N,) from 0 to 1, which is also the probability that
    a challenge is resisted, and the width of the scale of positions (N,).
    """

    capability: NDArray[np.float64]
    salience: NDArray[np.float64]
    width: float

    def rounds(self, x: NDArray[np.float64]) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """Positions and exponents of the utilities, each (N,), round after round without end; those given first."""
        exponent = np.ones(len(x))
        while True:
            yield x, exponent
            exponent = self.attitude(x)
            x = moved(self.gains(x, exponent), x)

    def preferences(self, x: NDArray, exponent: NDArray) -> NDArray[np.float64]:
        """Votes of k for i's position over j's: capability x salience x difference of distances; (k, i, j)."""
        away = (np.abs(x[:, None] - x[None]) / self.width) ** exponent[:, None]
        return (self.capability * self.salience)[:, None, None] * (away[:, None, :] - away[:, :, None])

    def gains(self, x: NDArray, exponent: NDArray) -> NDArray[np.float64]:
        """Expected utility to i of challenging j, as a sees it; (a, i, j). Without a challenge nothing changes.

        The chance of success divides by all votes on all pairs, as in Scholz's program: the paper says otherwise,
        but its published rounds are only met this way.
        """
        votes = self.preferences(x, exponent)
        total = np.abs(votes).sum()
        odds = np.maximum(votes, 0).sum(0) / total if total > 0 else np.zeros((len(x), len(x)))
        half = 0.5 * np.abs(x[:, None] - x[None]) / self.width
        r = exponent[:, None, None]
        won, lost, idle = 2 - 4 * (0.5 - half) ** r, 2 - 4 * (0.5 + half) ** r, 2 - 4 * 0.5**r
        return self.salience * (odds * won + (1 - odds) * lost) + (1 - self.salience) * won - idle

    def attitude(self, x: NDArray) -> NDArray[np.float64]:
        """Exponents of the utilities (N,): below 1 seeks risk, above 1 avoids it; by how endangered a position is."""
        even = self.gains(x, np.ones(len(x)))[0]
        danger = even.sum(0) - np.diag(even)
        low, high = danger.min(), danger.max()
        if not high > low:
            return np.ones(len(x))
        risk = (2 * danger - high - low) / (high - low)
        return (1 - risk / 3) / (1 + risk / 3)

    def median(self, x: NDArray) -> float:
        """The position that beats every other in a vote by capability x salience x difference of distances."""
        winner, *others = np.unique(x)
        for place in others:
            nearer = np.abs(x - winner) - np.abs(x - place)
            if (self.capability * self.salience * nearer).sum() / self.width > 0:
                winner = place
        return float(winner)


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
