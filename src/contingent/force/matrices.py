"""The programme as plain matrices, to be changed and solved again without posing it anew."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from contingent.force.instance import Instance
from contingent.force.programme import programme
from contingent.force.solve import columns_of, rows_of


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


@dataclass(frozen=True, slots=True)
class Posed:
    """One instance's programme, and where things stand in it."""

    instance: Instance
    matrices: Matrices
    columns: dict[str, np.ndarray]
    """`x` by cell, `a` by group, `short` and `critical` by row; each and period. `force` by period."""
    rows: dict[str, np.ndarray]
    """By constraint family, flat, the period varying fastest."""
    sender: np.ndarray
    """Contributor whose units a column holds; -1 where none."""


def posed(instance: Instance) -> Posed:
    """The programme of an instance."""
    model = programme(instance)
    found = model.matrices
    assert found.A is not None  # every programme here has rows
    columns = {name: columns_of(model, name) for name in ("x", "a", "short", "critical", "force")}
    whole = np.array(found.vtypes != "C")
    whole[columns["x"][instance.groups.divisible[instance.cells.group]].ravel()] = False
    sender = np.full(len(whole), -1)
    sender[columns["x"]] = instance.groups.contributor[instance.cells.group][:, None]
    sender[columns["a"]] = instance.groups.contributor[:, None]
    matrices = Matrices(
        sparse.csr_matrix(found.A),
        np.where(found.sense != "<", found.b, -np.inf),
        np.where(found.sense != ">", found.b, np.inf),
        np.asarray(found.c, float), np.asarray(found.lb, float), np.asarray(found.ub, float), whole,
    )  # fmt: skip
    return Posed(instance, matrices, columns, {name: rows_of(model, name) for name in model.constraints}, sender)


def handed_over(matrices: Matrices, *, whole: bool = False) -> highspy.Highs:
    """A programme in HiGHS, silent, one thread, fixed seed; its whole numbers as such only if asked."""
    highs, count = highspy.Highs(), len(matrices.cost)
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
        chosen = np.flatnonzero(matrices.whole).astype(np.int32)
        kind = np.full(len(chosen), highspy.HighsVarType.kInteger.value, np.uint8)
        highs.changeColsIntegrality(len(chosen), chosen, kind)
    return highs
