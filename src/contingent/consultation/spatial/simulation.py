"""What does the model say will happen to everyone's position, turn by turn, once or many times?

One history of the spatial model, and batches of them on several threads, the same bytes for any number of these.

Input uncertainty by Latin hypercube, and Sobol' indices. Every number is keyed by its stakeholder's and issue's names,
never by order, and drawn from the design's Latin hypercube. The indices are estimated on a scrambled Sobol' sequence:
base x (inputs + 2) histories.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.stats import qmc

from contingent.consultation.spatial.model import DEFAULT, Model, Table
from contingent.consultation.spatial.state_transitions import MOST_TURNS, SAME, position_probabilities, run_turns
from contingent.ensemble.design import Design
from contingent.ensemble.summary import SobolIndices, pick_and_freeze, sobol_indices


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


def pulls(table: Table, order: NDArray[np.int64]) -> tuple[NDArray[np.float64], bool]:
    """The accommodation matrix in an order of the stakeholders, and whether anybody's ideal moves."""
    pull = np.ascontiguousarray(table.accommodation[np.ix_(order, order)])
    return pull, not np.array_equal(pull, np.eye(len(order)))


def simulate(table: Table, model: Model = DEFAULT, *, seed: int = 0) -> History:
    """Play the model to its rest. `seed` matters only where `StateTransitions` is `Stochastic`."""
    order = order_of(table, model)
    back, codes = np.argsort(order), model.codes
    each = (table.capability[order], table.salience[order] / 100, table.position[order] / 100)
    capability, salience, start = map(np.ascontiguousarray, each)
    pull, moving = pulls(table, order)
    states, ideals = np.empty((2, MOST_TURNS + 1, *start.shape))
    logs = np.empty((MOST_TURNS, len(order), 6))
    turns = run_turns(codes, capability, salience, start, pull, moving, seed, states, ideals, logs)
    chance, risk = np.empty((turns + 1, len(order))), np.empty(len(order))
    for state in range(turns + 1):
        position_probabilities(codes, capability, salience, ideals[state], states[state], chance[state], risk)
    log = logs[:turns, back].copy()
    for column in (0, 3, 4):
        who = log[:, :, column].astype(np.int64)
        log[:, :, column] = np.where(who < 0, -1, order[who])
    position, ideal = 100 * states[: turns + 1, back], 100 * ideals[: turns + 1, back]
    return History(table, model, position, ideal, chance[:, back], log)


@dataclass(frozen=True, slots=True)
class DrawnInputs:
    """What the stakeholders of one table are taken to weigh and want in every run, and by which model.

    `capability` (run, N), `position` and `salience` (run, N, D) from 0 to 100; `model` (run,) points into `models`.
    """

    table: Table
    models: tuple[Model, ...]
    capability: NDArray[np.float64]
    position: NDArray[np.float64]
    salience: NDArray[np.float64]
    model: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How every run ends.

    `expected` (run, D), 0 to 100: positions at rest weighted by probability; `turns` (run,).
    """

    expected: NDArray[np.float64]
    turns: NDArray[np.int64]


def simulate_many(draws: DrawnInputs, *, threads: int = 1, seed: int = 0) -> Outcomes:
    """Every run of an ensemble. The result does not depend on `threads`: a run never sees another one."""
    table = draws.table
    order = order_of(table, next((model for model in draws.models if model.compat == "corrected"), draws.models[0]))
    codes = np.stack([model.codes for model in draws.models])[draws.model]
    runs, _, issues = draws.position.shape
    expected, turns = np.empty((runs, issues)), np.empty(runs, np.int64)
    each = (draws.capability[:, order], draws.salience[:, order] / 100, draws.position[:, order] / 100)
    c, s, x = map(np.ascontiguousarray, each)
    pull, moving = pulls(table, order)

    def part(start: int) -> None:
        _batch(codes, c, s, x, pull, moving, seed, start, min(start + size, runs), expected, turns)

    size = max(1, min(256, -(-runs // max(1, threads))))
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(part, range(0, runs, size)))
    return Outcomes(100 * expected, turns)


@njit(cache=True, nogil=True, error_model="numpy")
def _batch(codes, capability, salience, position, pull, moving, seed, begin, end, expected, turns):
    count, issues = position.shape[1:]
    states, ideals = np.empty((MOST_TURNS + 1, count, issues)), np.empty((MOST_TURNS + 1, count, issues))
    logs, risk, chance = np.empty((MOST_TURNS, count, 6)), np.empty(count), np.empty(count)
    for run in range(begin, end):
        last = run_turns(
            codes[run], capability[run], salience[run], position[run], pull, moving, seed + run, states, ideals, logs
        )
        position_probabilities(codes[run], capability[run], salience[run], ideals[last], states[last], chance, risk)
        turns[run] = last
        total = 0.0
        expected[run] = 0.0
        for i in range(count):
            repeated = False
            for h in range(i):
                apart = 0.0
                for k in range(issues):
                    apart += (states[last, i, k] - states[last, h, k]) ** 2
                if np.sqrt(apart) < SAME:
                    repeated = True
                    break
            if repeated:
                continue
            total += chance[i]
            expected[run] += chance[i] * states[last, i]
        expected[run] /= total


def input_names(table: Table) -> tuple[str, ...]:
    """The names of every uncertain input: capability, and position and salience on every issue, of everyone."""
    kinds = product(table.issues, table.names, ("position", "salience"))
    return (*(f"{name}.capability" for name in table.names), *(f"{name}.{kind}.{on}" for on, name, kind in kinds))


WIDTHS = {"position": 10.0, "salience": 0.2, "capability": 0.2}
"""Half-widths of what is drawn: of a position in points, of salience and capability as shares of the value."""


def from_uniform(table: Table, u: NDArray[np.float64], models: Sequence[Model], pick: NDArray[np.int64]) -> DrawnInputs:
    """Triangular draws around a table from uniform numbers `u` (run, input), in the order of `input_names`.

    Positions stay in 0 to 100 and a stakeholder's saliences are scaled down where they would sum to more than 100.
    """
    moved, (count, issues) = triangle(u), table.position.shape
    c = table.capability * (1 + WIDTHS["capability"] * moved[:, :count])
    each = moved[:, count:].reshape(len(u), issues, count, 2).transpose(3, 0, 2, 1)
    position, salience = np.ascontiguousarray(each)  # sums keep their order
    s = np.clip(table.salience * (1 + WIDTHS["salience"] * salience), 0, 100)
    whole = np.minimum(1, 100 / np.maximum(s.sum(2, keepdims=True), 1e-9))
    x = np.clip(table.position + WIDTHS["position"] * position, 0, 100)
    return DrawnInputs(table, tuple(models), c, x, s * whole, pick)


def triangle(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """The symmetric triangular distribution on -1 to 1."""
    return np.where(u < 0.5, np.sqrt(2 * u) - 1, 1 - np.sqrt(np.maximum(2 * (1 - u), 0)))


def draw_inputs(table: Table, design: Design, models: Sequence[Model] = (DEFAULT,)) -> DrawnInputs:
    """An ensemble around a table; with several `models`, each run takes one of them, in equal shares."""
    u = np.stack([design.uniform(name) for name in input_names(table)], 1)
    pick = np.minimum((design.uniform("model") * len(models)).astype(np.int64), len(models) - 1)
    return from_uniform(table, u, models, pick)


def sobol(
    table: Table, model: Model = DEFAULT, *, base: int = 256, seed: int = 0, threads: int = 1
) -> tuple[SobolIndices, int]:
    """Sobol indices (input, issue) of the expected outcome, and of how many histories; `base` is a power of two."""
    names = input_names(table)
    points = qmc.Sobol(2 * len(names), scramble=True, rng=seed).random(base)
    blocks = pick_and_freeze(points[:, : len(names)], points[:, len(names) :])
    u = np.clip(blocks.reshape(-1, len(names)), 1e-12, 1 - 1e-12)
    draws = from_uniform(table, u, (model,), np.zeros(len(u), np.int64))
    outcome = simulate_many(draws, threads=threads, seed=seed).expected.reshape(len(names) + 2, base, -1)
    return sobol_indices(outcome[0], outcome[1], outcome[2:]), len(u)
