"""What simple rules say a table of stakes adds up to; always shown together, for none is best everywhere.

On decided EU issues the weighted mean is the best point forecast and the elections on initial positions
give the better distribution (docs/methods/consultation.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from contingent.consultation.expected_utility import challenge_rounds
from contingent.consultation.spatial.challenges import distances
from contingent.consultation.spatial.model import Model, Table
from contingent.consultation.spatial.pce import elect

ELECTIONS = ("Conditional", "MarkovUniform", "MarkovIncentive")


@dataclass(frozen=True, slots=True)
class Aggregates:
    """One point on every issue, (issue,) from 0 to 100, by every rule.

    `elections` holds for each variant of the probabilistic Condorcet election the expected point;
    `chances` (variant -> (stakeholder,)) the probability of each stakeholder's position.
    """

    mean: NDArray[np.float64]
    median: NDArray[np.float64]
    nash: NDArray[np.float64]
    challenge: NDArray[np.float64]
    elections: dict[str, NDArray[np.float64]]
    chances: dict[str, NDArray[np.float64]]


def aggregate(table: Table, *, rounds: int = 10) -> Aggregates:
    """Every rule on one table; each is free of the order of the stakeholders."""
    weight = table.capability[:, None] * table.salience
    chances = {name: election(table, name) for name in ELECTIONS}
    return Aggregates(
        mean=weighted_mean(table.position, weight),
        median=np.array([weighted_median(table.position[:, k], weight[:, k]) for k in range(len(table.issues))]),
        nash=nash(table),
        challenge=np.array([_challenge(table, k, rounds) for k in range(len(table.issues))]),
        elections={name: spread(table, chance) for name, chance in chances.items()},
        chances=chances,
    )


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
    if abs(below[at] - 0.5) < 1e-12 and at + 1 < len(x):
        return float((x[at] + x[at + 1]) / 2)
    return float(x[at])


def election(table: Table, variant: str, *, victory: str = "Linear", rule: str = "Prop") -> NDArray[np.float64]:
    """Probability (N,) that a position wins among the distinct ones; those who share one share its number."""
    model = Model(PCEModel=variant, VictoryProbModel=victory, VotingRule=rule)
    order = table.canonical
    position = np.ascontiguousarray(table.position[order]) / 100
    salience = np.ascontiguousarray(table.salience[order]) / 100
    places, member = np.unique(position, axis=0, return_inverse=True)
    distance = np.empty((len(position), len(places)))
    distances(salience, position, np.ascontiguousarray(places), distance)
    weight = table.capability[order] * salience.sum(1)
    p = np.empty(len(places))
    elect(model.codes, weight if weight.sum() > 0 else table.capability[order], 1 - distance, len(places), p)
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
    found = minimize(
        loss, start, jac=True, bounds=[(0, 1)] * position.shape[1], method="L-BFGS-B", options={"ftol": 1e-14}
    )
    return 100 * found.x


def _challenge(table: Table, issue: int, rounds: int) -> float:
    """The median after some rounds of the challenge model on one issue, in an order of its own."""
    order = table.canonical
    salience = table.salience[order, issue] / 100
    if not (table.capability[order] * salience).sum() > 0:
        return float(np.median(table.position[:, issue]))
    return float(
        challenge_rounds(table.capability[order], salience, table.position[order, issue], rounds=rounds).median[-1]
    )
