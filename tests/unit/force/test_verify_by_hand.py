"""One planted fault of each kind is found and named, and nothing else; weeks dealt out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from force_verify import verify
from tiny_force import tiny

from contingent.force.instance import Compatibility, Instance, ShareRule
from contingent.force.refine import Room, refine
from contingent.force.solve import Solution, Solver

QUARTER = 13 * 7 / 30.4375  # months
BY_HAND = Solver("optimal", 0.0, 0.0, 0.0, 0.0)


def solution(serving, arriving) -> Solution:
    """Units by cell and period, arrivals by group and period."""
    served, periods = np.array(serving, float), np.shape(serving)[1]
    none = np.zeros((1, periods))
    return Solution(served, np.array(arriving), none, none, np.zeros((0, 1, periods), bool), BY_HAND)


SOUND = solution([[1, 1], [0, 0]], [[1, 1], [0, 0]])
"""One battalion of the first contributor, relieved after its tour of one period."""


def groups(**values):
    return {"groups": {name: np.array(value) for name, value in values.items()}}


def limits(**values):
    return {"limits": {name: np.array(v) if isinstance(v, list) else v for name, v in values.items()}}


def small(count: int = 2, periods: int = 2, **changes) -> Instance:
    """`tiny` with other numbers in its parts, those of groups as well."""
    base = tiny(groups=count, periods=periods)
    return replace(base, **{part: replace(getattr(base, part), **values) for part, values in changes.items()})


MIXED = np.array([True, False])


@pytest.mark.parametrize(
    ("changes", "plan", "faults"),
    [
        ({}, SOUND, []),
        (groups(tours=[1, 10]), SOUND, ["G0: 2 tours of 1 it can sustain"]),
        (groups(tours=[2, 10]), SOUND, []),
        ({}, solution([[1, 1], [0, 0]], [[3, 1], [0, 0]]), ["G0, period 0: 3 units in theatre of 2 on offer"]),
        (groups(tour=[2, 2]), solution([[1, 1], [0, 0]], [[2, 1], [0, 0]]),
         ["G0, period 1: 3 units in theatre of 2 on offer"]),
        ({}, solution([[1, 2], [0, 0]], [[1, 1], [0, 0]]), ["G0, period 1: 2 units serve, 1 are in theatre"]),
        ({}, solution([[1, 1], [0, 0]], [[1, 0], [0, 0]]), ["G0, period 1: 1 units serve, 0 are in theatre"]),
        (groups(tour=[2, 2]), solution([[1, 1], [0, 0]], [[1, 0], [0, 0]]), []),
        (groups(earliest=[1, 0]), SOUND, ["G0, period 0: arrives before it is ready"]),
        (limits(strength=[100.0, 99.0]), SOUND, ["period 1: 100 people, 99 are authorized"]),
        (limits(contributor=[60.0, 0.0]), SOUND,
         [f"period {t}: C0 has 100 people, its ceiling is 60" for t in (0, 1)]),
        (limits(shares=(ShareRule("half", MIXED, 0.5, least=False),)), SOUND,
         [f"period {t}: half is broken by 50.0 people" for t in (0, 1)]),
        (limits(shares=(ShareRule("half", ~MIXED, 0.4, least=True),)), SOUND,
         [f"period {t}: half is broken by 40.0 people" for t in (0, 1)]),
        (limits(shares=(ShareRule("half", MIXED, 1.0, least=True),)), SOUND, []),
        (limits(lift=[0.5, 1.0]), SOUND, ["period 0: 1 battalion equivalents moved, lift is 0.5"]),
        (limits(lift=[1.0, 1.5], outbound=True), SOUND, ["period 1: 2 battalion equivalents moved, lift is 1.5"]),
        (limits(lift=[1.0, 1.5], outbound=False), SOUND, []),
        (limits(budget=[200_000.0], stretch=[0, -1]), SOUND,
         [f"stretch 0 of the budget: {QUARTER * 100_000:,.0f} US dollars owed of 200,000"]),
        (limits(budget=[9e9, 500_000.0], stretch=[1, 1]), SOUND,
         [f"stretch 1 of the budget: {2 * QUARTER * 100_000:,.0f} US dollars owed of 500,000"]),
        (limits(budget=[300_000.0], stretch=[0, -1]), SOUND, []),
    ],
)  # fmt: skip
def test_a_fault_of_each_kind_is_found_and_named(changes, plan: Solution, faults: list[str]) -> None:
    assert list(verify(small(**changes), plan)) == faults


@pytest.mark.parametrize(
    ("lasting", "by_leave", "serving", "faults"),
    [
        (False, False, [[1, 1], [1, 0]], ["period 0, S0: C0, C1 serve in one sector against composition.r"]),
        (False, False, [[1, 1], [0, 1]], ["period 1, S0: C0, C1 serve in one sector against composition.r"]),
        (False, False, [[1, 0], [0, 1]], []),
        (True, False, [[1, 0], [0, 1]], ["period 1, S0: C1 serve in one sector against composition.r"]),
        (False, True, [[1, 1], [1, 1]], []),
    ],
)
def test_neighbours_who_do_not_suit_each_other(lasting: bool, by_leave: bool, serving, faults: list[str]) -> None:
    rule = Compatibility("composition.r", ("a", "b"), np.eye(2, dtype=bool), lasting, by_leave)
    assert list(verify(small(limits={"compatible": (rule,)}), solution(serving, serving))) == faults


def spoilt(weekly, name: str, place, by: int):
    """The same weeks with one number changed."""
    values = getattr(weekly, name).copy()
    values[place] += by
    return replace(weekly, **{name: values})


@pytest.mark.parametrize(
    ("changes", "spoil", "faults"),
    [
        ({}, None, []),
        ({}, ("present", (0, 5), 1), ["G0, week 5: arrivals, reliefs and departures do not balance"]),
        ({}, ("serving", (0, 5), 1), ["G0: more units serve than are in theatre"]),
        (groups(notice=[5.0, 0.0]), ("arriving", (0, 0), 0), []),  # refine waits for the notice
        (limits(lift=[1.0, 1.0], outbound=True), None, ["period 1: 2 battalion equivalents moved, lift is 1",
                                                        "period 1: the weeks move 2 battalion equivalents, lift is 1"]),
        (limits(strength=[100.0, np.inf]), ("serving", (1, 3), 1),
         ["G1: more units serve than are in theatre", "week 3: 200 people serve, 100 are authorized"]),
    ],
)  # fmt: skip
def test_a_fault_in_a_week_is_found_and_named(changes, spoil, faults: list[str]) -> None:
    instance = small(**changes)
    weekly = refine(instance, SOUND)
    assert list(verify(instance, SOUND, spoilt(weekly, *spoil) if spoil else weekly)) == faults


def test_a_week_before_the_notice_and_units_the_plan_does_not_bring() -> None:
    weekly = refine(small(), SOUND)  # arrives in week 0
    late = small(**groups(notice=[5.0, 0.0]))
    assert list(verify(late, SOUND, weekly)) == ["G0, week 0: arrives before its notice of 5.0 weeks"]
    more = solution([[1, 1], [0, 0]], [[2, 1], [0, 0]])
    assert list(verify(small(), more, weekly)) == ["period 0: the weeks do not bring the units the plan brings"]


def weeks(row: np.ndarray) -> list[int]:
    """In which weeks something happens, once for every unit."""
    return np.repeat(np.arange(len(row)), row.astype(int)).tolist()


def test_a_relief_arrives_before_the_other_leaves() -> None:
    found = refine(small(), SOUND)
    assert (weeks(found.arriving[0]), weeks(found.leaving[0])) == ([0, 13], [13])
    assert found.present[0].tolist() == [1] * 26
    assert found.serving[0].tolist() == [1] * 26
    assert found.late.tolist() == [0, 0]


def test_the_surest_come_first_and_each_as_soon_as_lift_has_come_together() -> None:
    # 13 battalions a quarter, one a week; three units of two each: by weeks 1, 3 and 5
    base = small(periods=1, **limits(lift=[13.0]), **groups(lift=[2.0, 2.0], reliability=[0.5, 0.9]))
    found = refine(base, solution([[2], [1]], [[2], [1]]))
    assert (weeks(found.arriving[1]), weeks(found.arriving[0])) == ([1], [3, 5])
    assert found.late.tolist() == [8, 1]
    assert found.serving[0].tolist() == [0, 0, 0, 1, 1, *[2] * 8]
    alike = replace(base, groups=replace(base.groups, reliability=np.array([0.9, 0.9])))
    assert weeks(refine(alike, solution([[2], [1]], [[2], [1]])).arriving[0]) == [1, 3]  # then by name


@pytest.mark.parametrize(("notice", "week"), [(0.0, 0), (4.0, 4), (4.1, 5), (20.0, 12)])
def test_nobody_comes_before_its_notice_nor_after_its_period(notice: float, week: int) -> None:
    found = refine(small(1, 1, **groups(notice=[notice])), solution([[1]], [[1]]))
    assert weeks(found.arriving[0]) == [week]
    assert found.late.tolist() == [week]


def test_who_nobody_relieves_goes_home_as_the_period_begins() -> None:
    found = refine(small(1), solution([[1, 0]], [[1, 0]]))
    assert (weeks(found.arriving[0]), weeks(found.leaving[0])) == ([0], [13])
    assert found.present[0].tolist() == [1] * 13 + [0] * 13


def test_who_waits_for_anothers_relief_keeps_his_post_until_it_comes() -> None:
    base = small(**groups(notice=[0.0, 17.0]))
    found = refine(base, solution([[1, 0], [0, 1]], [[1, 0], [0, 1]]))
    assert (weeks(found.leaving[0]), weeks(found.arriving[1])) == ([17], [17])
    assert found.serving[0].tolist() == [1] * 17 + [0] * 9
    assert found.serving[1].tolist() == [0] * 17 + [1] * 9
    tight = replace(base, limits=replace(base.limits, strength=np.array([100.0, 50.0])))
    assert refine(tight, solution([[1, 0], [0, 1]], [[1, 0], [0, 1]])).serving[0, 13:17].tolist() == [0.5] * 4


def test_lift_is_saved_up_within_a_period_and_kept_for_those_who_go_home() -> None:
    room = Room(np.array([10.0, 10.0]), np.array([0, 10]), np.array([10.0, 10.0]))
    assert [room.take(0, 0, 2.0), room.take(0, 0, 2.0), room.take(0, 6, 1.0)] == [1, 3, 6]
    assert room.take(0, 0, 9.0) == 9  # what does not fit comes in the last week
    room.reserve(1, 5.0)  # half a battalion a week is left
    assert [room.take(1, 10, 2.0), room.take(1, 10, 1.0)] == [13, 15]
