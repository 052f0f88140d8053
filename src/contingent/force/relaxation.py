"""What a linear relaxation proves, even where its solution is only nearly exact."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

BIG = 1e9  # stands for a column without upper bound


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a programme: `lower <= matrix @ values <= upper`, and what each column costs."""

    matrix: sparse.csr_matrix
    lower: np.ndarray
    upper: np.ndarray
    cost: np.ndarray

    @classmethod
    def of(cls, highs: highspy.Highs) -> Rows:
        """The rows HiGHS holds."""
        lp = highs.getLp()
        parts = (lp.a_matrix_.value_, lp.a_matrix_.index_, lp.a_matrix_.start_)
        by_row = lp.a_matrix_.format_ == highspy.MatrixFormat.kRowwise
        matrix = (sparse.csr_matrix if by_row else sparse.csc_matrix)(parts, shape=(lp.num_row_, lp.num_col_))
        return cls(sparse.csr_matrix(matrix), np.array(lp.row_lower_), np.array(lp.row_upper_), np.array(lp.col_cost_))

    def bound(self, price: np.ndarray, low: np.ndarray, high: np.ndarray) -> float:
        """The least the objective can be, by weak duality, whatever the row prices and however inexact.

        Every column stands at whichever of its bounds is worse; an interior point that stopped early proves less,
        never something false.
        """
        wrong = ((price > 0) & np.isneginf(self.lower)) | ((price < 0) & np.isposinf(self.upper))
        price = np.where(wrong, 0.0, price)
        reduced = self.cost - self.matrix.T @ price
        side = np.where(price > 0, self.lower, self.upper)
        rows = np.where(price == 0, 0.0, price * np.where(np.isinf(side), 0.0, side))
        columns = np.where(reduced > 0, reduced * low, reduced * np.where(np.isinf(high), BIG, high))
        return float(rows.sum() + columns.sum())
