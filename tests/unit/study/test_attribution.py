"""What changed between two scenarios, and what each change carries."""

from itertools import permutations

import numpy as np
import pytest

import contingent as ct
from contingent.study.attribution import changes, grouped, mixed, shapley


@pytest.fixture(scope="module")
def scenario():
    return ct.read("isf_gaza")


def changed(scenario, **paths):
    raw = scenario.model_dump(mode="json")
    raw["stakeholders"]["army_leadership"]["stakes"]["participation"]["position"] = 30
    raw["pledges"] = raw["pledges"][1:]
    raw["process"]["deadline"] = 90
    return type(scenario).model_validate(raw)


def test_changes_name_their_place(scenario):
    after = changed(scenario)
    found = {change.path: change for change in changes(scenario, after)}
    first = scenario.pledges[0].id
    assert f"pledges.{first}" in found
    assert found[f"pledges.{first}"].after is None
    assert "process.deadline" in found
    assert found["stakeholders.army_leadership.stakes.participation.position"].after == 30
    assert len(found) == 3
    assert changes(scenario, scenario) == ()


def test_mixing_all_groups_gives_the_later_scenario(scenario):
    after = changed(scenario)
    groups = grouped(changes(scenario, after))
    assert mixed(scenario, after, list(groups)) == after
    assert mixed(scenario, after, []) == scenario
    only = mixed(scenario, after, ["process.deadline"])
    assert [c.path for c in changes(scenario, only)] == ["process.deadline"]


def test_shapley_by_hand():
    # a glove game: one left glove and two right gloves; only a pair is worth something (Shapley: 2/3, 1/6, 1/6)
    found = shapley(["l", "r1", "r2"], lambda s: np.array(float("l" in s and bool(s & {"r1", "r2"}))), seed=1)
    assert [float(found[k]) for k in ("l", "r1", "r2")] == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_shapley_parts_add_up_for_many_changes():
    names = list("abcdef")
    weights = {n: i + 1.0 for i, n in enumerate(names)}

    def worth(s):
        return np.array([sum(weights[n] for n in s), 2.0 * ("a" in s and "b" in s)])

    found = shapley(names, worth, seed=3)
    assert sum(found.values()) == pytest.approx(worth(frozenset(names)))
    assert found["c"] == pytest.approx([3.0, 0.0])


def test_shapley_is_the_mean_over_orders():
    names, table = ["a", "b", "c"], {}
    rng = np.random.default_rng(1)

    def worth(s):
        return np.array(table.setdefault(s, rng.random()))

    found = shapley(names, worth, seed=1)
    expected = dict.fromkeys(names, 0.0)
    for order in permutations(names):
        done = frozenset()
        for name in order:
            expected[name] += (table[done | {name}] - table[done]) / 6
            done |= {name}
    assert {n: float(v) for n, v in found.items()} == pytest.approx(expected)
