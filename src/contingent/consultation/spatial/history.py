"""What the model says will happen to everyone's position, turn by turn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from contingent.consultation.spatial.model import DEFAULT, Model
from contingent.consultation.spatial.table import Table
from contingent.consultation.spatial.turns import MOST_TURNS, outcome, play
from contingent.labels import ISSUE, STAKEHOLDER

TURN = "turn"


@dataclass(frozen=True, slots=True)
class History:
    """The states of one run of the model: state 0 is the table's, state `turns` the one at rest.

    `position`, `ideal` (state, stakeholder, issue) from 0 to 100; `chance` (state, stakeholder) is the
    probability of the position each holds. `log` (turn, stakeholder, 6): whom it challenges (-1 nobody),
    with which odds and gain; initiator and receiver of the bargain it keeps, and that bargain's probability.
    """

    table: Table
    model: Model
    position: NDArray[np.float64]
    ideal: NDArray[np.float64]
    chance: NDArray[np.float64]
    log: NDArray[np.float64]

    @property
    def turns(self) -> int:
        """Turns taken until the model stopped."""
        return len(self.log)

    @property
    def order(self) -> NDArray[np.int64]:
        """The order in which the model took the stakeholders."""
        return order_of(self.table, self.model)

    @property
    def expected(self) -> NDArray[np.float64]:
        """Expected outcome on every issue, 0 to 100: final positions weighted by their probability; (issue,)."""
        return expected(self.position[-1][self.order], self.chance[-1][self.order])

    @property
    def mode(self) -> NDArray[np.float64]:
        """The most probable final position; (issue,)."""
        return self.position[-1][int(np.argmax(self.chance[-1]))]

    @property
    def mean(self) -> NDArray[np.float64]:
        """The capability x salience weighted mean of the final positions; (issue,)."""
        weight = self.table.capability[:, None] * self.table.salience
        return (weight * self.position[-1]).sum(0) / np.maximum(weight.sum(0), 1e-300)

    def labelled(self) -> xr.Dataset:
        """Positions, ideals and probabilities as a Dataset over turn, stakeholder and issue."""
        coords = {
            TURN: np.arange(len(self.position)),
            STAKEHOLDER: list(self.table.names),
            ISSUE: list(self.table.issues),
        }
        return xr.Dataset(
            {
                "position": ((TURN, STAKEHOLDER, ISSUE), self.position),
                "ideal": ((TURN, STAKEHOLDER, ISSUE), self.ideal),
                "chance": ((TURN, STAKEHOLDER), self.chance),
            },
            coords=coords,
        )


def expected(position: NDArray[np.float64], chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Positions (N, D) weighted by the probability of each distinct one; stakeholders who share one count once."""
    seen: list[int] = []
    for i in range(len(position)):
        if not any(np.linalg.norm(position[i] - position[h]) < 0.1 for h in seen):
            seen.append(i)
    weight = chance[seen]
    return (weight[:, None] * position[seen]).sum(0) / weight.sum()


def order_of(table: Table, model: Model) -> NDArray[np.int64]:
    """KTAB takes stakeholders as they are listed; the corrected model in an order of their own."""
    return table.canonical if model.compat == "corrected" else np.arange(len(table.names))


def simulate(table: Table, model: Model = DEFAULT, *, seed: int = 0) -> History:
    """Play the model to its rest. `seed` matters only where `StateTransitions` is `Stochastic`.

    In corrected mode stakeholders are first put into an order of their own (by what they weigh and want), so
    that the order in which they were written down changes nothing.
    """
    order = order_of(table, model)
    back = np.argsort(order)
    capability = np.ascontiguousarray(table.capability[order])
    salience = np.ascontiguousarray(table.salience[order] / 100)
    start = np.ascontiguousarray(table.position[order] / 100)
    pull = np.ascontiguousarray(table.accommodation[np.ix_(order, order)])
    count, issues = start.shape
    states, ideals = np.empty((MOST_TURNS + 1, count, issues)), np.empty((MOST_TURNS + 1, count, issues))
    logs = np.empty((MOST_TURNS, count, 6))
    codes = model.codes
    moving = not np.array_equal(pull, np.eye(count))
    turns = play(codes, capability, salience, start, pull, moving, seed, states, ideals, logs)
    chance, risk = np.empty((turns + 1, count)), np.empty(count)
    for state in range(turns + 1):
        outcome(codes, capability, salience, ideals[state], states[state], chance[state], risk)
    log = logs[:turns, back].copy()
    for column in (0, 3, 4):
        who = log[:, :, column].astype(np.int64)
        log[:, :, column] = np.where(who < 0, -1, order[who])
    return History(
        table,
        model,
        100 * states[: turns + 1, back],
        100 * ideals[: turns + 1, back],
        chance[:, back],
        log,
    )
