"""Many histories of the model at once, on several threads, the same bytes for any number of them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from contingent.consultation.spatial.model import Model
from contingent.consultation.spatial.table import Table
from contingent.consultation.spatial.turns import MOST_TURNS, SAME, outcome, play


@dataclass(frozen=True, slots=True)
class Draws:
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

    `expected` and `mode` (run, D), 0 to 100: positions weighted by probability, and the most probable one;
    `final` (run, N, D) and `chance` (run, N) the positions at rest and their probabilities; `turns` (run,).
    """

    expected: NDArray[np.float64]
    mode: NDArray[np.float64]
    final: NDArray[np.float64]
    chance: NDArray[np.float64]
    turns: NDArray[np.int64]


def play_all(draws: Draws, *, threads: int = 1, seed: int = 0) -> Outcomes:
    """Every run of an ensemble. The result does not depend on `threads`: a run never sees another one."""
    table = draws.table
    corrected = any(model.compat == "corrected" for model in draws.models)
    order = table.canonical if corrected else np.arange(len(table.names))
    back = np.argsort(order)
    codes = np.stack([model.codes for model in draws.models])[draws.model]
    runs, count, issues = draws.position.shape
    capability = np.ascontiguousarray(draws.capability[:, order])
    salience = np.ascontiguousarray(draws.salience[:, order] / 100)
    position = np.ascontiguousarray(draws.position[:, order] / 100)
    pull = np.ascontiguousarray(table.accommodation[np.ix_(order, order)])
    moving = not np.array_equal(pull, np.eye(count))
    out = Outcomes(
        np.empty((runs, issues)),
        np.empty((runs, issues)),
        np.empty((runs, count, issues)),
        np.empty((runs, count)),
        np.empty(runs, np.int64),
    )

    def part(bounds: tuple[int, int]) -> None:
        _batch(
            codes, capability, salience, position, pull, moving, seed, *bounds,
            out.expected, out.mode, out.final, out.chance, out.turns,
        )  # fmt: skip

    size = max(1, min(256, -(-runs // max(1, threads))))
    pieces = [(start, min(start + size, runs)) for start in range(0, runs, size)]
    if threads == 1:
        for piece in pieces:
            part(piece)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(part, pieces))
    return Outcomes(
        100 * out.expected, 100 * out.mode, 100 * out.final[:, back], out.chance[:, back], out.turns
    )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy")
def _batch(codes, capability, salience, position, pull, moving, seed, begin, end, expected, mode, final, chance, turns):
    count, issues = position.shape[1:]
    states, ideals = np.empty((MOST_TURNS + 1, count, issues)), np.empty((MOST_TURNS + 1, count, issues))
    logs, risk = np.empty((MOST_TURNS, count, 6)), np.empty(count)
    for run in range(begin, end):
        last = play(
            codes[run], capability[run], salience[run], position[run], pull, moving, seed + run, states, ideals, logs
        )
        outcome(codes[run], capability[run], salience[run], ideals[last], states[last], chance[run], risk)
        turns[run] = last
        final[run] = states[last]
        total, best = 0.0, 0
        for k in range(issues):
            expected[run, k] = 0.0
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
            total += chance[run, i]
            for k in range(issues):
                expected[run, k] += chance[run, i] * states[last, i, k]
            if chance[run, i] > chance[run, best]:
                best = i
        for k in range(issues):
            expected[run, k] /= total
            mode[run, k] = states[last, best, k]


def repeated(table: Table, models: Sequence[Model], runs: int) -> Draws:
    """The table as it stands in every run, the models in turn: pure structural uncertainty, or a timing."""
    return Draws(
        table,
        tuple(models),
        np.tile(table.capability, (runs, 1)),
        np.tile(table.position, (runs, 1, 1)),
        np.tile(table.salience, (runs, 1, 1)),
        np.arange(runs) % len(models),
    )
