"""Who must serve does, whatever it costs; a floor nobody can keep is refused, one who stays at home breaks none."""

from __future__ import annotations

import pytest
from force_verify import verify
from small_case import case, need, pledge, rule

from contingent.errors import InputError
from contingent.force.analysis import Analysis
from contingent.force.build_instance import build_instance
from contingent.force.plan import plan
from contingent.force.robust import robust
from contingent.force.solve import solve
from contingent.scenario.check import force_faults

OFFERS = pledge("alfa", cost=9000), pledge("bravo", "BBB")


def floor(persons: float = 100, **more):
    return {"sends": rule("floor", contributor="AAA", persons=persons, **more)}


def serving(scenario) -> dict[str, float]:
    found = plan(scenario).assigned.sum(["sector", "task"]).max("phase")
    return dict(zip(found["pledge"].values.tolist(), found.values.tolist(), strict=True))


def test_the_dearer_serves_only_where_it_must() -> None:
    assert serving(case(OFFERS, need())) == {"alfa": 0, "bravo": 100}
    assert serving(case(OFFERS, need(), composition=floor())) == {"alfa": 100, "bravo": 0}


def test_a_floor_counts_from_the_day_on_which_its_people_are_ready() -> None:
    late = pledge("alfa", notice=182, cost=9000), pledge("bravo", "BBB", tour=6, rotations=2)
    scenario = case(late, need(), composition=floor())
    (held,) = build_instance(scenario).limits.shares
    assert (held.least, held.persons, held.since) == (True, 100, 26)
    assert serving(scenario) == {"alfa": 100, "bravo": 100}
    assert not list(verify(build_instance(scenario), solve(build_instance(scenario))))


def test_a_floor_that_nobody_can_keep_is_refused() -> None:
    once = pledge("alfa", tour=6), OFFERS[1]  # one tour of half a year, and a year to serve
    with pytest.raises(InputError, match="no plan keeps every `floor`"):
        plan(case(once, need(), composition=floor()))
    asked = case(OFFERS, need(), composition=floor(300))
    ((path, what, _),) = [fault for fault in force_faults(asked) if "sends" in fault[0]]
    assert (path, what) == ("composition.sends.persons", "asks for 300 people of AAA, whose pledges hold 100")
    vetoed = {"no": rule("veto", contributor="AAA"), **floor()}
    assert serving(case(OFFERS, need(), composition=vetoed)) == {"alfa": 0, "bravo": 100}  # who is refused owes nothing


def test_who_stays_at_home_breaks_no_floor() -> None:
    scenario = case(OFFERS, need(200), composition=floor())
    lost = Analysis(scenario).withdrawals()
    assert [(change.what, round(change.critical)) for change in lost] == [("AAA", 100), ("BBB", 100)]
    assert robust(build_instance(scenario), 1).robust_worst.critical == pytest.approx(100, abs=1e-3)
