"""In what share of runs one side is higher, where there is such a share."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

import numpy as np
import pytest

from contingent.study import comparison
from contingent.study.comparison import apart
from contingent.study.result import Result

pytestmark = pytest.mark.xdist_group("study")


def test_a_tie_is_no_half_of_a_win() -> None:
    found = apart("a", "x", "1", np.array([0.0, 0.0, 0.0, 1.0]), np.array([1.0, 0.0, 0.0, 0.0]))
    assert (found.better, found.same) == (0.25, 0.5)


def test_runs_of_another_seed_are_not_paired(result: Result) -> None:
    other = replace(result, question=replace(result.question, seed=result.question.seed + 1))
    found = comparison.runs_apart(result, other)
    assert found
    assert all(isnan(each.better) and isnan(each.same) for each in found)
    passes = next(d for d in found if d.measure == "consultation.passes" and d.option == "un_mandate_full")
    assert passes.low < 0 < passes.high, "the same draws, taken as two ensembles, differ either way"
    assert all(each.same == 1 for each in comparison.runs_apart(result, result))
