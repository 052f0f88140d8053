"""A force problem is solved once in a process, and only as many plans are kept as is said."""

from __future__ import annotations

import pytest
import xarray as xr

from contingent import force
from contingent.force.eligibility import is_valid
from contingent.scenario.paths import changed
from contingent.scenario.read import read
from contingent.study import planning


def test_the_same_problem_is_solved_once_and_the_oldest_plan_goes_first(monkeypatch) -> None:
    solved, plan = [], force.plan
    monkeypatch.setattr(planning, "KEPT", {})
    monkeypatch.setattr(planning, "MOST", 2)
    monkeypatch.setattr(force, "plan", lambda scenario, **how: solved.append(1) or plan(scenario, **how))
    scenario = read("isf_gaza")
    asked = {(name, ""): scenario.under(name) for name in ("decline", "support_only")}
    once, again = planning.plan_all(asked), planning.plan_all(asked)
    assert len(solved) == 2
    assert all(once[key].assigned.equals(again[key].assigned) for key in asked)
    planning.plan_all({("agreement_only_full", ""): scenario.under("agreement_only_full")})
    assert len(planning.KEPT) == 2
    planning.plan_all(asked)
    assert len(solved) > 3


@pytest.fixture(scope="module")
def gaza():
    return read("isf_gaza")


def test_a_plan_asks_the_same_whatever_the_public_at_home_thinks(gaza) -> None:
    asked = planning.problem(gaza)
    place = next(iter(gaza.theatre.sectors))
    unread = ("contributors.PAK.home_support", "contributors.PAK.casualty_sensitivity", f"theatre.sectors.{place}.need")
    for path in (*unread, "theatre.parameters.attack_risk"):
        assert planning.problem(changed(gaza, {path: 0.123})) == asked
    for path, value in (
        ("contributors.PAK.ceiling", 123), ("horizon", 105), ("pledges.pak_infantry.notice", 77),
        ("mandate.command", "un"), (f"theatre.sectors.{place}.label", "elsewhere"),
    ):  # fmt: skip
        assert planning.problem(changed(gaza, {path: value})) != asked
    turned = gaza.model_copy(update={"unit_types": dict(reversed(gaza.unit_types.items()))})
    assert turned == gaza
    assert planning.problem(turned) != asked  # whatever order decides a tie is asked for


def test_only_what_holds_and_what_excludes_is_planned_with(gaza) -> None:
    found = planning.effective(gaza)
    held = [pledge.id for pledge in gaza.pledges if is_valid(gaza, pledge)]
    assert [pledge.id for pledge in found.pledges] == held
    assert len(held) < len(gaza.pledges)  # those that wait for a mandate
    for pledge in found.pledges:
        for caveat in (gaza.caveats[name] for name in pledge.caveats):
            assert caveat.excludes_tasks or caveat.excludes_sectors or caveat.excludes_units
        assert "un_mandate_only" not in pledge.caveats  # a condition, met or not, excludes nothing
    with_mandate = gaza.with_({"mandate.legal_basis": "unsc_resolution"})
    assert len(planning.effective(with_mandate).pledges) > len(held)


def test_a_plan_over_some_pledges_has_nought_for_the_others() -> None:
    few = xr.DataArray([[1.0, 2.0], [3.0, 4.0]], dims=("x", "pledge"), coords={"x": [0, 1], "pledge": ["b", "d"]})
    wide = planning.spread(few.assign_attrs(units="person"), ["a", "b", "c", "d"])
    assert wide.dims == ("x", "pledge")
    assert wide.to_numpy().tolist() == [[0, 1, 0, 2], [0, 3, 0, 4]]
    assert wide["pledge"].to_numpy().tolist() == ["a", "b", "c", "d"]
    assert wide.attrs == {"units": "person"}
    assert planning.spread(few, ["b", "d"]) is few
