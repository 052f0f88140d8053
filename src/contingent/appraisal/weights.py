"""Which weights are compatible with what has been said about them?

Swing weights: the worth of moving a criterion from its worst to its best anchor. They are uniform on what the
statements leave of the simplex: sampled by rejection while that is cheap, else by hit-and-run (Smith 1984,
doi:10.1287/opre.32.6.1296; Tervonen et al. 2013, doi:10.1016/j.ejor.2012.08.026).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

from contingent.errors import InputError
from contingent.scenario.option import WeightStatement
from contingent.streams import Streams

STREAM = "appraisal.weights"
BATCH = 8  # candidates drawn for each weight wanted; if fewer than one in eight is kept, the walk takes over
PILOTS = 4  # blocks walked before the first weight counts; all but the last only learn the polytope's shape
THINNING = 5  # hit-and-run steps kept apart, times the number of criteria; a judgement, checked against rejection


def sample_weights(
    criteria: Sequence[str], statements: Sequence[WeightStatement], *, count: int, seed: int
) -> NDArray[np.float64]:
    """Weights uniform on the part of the simplex that the statements allow; shape (count, criterion), rows sum to 1.

    Raises:
        InputError: a statement names a criterion that does not exist, or no weights satisfy them all.
    """
    matrix, bound = half_spaces(criteria, statements)
    rng = Streams(seed)(STREAM)
    if not len(matrix):
        return simplex(rng, count, len(criteria))
    centre = interior(matrix, bound, len(criteria), statements)
    kept = simplex(rng, BATCH * count, len(criteria))
    kept = kept[(kept @ matrix.T <= bound).all(axis=1)]
    if len(kept) >= count:
        return kept[:count]
    return hit_and_run(rng, matrix, bound, centre, count)


def simplex(rng: np.random.Generator, count: int, size: int) -> NDArray[np.float64]:
    """Points uniform on the simplex, as normalized exponentials (Rubinstein 1982); shape (count, size)."""
    draws = rng.standard_exponential((count, size))
    return draws / draws.sum(axis=1, keepdims=True)


def half_spaces(criteria: Sequence[str], statements: Sequence[WeightStatement]) -> tuple[np.ndarray, np.ndarray]:
    """The statements as rows of `matrix @ weights <= bound`.

    Raises:
        InputError: a statement names a criterion that does not exist.
    """
    place = {name: index for index, name in enumerate(criteria)}
    rows: list[np.ndarray] = []
    bounds: list[float] = []

    def row(**coefficients: float) -> None:
        line = np.zeros(len(place))
        limit = coefficients.pop("limit")
        for name, coefficient in coefficients.items():
            line[place[name]] += coefficient
        rows.append(line)
        bounds.append(limit)

    for statement in statements:
        for name in (statement.criterion, statement.than):
            if name and name not in place:
                raise InputError(f"a statement on weights names criterion {name!r}; there are: {', '.join(place)}")
        if statement.than:
            row(**{statement.than: statement.times, statement.criterion: -1.0}, limit=0.0)
        if statement.at_least is not None:
            row(**{statement.criterion: -1.0}, limit=-statement.at_least)
        if statement.at_most is not None:
            row(**{statement.criterion: 1.0}, limit=statement.at_most)
    return np.array(rows).reshape(len(rows), len(place)), np.array(bounds)


def interior(
    matrix: np.ndarray, bound: np.ndarray, size: int, statements: Sequence[WeightStatement]
) -> NDArray[np.float64]:
    """The weights farthest from every limit (Chebyshev centre within the simplex).

    Raises:
        InputError: the statements contradict each other, or leave no room at all.
    """
    full = np.vstack([matrix, -np.eye(size)])
    limits = np.concatenate([bound, np.zeros(size)])
    norms = np.linalg.norm(full - full.mean(axis=1, keepdims=True), axis=1)  # length within the plane sum = 1
    from scipy.optimize import linprog  # slow to import, and only restricted weights need it

    found = linprog(
        np.append(np.zeros(size), -1.0),
        A_ub=np.column_stack([full, norms]),
        b_ub=limits,
        A_eq=np.append(np.ones(size), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(None, None)] * size + [(None, None)],
    )
    if not found.success or found.x[-1] <= 1e-12:
        said = "; ".join(str(statement) for statement in statements)
        raise InputError(f"no weights satisfy these statements together: {said}")
    return found.x[:size]


def hit_and_run(
    rng: np.random.Generator, matrix: np.ndarray, bound: np.ndarray, start: np.ndarray, count: int
) -> NDArray[np.float64]:
    """Weights uniform on the polytope, by walking random chords of it; shape (count, criterion)."""
    size = len(start)
    full = np.vstack([matrix, -np.eye(size)])
    limits = np.concatenate([bound, np.zeros(size)])
    steps = THINNING * size
    block = max(1, 50_000 // steps)
    from scipy.linalg import null_space

    shape = null_space(np.ones((1, size))).T  # directions of the plane sum = 1, as rows
    here, kept = start.copy(), np.empty((count, size))
    for begin in range(-PILOTS * block, count, block):
        many = min(block, count - begin)
        directions = rng.standard_normal((many * steps, len(shape))) @ shape
        part = walk(here, full, limits, directions, rng.random(many * steps), steps)
        here = part[-1].copy()
        if begin >= 0:
            kept[begin : begin + many] = part
        elif begin < -block:  # a pilot: from here on, long sides are walked in longer strides
            shape = principal(part)
    return kept


def principal(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Directions in which a cloud of weights spreads, each as long as its spread; rows of shape (size - 1, size)."""
    centred = points - points.mean(axis=0)
    _, spread, directions = np.linalg.svd(centred, full_matrices=False)
    return (spread[:, None] * directions)[:-1] / np.sqrt(len(points))


@njit(cache=True, nogil=True)
def walk(here, full, limits, directions, shares, steps):
    """Every `steps`-th point of a walk inside `full @ x <= limits`; shape (moves / steps, size)."""
    rows, size = full.shape
    kept = np.empty((len(shares) // steps, size))
    x = here.copy()
    for move in range(len(shares)):
        forward, backward = np.inf, -np.inf
        for i in range(rows):
            slope, slack = 0.0, limits[i]
            for j in range(size):
                slope += full[i, j] * directions[move, j]
                slack -= full[i, j] * x[j]
            slack = max(slack, 0.0)
            if slope > 0:
                forward = min(forward, slack / slope)
            elif slope < 0:
                backward = max(backward, slack / slope)
        step = backward + shares[move] * (forward - backward)
        total = 0.0
        for j in range(size):
            x[j] = max(x[j] + step * directions[move, j], 0.0)
            total += x[j]
        for j in range(size):
            x[j] /= total
        if (move + 1) % steps == 0:
            kept[(move + 1) // steps - 1] = x
    return kept
