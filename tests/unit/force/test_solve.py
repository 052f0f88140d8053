"""The optimiser keeps its promises, and the verifier written apart from it agrees."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from force_synthetic import Size, draw
from force_verify import verify
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_force import tiny

from contingent.force.solve import solve

SMALL = Size(contributors=3, units=7, sectors=2, periods=3)
CLOSE = 1e-3
FEW = settings(max_examples=3, deadline=None, derandomize=True)
seeds = st.integers(0, 10_000)


def test_the_critical_part_comes_first_and_the_answer_is_the_one_worked_out_by_hand() -> None:
    found = solve(tiny(sectors=2, periods=1))  # two units of 100, two sectors wanting 150 and needing 100 each
    assert found.serving.ravel().tolist() == [1, 1]
    assert found.critical.sum() == 0
    assert found.short.sum() == 100
    assert found.solver.status == "optimal"
    assert found.solver.gap <= 1e-4


def test_arrivals_wait_for_lift() -> None:
    found = solve(tiny(periods=3, sectors=2, limits={"lift": np.array([1.0, 2.0, 5.0])}))
    # one comes on the first day, which leaves nothing to relieve it in week 13; two sail before week 26
    assert found.stays.tolist() == [[0, 0, 13, 1, 1], [0, 26, 39, 1, 2]]


def test_a_unit_needs_relief_after_its_tour() -> None:
    base = tiny(periods=3)
    once = replace(base, groups=replace(base.groups, tours=np.array([2])))
    assert solve(once).stays[:, 3:].prod(axis=1).sum() == 2


def test_a_bound_is_never_above_a_plan() -> None:
    found = solve(draw(SMALL, 3), gap=0.01)
    assert found.solver.bound <= found.solver.objective + 1e-6


def test_the_same_question_has_the_same_answer() -> None:
    one, two = (solve(draw(SMALL, 5, full=True)) for _ in range(2))
    assert one.serving.tobytes() == two.serving.tobytes()
    assert one.solver.objective == two.solver.objective


@FEW
@given(seeds)
def test_raising_a_pledge_never_raises_the_shortfall(seed: int) -> None:
    base = draw(SMALL, seed)
    more = replace(base.groups, count=base.groups.count + 1, tours=base.groups.tours + len(base.calendar))
    before, after = solve(base, gap=CLOSE).solver, solve(replace(base, groups=more), gap=CLOSE).solver
    assert after.bound <= before.objective * (1 + 1e-9) + 1e-6
    assert after.objective <= before.objective * (1 + 2 * CLOSE) + 1e-6


@FEW
@given(seeds)
def test_removing_a_caveat_never_raises_the_optimum(seed: int) -> None:
    base = draw(SMALL, seed)
    fits = base.groups.unit[:, None] == base.demand.unit
    group, row = np.nonzero(fits)
    free = replace(base, cells=replace(base.cells, group=group, row=row, asked=np.zeros(len(group), bool)))
    before, after = solve(base, gap=CLOSE).solver, solve(free, gap=CLOSE).solver
    assert after.objective <= before.objective * (1 + 2 * CLOSE) + 1e-6


@FEW
@given(seeds, st.booleans())
def test_no_unit_in_two_places_nobody_above_his_pledge_and_every_balance_holds(seed: int, full: bool) -> None:
    instance = draw(SMALL, seed, full=full)
    solution = solve(instance, gap=0.01)
    assert solution.serving.sum() > 0
    assert list(verify(instance, solution)) == []


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda s: replace(s, serving=s.serving + 1), "stand at posts"),
        (lambda s: replace(s, stays=s.stays * [1, 1, 1, 1, 9]), "on offer"),
        (lambda s: replace(s, stays=s.stays[:0]), "are in theatre"),
    ],
)
def test_the_verifier_finds_a_spoilt_plan(spoil, complaint: str) -> None:
    instance = draw(SMALL, 11)
    assert any(complaint in fault for fault in verify(instance, spoil(solve(instance, gap=0.01))))


def test_the_verifier_finds_a_broken_limit() -> None:
    instance = tiny(periods=1)
    found = solve(instance)
    tight = replace(instance, limits=replace(instance.limits, strength=np.array([50.0]), lift=np.array([1.0])))
    words = " ".join(verify(tight, found))
    assert "are authorized" in words
    assert "lift is 1" in words


def test_the_answer_depends_on_no_clock_and_on_work_alone(monkeypatch) -> None:
    instance = draw(Size(contributors=4, units=16, sectors=2, periods=4), 1)
    found = solve(instance)
    clock = count(0, 3600)
    monkeypatch.setattr("contingent.force.solve.perf_counter", lambda: float(next(clock)))  # an hour at every look
    again = solve(instance)
    assert again.solver == found.solver
    assert (again.serving == found.serving).all()
    monkeypatch.setattr("contingent.force.solve.WORK", 0)
    monkeypatch.setattr("contingent.force.solve.NODES", 0)
    cut = solve(instance, gap=1e-9)
    assert cut.solver.status == "work limit reached"
    assert 1e-9 < cut.solver.gap < 0.05
    assert list(verify(instance, cut)) == []


@pytest.mark.parametrize("full", [False, True])
def test_where_time_ends_before_any_plan_nobody_comes_and_the_gap_says_so(full: bool) -> None:
    instance = draw(Size(contributors=60, units=400, sectors=5, periods=12), 1, full=full)
    found = solve(instance, seconds=0.0)
    assert len(found.stays) == 0
    assert found.critical.sum() == instance.demand.minimum.sum()
    assert found.solver.status == "time limit reached"
    assert 0.5 < found.solver.gap <= 1
    assert list(verify(instance, found)) == []
