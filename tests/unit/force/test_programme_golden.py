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


def test_in_theatre_are_those_whose_stay_lasts() -> None:
    base = tiny(periods=3)
    model = build_model(replace(base, groups=replace(base.groups, tour=np.array([26.0]))))
    # from week 0 for two periods or for three (a tour of 39 weeks is too long, two of 19.5 are not), from week 13 to
    # the end, and from week 26, where the end of the operation cuts the tour short
    stays = list(zip(model.stays.start, model.stays.end, model.stays.tours, strict=True))
    assert stays == [(0, 26, 1), (0, 39, 2), (13, 39, 1), (26, 39, 1)]
    assert rows(model, "there") == [
        "+1 there[0,0] -1 stay[0] -1 stay[1] = 0", "+1 there[0,1] -1 stay[0] -1 stay[1] -1 stay[2] = 0",
        "+1 there[0,2] -1 stay[1] -1 stay[2] -1 stay[3] = 0",
    ]  # fmt: skip
    assert model.matrices.high[model.columns["there"]].tolist() == [[2, 2, 2]]
    assert rows(model, "lent") == [f"+1 x[0,{t}] -1 there[0,{t}] = 0" for t in range(3)]
    assert rows(model, "tours") == ["+1 stay[0] +2 stay[1] +1 stay[2] +1 stay[3] <= 10"]


def test_strength_is_all_who_are_there() -> None:
    model = build_model(tiny(periods=1, limits={"strength": np.array([120.0])}))
    assert rows(model, "strength") == ["+100 there[0,0] -1 force[0] = 0"]
    assert model.matrices.high[model.columns["force"]].tolist() == [120]


def test_ceiling_of_a_contributor() -> None:
    assert rows(build_model(tiny(periods=1, limits={"contributor": np.array([150.0])})), "ceiling") == [
        "+100 there[0,0] <= 150"
    ]


def test_lift_counts_units_going_home() -> None:
    # stays of weeks 0 to 13, 0 to 26 in two tours, and 13 to 26; what arrives in week 13 travels in the first period
    there = rows(build_model(tiny(limits={"lift": np.full(2, 3.0)})), "lift")
    assert there == ["+1 stay[0] +2 stay[1] +1 stay[2] <= 3", " <= 3"]
    both = rows(build_model(tiny(limits={"lift": np.full(2, 3.0), "outbound": True})), "lift")
    assert both == ["+2 stay[0] +3 stay[1] +1 stay[2] <= 3", " <= 3"]
    saved = tiny(limits={"lift": np.full(2, 3.0)}, calendar={"stretch": np.zeros(2, int)})
    assert rows(build_model(saved), "lift")[1] == "+1 stay[0] +2 stay[1] +1 stay[2] <= 6"


def test_budget_by_stretch_of_time() -> None:
    model = build_model(tiny(periods=1, limits={"budget": np.array([500_000.0])}))
    months = 13 * 7 / 30.4375
    assert rows(model, "budget") == [f"{0.1 * months:+g} there[0,0] <= 0.5"]


def test_shares_at_least_and_at_most() -> None:
    rules = (
        ShareRule("mainly", np.array([True, False]), 0.5, least=True),
        ShareRule("most", np.array([False, True]), 0.4, least=False),
    )
    model = build_model(tiny(groups=2, periods=1, limits={"shares": rules}))
    assert rows(model, "shares") == [
        "+100 there[0,0] -0.5 force[0] >= 0",
        "-100 there[1,0] +0.4 force[0] >= 0",
    ]


def test_support_of_a_sector() -> None:
    needs = np.array([True, False])  # the second brings its own
    rules = (
        SupportRule("medical", np.zeros(2), needs, 500.0),
        SupportRule("supply", np.full(2, 800.0), np.zeros(2, bool), 0.0)
    )  # fmt: skip
    model = build_model(tiny(groups=2, periods=1, limits={"supports": rules}))
    assert rows(model, "support medical") == ["+100 x[0,0] -1 uncovered medical[0,0] <= 500"]
    assert rows(model, "support supply") == ["-800 x[0,0] -800 x[1,0] -1 uncovered supply[0,0] <= 0"]
    assert pooled(model.instance).of.tolist() == [0, 1]


def test_a_pool_is_lent_to_by_all_who_may_serve_the_same_rows() -> None:
    model = build_model(tiny(groups=2, sectors=2, periods=1), merged=True)
    assert rows(model, "lent") == ["+1 x[0,0] +1 x[1,0] -1 there[0,0] -1 there[1,0] = 0"]
    assert rows(model, "cover")[0] == "+100 x[0,0] +1 short[0,0] >= 150"


def test_units_of_a_pool_stay_where_they_were_and_newcomers_join_their_own() -> None:
    instance = tiny(groups=2, sectors=2, periods=3)
    lent = np.array([[1, 2, 2], [1, 0, 1]])
    serving = np.array([[1, 1, 2], [1, 1, 1]])
    found = deal_out(instance, pooled(instance), serving.astype(float), lent.astype(float))
    assert found.tolist() == [[1, 1, 1], [0, 1, 1], [0, 0, 1], [1, 0, 0]]
