"""What would help and whom the force cannot lose: by hand, against plans solved anew, and in the shipped case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contingent.force import plan
from contingent.force.analysis import Analysis
from contingent.force.blockers import blockers
from contingent.force.build_instance import build_instance
from contingent.force.solve import solve
from contingent.scenario.read import read


@pytest.fixture(scope="module")
def scenario():
    return read("isf_gaza").under("un_mandate_no_disarmament")


@pytest.fixture(scope="module")
def analysis(scenario):
    return Analysis(scenario)


@pytest.fixture(scope="module")
def why(scenario, analysis):
    return {blocker.requirement: blocker for blocker in blockers(scenario, plan(scenario), analysis)}


def solved(instance) -> float:
    """Persons below the minimum, averaged over weeks, in a plan solved anew in whole units."""
    weeks = instance.calendar.weeks
    return float(solve(instance, gap=1e-3).critical.sum(0) @ weeks / weeks.sum())


def test_the_shortfall_beside_which_changes_stand_is_the_plans(scenario, analysis) -> None:
    assert analysis.now.critical == pytest.approx(solved(build_instance(scenario)), abs=1)


def test_a_withdrawal_costs_what_a_plan_without_the_contributor_lacks(scenario, analysis) -> None:
    base = build_instance(scenario)
    gone = base.contributors.index("IDN")
    kept = base.groups.contributor[base.cells.group] != gone
    cells = replace(base.cells, group=base.cells.group[kept], row=base.cells.row[kept], asked=base.cells.asked[kept])
    anew = solved(replace(base, cells=cells)) - solved(base)
    found = {change.what: change.critical for change in analysis.withdrawals()}
    assert found["IDN"] == pytest.approx(anew, abs=1)
    assert found["IDN"] == max(found.values())
    assert all(value >= -1e-6 for value in found.values())


def test_one_more_unit_a_lifted_caveat_and_an_eased_rule_never_hurt(analysis) -> None:
    for found in (analysis.one_more(), analysis.caveats(), analysis.rules()):
        assert all(change.critical <= 1e-6 for change in found)
        assert [c.critical for c in found] == sorted(c.critical for c in found)
    more = {change.what: change.critical for change in analysis.one_more()}
    assert more["infantry_battalion"] == pytest.approx(-425)  # half a battalion's companies in each of two half-years
    lifted = {change.what: change.critical for change in analysis.caveats()}
    assert lifted["no_disarmament"] < -400
    assert lifted["no_disarmament, PAK alone"] < -400
    eased = {change.what: change.critical for change in analysis.rules()}
    assert eased["without israel_refuses_turkish_troops"] < -500


def test_a_requirement_nobody_may_serve_is_short_alone_and_says_why(why) -> None:
    blocked = why["gaza_disarm_infantry_main"]
    assert blocked.alone == pytest.approx(blocked.short)
    assert blocked.instead == ()
    reasons = dict(blocked.why)
    assert "pak_infantry" in reasons["barred by its caveats (no_disarmament)"]
    assert reasons["its contributor is refused (israel_refuses_turkish_troops)"] == ("tur_infantry",)


def test_requirements_that_conflict_are_named(scenario, why) -> None:
    rows = {row.id: row for row in scenario.requirements}
    blocked = next(b for name, b in why.items() if rows[name].unit == "explosive_ordnance_company")
    assert blocked.alone == 0
    assert blocked.instead
    # two companies are offered: one sector's is another's, and as many people go missing there
    assert {rows[name].unit for name, _ in blocked.instead} == {"explosive_ordnance_company"}
    assert sum(persons for _, persons in blocked.instead) == pytest.approx(blocked.short)
    wholly = {name for name, b in why.items() if b.short >= rows[name].minimum.best - 0.5}
    assert not {name for name, _ in blocked.instead} & wholly  # who has nothing left loses nothing


def test_the_answer_depends_on_nothing_asked_before(scenario, analysis) -> None:
    first = analysis.one_more()
    analysis.rules()
    assert [(c.what, round(c.critical, 3)) for c in analysis.one_more()] == [
        (c.what, round(c.critical, 3)) for c in first
    ]


def test_a_pledge_for_some_sectors_serves_no_other(scenario) -> None:
    only = tuple(p.model_copy(update={"sectors": ("rafah",)}) for p in scenario.pledges)
    found = plan(scenario.model_copy(update={"pledges": only}))
    assert float(found.assigned.drop_sel(sector="rafah").sum()) == 0
    assert float(found.assigned.sel(sector="rafah").sum()) > 0
