"""In what share of runs one side is higher, where there is such a share."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

import numpy as np
import pytest

from contingent.errors import InputError
from contingent.study import comparison
from contingent.study.comparison import apart, options_apart
from contingent.study.result import Result


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


def test_the_interval_is_of_the_second_less_the_first_at_5_and_95_per_cent() -> None:
    """Differences 0, 1, ..., 100: their 5 % and 95 % quantiles are 5 and 95, their mean 50."""
    first = np.arange(101.0)
    found = apart("a", "x", "USD", first, 2 * first)
    assert (found.low, found.high, found.mean) == pytest.approx((5, 95, 50))
    assert (found.first, found.second) == (50, 100)
    assert (found.better, found.same) == pytest.approx((100 / 101, 1 / 101))
    error = first.std(ddof=1) / 101**0.5
    assert found.interval == pytest.approx((50 - 1.6449 * error, 50 + 1.6449 * error), rel=1e-4)
    back = apart("a", "x", "USD", 2 * first, first)
    assert (back.low, back.high, back.mean, back.better) == pytest.approx((-95, -5, -50, 0))
    assert (found.option, found.measure, found.unit) == ("a", "x", "USD")


def test_unpaired_ensembles_differ_by_the_spread_of_both() -> None:
    """Two uniform ensembles on (0, 1) and (2, 3): the difference is triangular on (1, 3); 5 % at 1 + sqrt(.1)."""
    first = (np.arange(10_000) + 0.5) / 10_000
    found = apart("a", "x", "1", first, first[::-1] + 2, paired=False)
    assert found.mean == pytest.approx(2)
    assert (found.low, found.high) == pytest.approx((1 + 0.1**0.5, 3 - 0.1**0.5), abs=0.01)
    paired = apart("a", "x", "1", first, first + 2)
    assert (paired.low, paired.high) == pytest.approx((2, 2))


def test_options_of_one_run_are_paired_second_less_first(result: Result) -> None:
    one, two = "support_only", "un_mandate_full"
    found = {each.measure: each for each in options_apart(result, one, two)}
    assert {each.option for each in found.values()} == {f"{one} \u2192 {two}"}
    cost = result.performance.sel(criterion="cost")
    assert found["performance.cost"].mean == pytest.approx(float((cost.sel(option=two) - cost.sel(option=one)).mean()))
    assert found["performance.cost"].unit == result.scenario.criteria["cost"].unit
    passes = result.tables["consultation"]["passes"]
    assert found["consultation.passes"].first == pytest.approx(float(passes.sel(option=one).mean()))
    assert found["appraisal.score"].second == pytest.approx(float(result.appraisal.score.sel(option=two).mean()))
    assert result.compare(two, one).sel(criterion="cost").mean().item() == pytest.approx(found["performance.cost"].mean)
    with pytest.raises(InputError, match="has no option `support_onli`; did you mean `support_only`"):
        options_apart(result, "support_onli", two)
    with pytest.raises(InputError, match="was not run; did you mean `support_only`"):
        result.compare("support_onli", two)


def test_a_passing_criterion_is_not_compared_twice(result: Result) -> None:
    names = [each.measure for each in options_apart(result, "support_only", "un_mandate_full")]
    assert len(names) == len(set(names))
    passing = [name for name, c in result.scenario.criteria.items() if c.measure == "consultation.passes"]
    assert not {f"performance.{name}" for name in passing} & set(names)
