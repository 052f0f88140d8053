"""One tiny golden programme per constraint family: what stands in the rows, to the last coefficient."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tiny_force import rows, tiny

from contingent.force.instance import ShareRule, SupportRule
from contingent.force.model import build_model
from contingent.force.symmetry import deal_out, pooled


def test_cover() -> None:
    assert rows(build_model(tiny(periods=1)), "cover") == ["+100 x[0,0] +1 short[0,0] >= 150"]


def test_critical_follows_from_the_shortfall() -> None:
    assert rows(build_model(tiny(periods=1)), "critical") == ["-1 short[0,0] +1 critical[0,0] >= -50"]


def test_on_hand_are_those_who_came_within_a_tour() -> None:
    base = tiny(periods=3)
    model = build_model(replace(base, groups=replace(base.groups, tour=np.array([2]))))
    within = ["+1 a[0,0]", "+1 a[0,0] +1 a[0,1]", "+1 a[0,1] +1 a[0,2]"]
    assert rows(model, "available") == [f"{came} <= 2" for came in within]
    lent = [f"+1 use[0,{t}] {came.replace('+', '-')} <= 0" for t, came in enumerate(within)]
    assert rows(model, "on_hand") == lent
    assert rows(model, "lent") == [f"+1 x[0,{t}] -1 use[0,{t}] = 0" for t in range(3)]
    assert rows(model, "tours") == ["+1 a[0,0] +1 a[0,1] +1 a[0,2] <= 10"]


def test_strength_is_what_all_serve() -> None:
    model = build_model(tiny(periods=1, limits={"strength": np.array([120.0])}))
    assert rows(model, "strength") == ["+100 use[0,0] -1 force[0] = 0"]
    assert model.matrices.high[model.columns["force"]].tolist() == [120]


def test_ceiling_of_a_contributor() -> None:
    assert rows(build_model(tiny(periods=1, limits={"contributor": np.array([150.0])})), "ceiling") == [
        "+100 use[0,0] <= 150"
    ]


def test_lift_counts_units_going_home() -> None:
    there = rows(build_model(tiny(limits={"lift": np.full(2, 3.0)})), "lift")
    assert there == ["+1 a[0,0] <= 3", "+1 a[0,1] <= 3"]
    both = rows(build_model(tiny(limits={"lift": np.full(2, 3.0), "outbound": True})), "lift")
    assert both == ["+1 a[0,0] <= 3", "+1 a[0,0] +1 a[0,1] <= 3"]


def test_budget_by_stretch_of_time() -> None:
    model = build_model(tiny(periods=1, limits={"budget": np.array([500_000.0])}))
    months = 13 * 7 / 30.4375
    assert rows(model, "budget") == [f"{0.1 * months:+g} use[0,0] <= 0.5"]


def test_shares_at_least_and_at_most() -> None:
    rules = (
        ShareRule("mainly", np.array([True, False]), 0.5, least=True),
        ShareRule("most", np.array([False, True]), 0.4, least=False),
    )
    model = build_model(tiny(groups=2, periods=1, limits={"shares": rules}))
    assert rows(model, "shares") == [
        "+100 use[0,0] -0.5 force[0] >= 0",
        "-100 use[1,0] +0.4 force[0] >= 0",
    ]


def test_support_of_a_sector() -> None:
    needs = np.array([True, False])  # the second brings its own
    rules = (SupportRule("medical", 7, 1500.0, 500.0, needs), SupportRule("supply", 0, 800.0, 0.0, needs))
    model = build_model(tiny(groups=2, periods=1, limits={"supports": rules}))
    assert rows(model, "support medical") == ["+100 x[0,0] -1 uncovered[0,0,0] <= 500"]
    assert rows(model, "support supply") == ["-800 x[0,0] -800 x[1,0] -1 uncovered[1,0,0] <= 0"]
    assert pooled(model.instance).of.tolist() == [0, 1]


def test_a_pool_is_lent_to_by_all_who_may_serve_the_same_rows() -> None:
    model = build_model(tiny(groups=2, sectors=2, periods=1), merged=True)
    assert rows(model, "lent") == ["+1 x[0,0] +1 x[1,0] -1 use[0,0] -1 use[1,0] = 0"]
    assert rows(model, "cover")[0] == "+100 x[0,0] +1 short[0,0] >= 150"


def test_units_of_a_pool_stay_where_they_were_and_newcomers_join_their_own() -> None:
    instance = tiny(groups=2, sectors=2, periods=3)
    lent = np.array([[1, 2, 2], [1, 0, 1]])
    serving = np.array([[1, 1, 2], [1, 1, 1]])
    found = deal_out(instance, pooled(instance), serving.astype(float), lent.astype(float))
    assert found.tolist() == [[1, 1, 1], [0, 1, 1], [0, 0, 1], [1, 0, 0]]
