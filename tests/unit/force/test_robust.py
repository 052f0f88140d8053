"""The plan against withdrawals: worked out by hand, against every loss tried, and within every rule."""

from __future__ import annotations

from itertools import combinations
from time import perf_counter

import numpy as np
import pytest
from force_synthetic import Size, draw
from force_verify import verify
from tiny_force import tiny

from contingent.errors import InputError
from contingent.force import two_stage
from contingent.force.robust import _first, _Search, robust
from contingent.force.solve import solve
from contingent.force.two_stage import Adversary, together, two_stages

SMALL = Size(contributors=4, units=9, sectors=2, periods=3)


def settled(instance, parts) -> np.ndarray:
    """The ordinary plan in the programme's columns."""
    return _first(parts, solve(instance, gap=1e-3))


def test_two_units_are_taken_from_two_contributors_rather_than_one() -> None:
    # two units are authorized, each contributor offers two, 100 people are needed: one each survives any one loss
    found = robust(tiny(groups=2, periods=1, limits={"strength": np.array([200.0])}), 1)
    assert found.ordinary_worst.critical == pytest.approx(100, abs=1e-3)
    assert found.robust_worst.critical == pytest.approx(0, abs=1e-3)
    assert found.solution.serving.sum(1).tolist() == [1, 1]
    assert found.robust.critical == found.ordinary.critical == 0
    assert found.robust.short == found.ordinary.short  # safety costs nothing here
    assert found.solution.solver.status == "optimal"


def test_nobody_new_comes_in_the_first_half_year_and_all_can_after_it() -> None:
    instance = tiny(groups=2, periods=3, limits={"strength": np.full(3, 200.0)})  # quarters: two of them are settled
    parts = two_stages(instance)
    against = Adversary(parts)
    against.settle(settled(instance, parts))  # both units from the first contributor
    assert against.short((0,))[0] == pytest.approx(100 * 2 / 3, abs=1e-3)


@pytest.mark.parametrize("full", [False, True])
def test_the_worst_loss_is_the_same_whether_all_are_tried_or_one_programme_is_solved(full, monkeypatch) -> None:
    instance = draw(SMALL, 4, full=full)
    parts = two_stages(instance)
    against = Adversary(parts)
    against.settle(settled(instance, parts))
    tried = against.worst(2, 30)
    assert tried.cost == pytest.approx(max(against.cost(loss) for loss in combinations(against.senders, 2)), rel=1e-9)
    monkeypatch.setattr(two_stage, "TRIED", 0)
    solved = against.worst(2, 30)
    assert solved.cost == pytest.approx(tried.cost, rel=2e-3)
    assert solved.bound >= tried.cost * (1 - 1e-6)


def test_a_robust_plan_loses_no_more_than_the_ordinary_one_and_keeps_every_rule() -> None:
    instance = draw(SMALL, 1)
    found = robust(instance, 1, gap=0.02, seconds=20)
    assert list(verify(instance, found.solution)) == []
    assert found.solution.solver.bound <= found.solution.solver.objective * (1 + 1e-9)
    assert found.solution.solver.gap <= 0.02
    parts = two_stages(instance)
    against = Adversary(parts)
    values = settled(instance, parts)
    against.settle(values)
    assert found.solution.solver.objective <= against.worst(1, 20).cost * (1 + 1e-3)


def test_more_withdrawals_than_contributors_are_refused() -> None:
    for k in (0, 2):
        with pytest.raises(InputError, match="2 contributors can serve under this option; ask for 1 to 1"):
            robust(tiny(groups=2), k)


def test_a_plan_made_in_no_time_still_uses_all_who_come_after_the_first_half_year() -> None:
    instance = draw(SMALL, 3, full=True)
    found = robust(instance, 1, seconds=0.01)
    assert found.robust.critical <= found.robust_worst.critical + 1e-3
    assert list(verify(instance, found.solution)) == []
    unpolished = two_stages(instance)
    search = _Search(unpolished, Adversary(unpolished), 1, until=0.0)
    search.losses = [(0,)]
    search.until = perf_counter() + 20
    plan = search._solved(together(unpolished, search.losses, whole=False), 0.01 / 4, whole=True)
    assert plan is not None
    first, _ = plan
    width = len(unpolished.posed.matrices.cost)
    better = search._completed(first, 0.01)
    assert better is not None
    cost = unpolished.posed.matrices.cost
    assert cost @ better < 0.9 * (cost @ first[:width])
    assert np.abs(unpolished.link @ (better - first[:width])).max() < 1e-5
