"""Which weights are compatible with what has been said about them?

Swing weights: the worth of moving a criterion from its worst to its best anchor. They are uniform on what the
statements leave of the simplex: sampled by rejection while that is cheap, else by hit-and-run (Smith 1984,
doi:10.1287/opre.32.6.1296; Tervonen et al. 2013, doi:10.1016/j.ejor.2012.08.026).
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numba import njit
from numpy.typing import NDArray

from contingent.errors import InputError
from contingent.scenario.option import Criterion, WeightStatement
from contingent.streams import Streams

STREAM = "appraisal.weights"
BATCH = 8  # candidates drawn for each weight wanted; if fewer than one in eight is kept, the walk takes over
PILOTS = 4  # blocks walked before the first weight counts; all but the last only learn the polytope's shape
SLACK = 1e-12  # by which limits may be passed, so that rounding does not take exact weights for a contradiction
ROOM = 1e-9  # less than this is no room
THINNING = 5  # hit-and-run steps kept apart, times the number of criteria; a judgement, checked against rejection


def sample_weights(
    criteria: Mapping[str, Criterion], statements: Sequence[WeightStatement], *, count: int, seed: int
) -> NDArray[np.float64]:
    """Weights on the part of the simplex that the statements allow; shape (count, criterion), rows sum to 1.

    Spread uniformly over groups of criteria and, within each, over its members, so that a criterion split in two within
    its group counts as before; exact statements leave a slice of the simplex, or a single point.

    Raises:
        InputError: a statement names a criterion that does not exist, or no weights satisfy them all.
    """
    groups = group_of(criteria)
    matrix, bound = half_spaces(criteria, statements)
    rng = Streams(seed)(STREAM)
    if not len(matrix):
        return grouped(rng, count, groups)
    centre, free, loose = interior(matrix, bound, len(criteria), statements)
    if len(free) == len(criteria) - 1:
        kept = grouped(rng, BATCH * count, groups)
        kept = kept[(kept @ matrix.T <= bound).all(axis=1)]
        if len(kept) >= count:
            return kept[:count]
    if not len(free):
        return np.tile(centre, (count, 1))
    return hit_and_run(rng, loose, centre, free, groups, count)


def group_of(criteria: Mapping[str, Criterion]) -> NDArray[np.int64]:
    """The number of each criterion's group, counted from 0; one that names none is alone; shape (criterion,)."""
    names = [criterion.group or f" {name}" for name, criterion in criteria.items()]
    known = list(dict.fromkeys(names))
    return np.array([known.index(name) for name in names], dtype=np.int64)


def simplex(rng: np.random.Generator, count: int, size: int) -> NDArray[np.float64]:
    """Points uniform on the simplex, as normalized exponentials (Rubinstein 1982); shape (count, size)."""
    draws = rng.standard_exponential((count, size))
    return draws / draws.sum(axis=1, keepdims=True)


def grouped(rng: np.random.Generator, count: int, groups: NDArray[np.int64]) -> NDArray[np.float64]:
    """Points uniform over the groups and, within each, over its members; shape (count, criterion)."""
    if len(np.unique(groups)) == len(groups):
        return simplex(rng, count, len(groups))
    found = simplex(rng, count, groups.max() + 1)[:, groups]
    for group in range(groups.max() + 1):
        members = np.flatnonzero(groups == group)
        found[:, members] *= simplex(rng, count, len(members))
    return found


def half_spaces(
    criteria: Mapping[str, Criterion], statements: Sequence[WeightStatement]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The statements as rows of `matrix @ weights <= bound`; what is exact is two rows.

    An amount of a criterion, in its own unit, counts as its share of the swing from worst to best.

    Raises:
        InputError: a statement names a criterion or group that does not exist.
    """
    names = list(criteria)
    known = {name: [index] for index, name in enumerate(names)}
    for index, criterion in enumerate(criteria.values()):
        if criterion.group and criterion.group not in criteria:
            known.setdefault(criterion.group, []).append(index)
    rows: list[np.ndarray] = []
    bounds: list[float] = []

    def side(name: str, factor: float, amount: float | None = None) -> np.ndarray:
        if name not in known:
            raise InputError(f"a statement on weights names criterion {name!r}; there are: {', '.join(known)}")
        if amount is not None:
            if name not in criteria:
                raise InputError(f"a statement on weights gives an amount of {name!r}, which is a group of criteria")
            factor *= amount / abs(criteria[name].best.best - criteria[name].worst.best)
        line = np.zeros(len(names))
        line[known[name]] = factor
        return line

    def row(line: np.ndarray, limit: float, *, both: bool = False) -> None:
        rows.append(line)
        bounds.append(limit)
        if both:
            row(-line, -limit)

    for said in statements:
        for more, less in pairwise(said.order):
            row(side(less, 1.0) - side(more, 1.0), 0.0)
        if said.than:
            line = side(said.than, said.times, said.than_amount) - side(said.criterion, 1.0, said.amount)
            row(line, 0.0, both=said.exactly)
        if said.at_least is not None:
            row(side(said.criterion, -1.0), -said.at_least)
        if said.at_most is not None:
            row(side(said.criterion, 1.0), said.at_most)
        if said.equals is not None:
            row(side(said.criterion, 1.0), said.equals, both=True)
    return np.array(rows).reshape(len(rows), len(names)), np.array(bounds)


def interior(
    matrix: NDArray[np.float64], bound: NDArray[np.float64], size: int, statements: Sequence[WeightStatement]
) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """A point inside what the statements leave, the directions in which there is room, and the limits that can be met
    with room to spare: (criterion,), (direction, criterion), (rows, bounds).

    A limit that leaves no room anywhere, such as each side of an exact value, is none to walk to but one to stay on.

    Raises:
        InputError: the statements contradict each other.
    """
    from scipy.linalg import null_space
    from scipy.optimize import linprog  # slow to import, and only restricted weights need it

    full, limits = np.vstack([matrix, -np.eye(size)]), np.concatenate([bound, np.zeros(size)])
    points, tight = [], []
    for line, limit in zip(full, limits, strict=True):
        found = linprog(line, A_ub=full, b_ub=limits + SLACK, A_eq=np.ones((1, size)), b_eq=[1.0], bounds=(0, None))
        if not found.success:
            said = "; ".join(str(statement) for statement in statements)
            raise InputError(f"no weights satisfy these statements together: {said}")
        points.append(found.x)
        tight.append(limit - line @ found.x <= ROOM)
    still = np.array(tight)
    centre = np.mean([point for point, stays in zip(points, tight, strict=True) if not stays] or points, axis=0)
    free = null_space(np.vstack([np.ones((1, size)), full[still]]), rcond=1e-9).T
    return centre, free, (full[~still], limits[~still])


def hit_and_run(
    rng: np.random.Generator,
    limits: tuple[NDArray[np.float64], NDArray[np.float64]],
    start: NDArray[np.float64],
    free: NDArray[np.float64],
    groups: NDArray[np.int64],
    count: int,
) -> NDArray[np.float64]:
    """Weights of the polytope, by walking random chords of it; shape (count, criterion).

    Where criteria are in groups, a step is taken as often as keeps groups uniform (Metropolis et al. 1953): the density
    of weights uniform over groups and within is a product of the groups' weights to the power of 1 - size.
    """
    steps = THINNING * len(start)
    block = max(1, 50_000 // steps)
    powers = np.where(np.bincount(groups, weights=start) > ROOM, np.bincount(groups) - 1.0, 0.0)
    shape, hull = free, free.T @ free
    here, kept = start.copy(), np.empty((count, len(start)))
    for begin in range(-PILOTS * block, count, block):
        many = min(block, count - begin)
        directions = rng.standard_normal((many * steps, len(shape))) @ shape
        chance = rng.random((2, many * steps))
        part = walk(here, limits[0], limits[1], directions, chance[0], chance[1], groups, powers, steps)
        part = np.maximum(start + (part - start) @ hull, 0.0)  # what rounding has taken off the slice is put back
        part /= part.sum(axis=1, keepdims=True)
        here = part[-1].copy()
        if begin >= 0:
            kept[begin : begin + many] = part
        elif begin < -block and len(free) == len(start) - 1:  # a pilot: long sides are then walked in longer strides
            shape = principal(part)
    return kept


def principal(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Directions in which a cloud of weights spreads, each as long as its spread; rows of shape (size - 1, size)."""
    centred = points - points.mean(axis=0)
    _, spread, directions = np.linalg.svd(centred, full_matrices=False)
    return (spread[:, None] * directions)[:-1] / np.sqrt(len(points))


@njit(cache=True, nogil=True)
def log_density(x, groups, powers):
    """Log density, but for a constant, of weights uniform over groups and within them."""
    total = 0.0
    for group in range(len(powers)):
        if powers[group] > 0.0:
            weight = 0.0
            for j in range(len(x)):
                if groups[j] == group:
                    weight += x[j]
            total -= powers[group] * np.log(max(weight, 1e-300))
    return total


@njit(cache=True, nogil=True)
def walk(here, full, limits, directions, shares, levels, groups, powers, steps):
    """Every `steps`-th point of a walk inside `full @ x <= limits`; shape (moves / steps, size)."""
    rows, size = full.shape
    kept = np.empty((len(shares) // steps, size))
    x, y = here.copy(), np.empty(size)
    now = log_density(x, groups, powers)
    for move in range(len(shares)):
        forward, backward = np.inf, -np.inf
        for i in range(rows):
            slope, slack = 0.0, limits[i]
            for j in range(size):
                slope += full[i, j] * directions[move, j]
                slack -= full[i, j] * x[j]
            slack = max(slack, 0.0)
            if slope > 1e-15:
                forward = min(forward, slack / slope)
            elif slope < -1e-15:
                backward = max(backward, slack / slope)
        step = backward + shares[move] * (forward - backward)
        for j in range(size):
            y[j] = max(x[j] + step * directions[move, j], 0.0)
        total = y.sum()
        for j in range(size):
            y[j] /= total
        then = log_density(y, groups, powers)
        if np.log(levels[move]) < then - now:
            x[:], now = y, then
        if (move + 1) % steps == 0:
            kept[(move + 1) // steps - 1] = x
    return kept


def contradiction(criteria: Mapping[str, Criterion], statements: Sequence[WeightStatement]) -> tuple[str, str]:
    """Why no weights satisfy what is said of them, and what to do; or for which criteria it leaves nothing, though
    nobody said that they weigh nothing. Empty if neither.
    """
    matrix, bound = half_spaces(criteria, statements)
    try:
        centre, *_ = interior(matrix, bound, len(criteria), statements)
    except InputError as error:
        return str(error), "drop or loosen one of them"
    silent = {said.criterion for said in statements if said.equals == 0 or said.at_most == 0}
    none = [
        name for (name, each), weight in zip(criteria.items(), centre, strict=True)
        if weight <= ROOM and not {name, each.group} & silent
    ]  # fmt: skip
    what = f"together leave no weight at all for {', '.join(none)}" if none else ""
    return what, "loosen one, or say `equals: 0` where it is meant" if none else ""
