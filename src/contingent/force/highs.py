"""A programme as plain matrices: how it is written down, family by family, and handed to HiGHS.

The solver's interface: a builder of sparse matrices, and HiGHS.

HiGHS: Huangfu & Hall 2018, doi:10.1007/s12532-017-0130-5.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import shake_128

import highspy
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from contingent.processes import muted

Places = NDArray[np.int64]
Term = tuple[ArrayLike, ArrayLike, ArrayLike]
"""Coefficients, the rows of the family they stand in (counted flat), and their columns; broadcast together."""


@dataclass(frozen=True, slots=True)
class Matrices:
    """`lower <= matrix @ values <= upper` with `low <= values <= high` and what each column costs."""

    matrix: sparse.csr_matrix
    lower: np.ndarray
    upper: np.ndarray
    cost: np.ndarray
    low: np.ndarray
    high: np.ndarray
    whole: np.ndarray
    """Columns that hold whole numbers."""


class ModelBuilder:
    """A programme being written: columns and rows by family, each an array of places."""

    def __init__(self) -> None:
        self.columns: dict[str, Places] = {}
        self.rows: dict[str, Places] = {}
        self._columns: list[tuple[np.ndarray, ...]] = []
        self._rows: list[tuple[np.ndarray, ...]] = []
        self._terms: list[tuple[np.ndarray, ...]] = []

    def add(self, name: str, low: ArrayLike, high: ArrayLike, cost: ArrayLike, *, whole: ArrayLike = False) -> Places:
        """New columns, in the shape their bounds and costs have together."""
        parts = np.broadcast_arrays(low, high, cost, whole)
        first = sum(part[0].size for part in self._columns)
        self.columns[name] = np.arange(first, first + parts[0].size).reshape(parts[0].shape)
        self._columns.append(tuple(part.ravel() for part in parts))
        return self.columns[name]

    def require(self, name: str, lower: ArrayLike, upper: ArrayLike, *terms: Term) -> None:
        """New rows: the sum of their terms lies between `lower` and `upper`."""
        parts = np.broadcast_arrays(lower, upper)
        first = sum(part[0].size for part in self._rows)
        self.rows[name] = np.arange(first, first + parts[0].size)
        self._rows.append(tuple(part.ravel().astype(float) for part in parts))
        for term in terms:
            value, row, column = (part.ravel() for part in np.broadcast_arrays(*term))
            used = value != 0
            self._terms.append((value[used].astype(float), first + row[used], column[used]))

    def matrices(self) -> Matrices:
        """What was written; terms of the same row and column add up."""
        low, high, cost, whole = (np.concatenate(part) for part in zip(*self._columns, strict=True))
        lower, upper = (np.concatenate(part) for part in zip(*self._rows, strict=True))
        value, row, column = (np.concatenate(part) for part in zip(*self._terms, strict=True))
        matrix = sparse.csr_matrix((value, (row, column)), shape=(len(lower), len(cost)))
        return Matrices(
            matrix, lower, upper, cost.astype(float), low.astype(float), high.astype(float), whole.astype(bool)
        )


def to_highs(matrices: Matrices, *, whole: bool = False) -> highspy.Highs:
    """A programme in HiGHS, silent, one thread, fixed seed; its whole numbers as such only if asked."""
    with muted():
        highs = highspy.Highs()
    count = len(matrices.cost)
    for option, value in {"output_flag": False, "threads": 1, "random_seed": 0}.items():
        highs.setOptionValue(option, value)
    highs.addVars(count, matrices.low, matrices.high)
    highs.changeColsCost(count, np.arange(count, dtype=np.int32), matrices.cost)
    rows = matrices.matrix
    starts, columns = np.asarray(rows.indptr, np.int32), np.asarray(rows.indices, np.int32)
    highs.addRows(
        len(matrices.lower), matrices.lower, matrices.upper, rows.nnz, starts, columns, rows.data.astype(float)
    )
    if whole:
        set_integrality(highs, np.flatnonzero(matrices.whole))
    return highs


def with_rows(programme: Matrices, matrix: sparse.csr_matrix, lower: np.ndarray, upper: np.ndarray) -> Matrices:
    """The programme with more rows below its own."""
    return replace(
        programme, matrix=sparse.csr_matrix(sparse.vstack([programme.matrix, matrix])),
        lower=np.concatenate([programme.lower, lower]), upper=np.concatenate([programme.upper, upper]),
    )  # fmt: skip


def run(highs: highspy.Highs, start: np.ndarray | None = None, **options: float | str) -> np.ndarray | None:
    """Solve with some options, from a plan if one is known: all columns in the best plan found; None if none was."""
    for option, value in options.items():
        highs.setOptionValue(option, value)
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = start.tolist()
        highs.setSolution(known)
    highs.run()
    feasible = highs.getInfo().primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    return np.asarray(highs.getSolution().col_value) if feasible else None


def solved(highs: highspy.Highs) -> bool:
    """Whether what was run is proved to be optimal."""
    return highs.getModelStatus() == highspy.HighsModelStatus.kOptimal


def set_integrality(highs: highspy.Highs, columns: np.ndarray, *, whole: bool = True) -> None:
    """Declare columns to hold whole numbers, or no longer."""
    kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
    highs.changeColsIntegrality(len(columns), columns.astype(np.int32), np.full(len(columns), kind.value, np.uint8))


def set_bounds(highs: highspy.Highs, columns: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
    """New bounds of some columns."""
    highs.changeColsBounds(len(columns), columns.astype(np.int32), low.astype(float), high.astype(float))


SALT = "tie 2"  # any will do


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
