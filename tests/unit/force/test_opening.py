"""A plan opened from afar is a plan of the question itself, and as good as one searched for in full."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from force_synthetic import Size, draw
from force_verify import verify
from tiny_force import tiny

from contingent.force import solve as solving
from contingent.force.highs import to_highs
from contingent.force.model import build_model
from contingent.force.solve import solve
from contingent.force.warm_start import aggregated, warm_start

MIDDLE = Size(contributors=8, units=24, sectors=2, periods=4)
CLOSE = 1e-3


@pytest.mark.parametrize("seed", [3, 4])
def test_a_question_opened_from_afar_ends_at_the_optimum_of_the_tree(monkeypatch, seed: int) -> None:
    instance = draw(Size(contributors=3, units=9, sectors=2, periods=4), seed, full=True)
    plain = solve(instance, gap=CLOSE).solver
    monkeypatch.setattr(solving, "LARGE", 0)
    found = solve(instance, gap=CLOSE)
    assert found.solver.status == plain.status == "optimal"
    assert found.solver.objective == pytest.approx(plain.objective, rel=2 * CLOSE)
    assert found.solver.bound <= plain.objective * (1 + 1e-9)
    assert list(verify(instance, found)) == []


def test_the_same_opening_twice_keeps_every_row_and_is_near_the_best_plan() -> None:
    programme = build_model(draw(MIDDLE, 10, full=True), merged=True)
    rows, relaxed = programme.matrices, to_highs(programme.matrices)
    relaxed.run()
    force = np.asarray(relaxed.getSolution().col_value)[programme.columns["force"]]
    one, two = (warm_start(programme, force, lambda: np.inf) for _ in range(2))
    assert one is not None
    assert two is not None
    assert one.tobytes() == two.tobytes()
    sums = rows.matrix @ one
    assert (sums >= rows.lower - 1e-6).all()
    assert (sums <= rows.upper + 1e-6).all()
    assert np.abs(one[rows.whole] - np.round(one[rows.whole])).max() < 1e-6
    tree = to_highs(rows, whole=True)
    tree.run()
    assert rows.cost @ one == pytest.approx(tree.getInfo().objective_function_value, rel=0.01)


def test_from_afar_all_units_and_all_people_wanted_are_still_there() -> None:
    instance = draw(MIDDLE, 7, full=True)
    seen, of = aggregated(instance, np.full(4, 1e9))
    assert len(seen.groups.name) < len(instance.groups.name)
    assert np.bincount(of, instance.groups.count).tolist() == seen.groups.count.tolist()
    assert seen.demand.wanted.sum(0) == pytest.approx(instance.demand.wanted.sum(0))
    assert seen.limits.shares == ()
    assert (
        build_model(seen, merged=True).matrices.matrix.shape[0]
        < build_model(instance, merged=True).matrices.matrix.shape[0]
    )
    (medical,), (whole,) = seen.limits.supports, instance.limits.supports
    assert (len(medical.needs), medical.beyond) == (len(seen.groups.name), whole.beyond * len(instance.sectors))
    own = np.arange(len(instance.groups.name)) % 2 == 0
    mixed = replace(instance, limits=replace(instance.limits, supports=(replace(whole, needs=own),)))
    _, of = aggregated(mixed, np.full(4, 1e9))
    assert all(len(set(own[of == one].tolist())) == 1 for one in of)


def test_from_afar_a_contributor_whose_limits_may_bind_is_still_told_apart() -> None:
    instance = draw(MIDDLE, 7, full=True)
    seen, of = aggregated(instance, np.full(4, 1.0))
    groups = instance.groups
    ready = groups.notice <= instance.calendar.start[3]
    assert {len(set(groups.contributor[ready & (of == one)].tolist())) for one in of[ready]} == {1}
    assert len(seen.limits.shares) == len(set(groups.contributor[ready].tolist()))


def test_where_no_plan_fits_the_outline_there_is_none() -> None:
    programme = build_model(tiny(periods=2), merged=True)
    rows = programme.matrices
    none = replace(programme, matrices=replace(rows, lower=rows.lower + 1e4))
    assert warm_start(none, np.full(2, 100.0), lambda: np.inf) is None
