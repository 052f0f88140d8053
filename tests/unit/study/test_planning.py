"""A force problem is solved once in a process, and only as many plans are kept as is said."""

from __future__ import annotations

from contingent import force
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
