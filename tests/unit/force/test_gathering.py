"""The last goal: few contributors in a sector, with nothing that counts more given up for it."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from force_synthetic import Size, draw
from force_verify import verify
from tiny_force import rows, tiny

from contingent.force.gathering import _cohesion, gather, places
from contingent.force.instance import Instance
from contingent.force.model import write_model
from contingent.force.solve import solve
from contingent.scenario.read import read


def shared(instance: Instance, serving: np.ndarray) -> int:
    """Contributors in sectors, counted once for every sector they work in."""
    used = serving.any(axis=1)
    return len(np.unique(places(instance, instance.cells.group[used], instance.cells.row[used])))


def test_the_rows_to_the_last_coefficient() -> None:
    instance = tiny(periods=1)
    draft, *_ = write_model(instance)
    _cohesion(draft, instance, np.array([[2]]))
    model = SimpleNamespace(columns=draft.columns, rows=draft.rows, matrices=draft.matrices())
    assert rows(model, "cohesion") == ["+1 x[0,0] -2 b[0] <= 0"]


def test_two_contributors_who_cross_are_sent_one_to_each_sector() -> None:
    instance = tiny(groups=2, sectors=2, periods=2)
    crossed = np.array([[1, 0], [0, 1], [0, 1], [1, 0]], float)  # each in another sector in the second period
    found = gather(instance, crossed, np.array([0, 1, 0, 0, 1, 0]), np.zeros((0, 2, 2), bool), 10)
    assert shared(instance, crossed) == 4
    assert shared(instance, found) == 2
    assert found.reshape(2, 2, 2).sum(0).tolist() == [[1, 1], [1, 1]]


@pytest.mark.parametrize("seed", [1, 5])
def test_it_is_the_fewest_of_all_ways_to_stand(seed: int) -> None:
    rng = np.random.default_rng(seed)
    base = tiny(groups=3, sectors=3, periods=1)
    instance = replace(base, groups=replace(base.groups, count=np.array([1, 2, 2])))
    allowed = list(product(range(3), repeat=5))

    def stand(where) -> np.ndarray:
        serving = np.zeros((9, 1))
        for group, sector in zip((0, 1, 1, 2, 2), where, strict=True):
            serving[group * 3 + sector] += 1
        return serving

    start = stand(allowed[rng.integers(len(allowed))])
    covered = start.reshape(3, 3).sum(0)
    wanted = np.minimum(covered * 100, 150)
    ways = [s for s in map(stand, allowed) if (np.minimum(s.reshape(3, 3).sum(0) * 100, 150) >= wanted).all()]
    found = gather(instance, start, np.array([1, 2, 2]), np.zeros((0, 3, 1), bool), 10)
    assert shared(instance, found) == min(shared(instance, way) for way in ways)


@pytest.mark.parametrize("seed", [7, 9])
def test_nothing_that_counts_more_is_given_up(seed: int, monkeypatch) -> None:
    instance = draw(Size(contributors=8, units=24, sectors=3, periods=3), seed)
    together = solve(instance, gap=0.01)
    monkeypatch.setattr("contingent.force.solve.gather", lambda instance, serving, *_, **__: serving)
    apart = solve(instance, gap=0.01)
    assert list(verify(instance, together)) == []
    assert shared(instance, together.serving) < shared(instance, apart.serving)
    persons = instance.groups.persons[instance.cells.group][:, None]
    covered = [np.zeros_like(instance.demand.wanted) for _ in range(2)]
    for total, plan in zip(covered, (together, apart), strict=True):
        np.add.at(total, instance.cells.row, plan.serving * persons)
    served = [np.minimum(total, instance.demand.wanted) for total in covered]
    assert (served[0] >= served[1] - 0.1).all()
    assert np.array_equal(together.stays, apart.stays)


def test_the_shipped_case_has_a_fifth_fewer(gaza_plans) -> None:
    there = gaza_plans["un_mandate_full"].serving.any(["period", "task"]).to_pandas()
    whose = {p.id: p.contributor for p in read("isf_gaza").pledges}
    assert there.groupby(whose).any().to_numpy().sum() <= 22  # 28 if nobody gathers them
