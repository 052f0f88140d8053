"""What would help and whom the force cannot lose: by hand, against plans solved anew, and in the shipped case."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_case import case, need, pledge

from contingent.force import plan
from contingent.force.analysis import Analysis
from contingent.force.blockers import blockers
from contingent.force.build_instance import build_instance
from contingent.force.solve import solve
from contingent.scenario.pledge import Caveat
from contingent.scenario.read import read

OPTION = "un_mandate_no_disarmament"


@pytest.fixture(scope="module")
def scenario():
    return read("isf_gaza").under(OPTION)


@pytest.fixture(scope="module")
def analysis(scenario):
    return Analysis(scenario)


@pytest.fixture(scope="module")
def roomy(scenario):
    """The case with the most that may be authorized. As shipped so few are that hardly anything else is in the way.

    Nobody must serve in it: a plan without Pakistan keeps no rule by which Pakistan serves.
    """
    most = scenario.mandate.authorized_strength.high
    return scenario.with_({"mandate.authorized_strength": most, "composition.pakistan_serves.persons": 0})


@pytest.fixture(scope="module")
def with_room(roomy):
    return Analysis(roomy)


@pytest.fixture(scope="module")
def why(scenario, analysis, gaza_plans):
    return {blocker.requirement: blocker for blocker in blockers(scenario, gaza_plans[OPTION], analysis)}


def solved(instance) -> float:
    """Persons below the minimum, averaged over weeks, in a plan solved anew in whole units."""
    weeks = instance.calendar.weeks
    return float(solve(instance, gap=1e-3).critical.sum(0) @ weeks / weeks.sum())


def test_the_shortfall_beside_which_changes_stand_is_the_plans(scenario, analysis, gaza_plans) -> None:
    phases, short = scenario.mandate.phases, gaza_plans[OPTION].critical.sum(["unit_type", "sector", "task"])
    weeks = np.array([phases[name].end - phases[name].start for name in short["phase"].values])
    assert analysis.now.critical == pytest.approx(float(short.values @ weeks / weeks.sum()), abs=1)


def lost(scenario, contributor: str) -> float:
    """Persons more below the minimum, in plans solved anew with a contributor and without it."""
    base = build_instance(scenario)
    kept = base.groups.contributor[base.cells.group] != base.contributors.index(contributor)
    cells = replace(base.cells, group=base.cells.group[kept], row=base.cells.row[kept], asked=base.cells.asked[kept])
    return solved(replace(base, cells=cells)) - solved(base)


@pytest.mark.parametrize(("authorized", "part"), [(1000, 0), (370, 50)])
def test_a_withdrawal_costs_what_a_plan_without_the_contributor_lacks(authorized: int, part: int) -> None:
    """Where too few are authorized, it costs less by at most a part of one unit, here of 50 engineers."""
    builders = pledge("bravo", "BBB", strength=200, caveats=["no_build"])
    pledges = (
        pledge("alfa", strength=300),
        builders,
        pledge("charlie", "CCC", "eng"),
        pledge("delta", "BBB", "eng", strength=50, notice=91),
    )
    asked = (*need(300, 250), *need(200, 120, sector="south", task="build"), *need(150, 100, unit="eng"))
    caveats = {"no_build": Caveat(label="No building", excludes_tasks=["build"])}
    tiny = case(pledges, asked, caveats=caveats, strength=authorized)
    found = {change.what: change.critical for change in Analysis(tiny).withdrawals()}
    assert next(iter(found)) == "AAA"
    assert found["AAA"] == max(found.values()) > 0
    for contributor, persons in found.items():
        anew = lost(tiny, contributor)
        assert anew - part - 1e-2 <= persons <= anew + 1e-2


def test_one_more_unit_a_lifted_caveat_and_an_eased_rule_never_hurt(roomy, analysis, with_room) -> None:
    for each in (analysis, with_room):
        for found in (each.one_more(), each.caveats(), each.rules()):
            assert all(change.critical <= 1e-6 for change in found)
            assert [c.critical for c in found] == sorted(c.critical for c in found)
    # as shipped the authorized strength is the first thing in the way, and a tenth more of it is enough for the minima
    assert analysis.rules()[0].what == "authorized strength + 10 %"
    assert analysis.now.critical + analysis.rules()[0].critical == pytest.approx(with_room.now.critical, abs=1)
    # with room for all, what the caveats leave open is infantry to disarm, and fewer than a battalion are needed
    phases, horizon = roomy.mandate.phases, roomy.horizon
    barred = [r for r in roomy.requirements if (r.unit, r.task) == ("infantry_battalion", "disarmament")]
    for name in phases:
        needed = sum(r.minimum.best for r in barred if r.phase == name)
        assert needed <= roomy.unit_types["infantry_battalion"].strength
    least = sum(r.minimum.best * (phases[r.phase].end - phases[r.phase].start) / horizon for r in barred)
    assert least > 0
    more = {change.what: change.critical for change in with_room.one_more()}
    assert more["infantry_battalion"] < -least  # it is there on the first day, when nobody else has come
    lifted = {change.what: change.critical for change in with_room.caveats()}
    assert lifted["no_disarmament"] == pytest.approx(-least)
    assert lifted["no_disarmament, PAK alone"] == pytest.approx(-least)
    # Turkish troops are infantry without caveats and one company for ordnance
    eased = {change.what: change.critical for change in with_room.rules()}
    both = more["infantry_battalion"] + more["explosive_ordnance_company"]
    assert both < eased["without israel_refuses_turkish_troops"] < -least  # they come after their notice
    assert more["explosive_ordnance_company"] < -1


def test_a_requirement_nobody_may_serve_is_short_alone_and_says_why(why) -> None:
    blocked = why["gaza_disarm_infantry_main"]
    assert blocked.alone == pytest.approx(blocked.short)
    assert blocked.instead == ()
    reasons = dict(blocked.why)
    assert "pak_infantry" in reasons["barred by its caveats (no_disarmament)"]
    assert reasons["its contributor is refused (israel_refuses_turkish_troops)"] == ("tur_infantry",)


def test_requirements_that_conflict_are_named(scenario, why) -> None:
    rows = {row.id: row for row in scenario.requirements}
    ordnance = [b for name, b in why.items() if rows[name].unit == "explosive_ordnance_company"]
    blocked = next(b for b in ordnance if rows[b.requirement].phase == "handover")
    assert blocked.alone == 0
    assert blocked.instead
    # two companies are offered: one sector's is another's, and as many people go missing there
    assert {rows[name].unit for name, _ in blocked.instead} == {"explosive_ordnance_company"}
    assert sum(persons for _, persons in blocked.instead) == pytest.approx(blocked.short)
    wholly = {name for name, b in why.items() if b.short >= rows[name].minimum.best - 0.5}
    assert not {name for name, _ in blocked.instead} & wholly  # who has nothing left loses nothing
    # before, when the authorized strength is full, whoever else serves would have to stay away for it
    full = next(b for b in ordnance if rows[b.requirement].phase == "main")
    assert sum(persons for _, persons in full.instead) == pytest.approx(full.short, abs=0.1)


def test_the_answer_depends_on_nothing_asked_before(scenario, analysis) -> None:
    first = analysis.one_more()
    analysis.rules()
    assert [(c.what, round(c.critical, 3)) for c in analysis.one_more()] == [
        (c.what, round(c.critical, 3)) for c in first
    ]


def test_a_pledge_for_some_sectors_serves_no_other() -> None:
    found = plan(case((pledge("alfa", sectors=["south"]),), need() + need(sector="south")))
    assert found.assigned.sum(["pledge", "task"]).sel(phase="main").values.tolist() == [0, 100]
