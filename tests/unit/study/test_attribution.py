"""What changed between two scenarios, and what each change carries."""

from itertools import permutations

import numpy as np
import pytest

import contingent as ct
from contingent.study.attribution import attribute, blocks, grouped, in_any_order, mixed
from contingent.study.comparison import changes, structure
from contingent.study.study import Study


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
    found = in_any_order(["l", "r1", "r2"], lambda s: np.array(float("l" in s and bool(s & {"r1", "r2"}))), seed=1)
    assert [float(found[k]) for k in ("l", "r1", "r2")] == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_shapley_parts_add_up_for_many_changes():
    names = list("abcdef")
    weights = {n: i + 1.0 for i, n in enumerate(names)}

    def worth(s):
        return np.array([sum(weights[n] for n in s), 2.0 * ("a" in s and "b" in s)])

    found = in_any_order(names, worth, seed=3)
    assert sum(found.values()) == pytest.approx(worth(frozenset(names)))
    assert found["c"] == pytest.approx([3.0, 0.0])


def test_shapley_is_the_mean_over_orders():
    names, table = ["a", "b", "c"], {}
    rng = np.random.default_rng(1)

    def worth(s):
        return np.array(table.setdefault(s, rng.random()))

    found = in_any_order(names, worth, seed=1)
    expected = dict.fromkeys(names, 0.0)
    for order in permutations(names):
        done = frozenset()
        for name in order:
            expected[name] += (table[done | {name}] - table[done]) / 6
            done |= {name}
    assert {n: float(v) for n, v in found.items()} == pytest.approx(expected)


def reordered(scenario):
    gates = dict(reversed(scenario.process.gates.items()))
    return scenario.model_copy(update={"process": scenario.process.model_copy(update={"gates": gates})})


def test_another_order_is_a_change_and_carries_over(scenario):
    after = reordered(scenario)
    (found,) = changes(scenario, after)
    assert (found.path, found.after) == ("process.gates", ", ".join(reversed(scenario.process.gates)))
    assert [*mixed(scenario, after, ["process.gates"]).process.gates] == [*after.process.gates]


def test_what_is_added_stands_in_its_place(scenario):
    """Both new pledges and the one taken away, whichever of the groups is taken over first."""
    fewer = scenario.model_copy(update={"pledges": (scenario.pledges[1], *scenario.pledges[3:])})
    names = [scenario.pledges[i].id for i in (0, 2)]
    for groups in ([f"pledges.{n}" for n in names], [f"pledges.{n}" for n in reversed(names)]):
        assert mixed(fewer, scenario, groups).pledges == scenario.pledges
        assert mixed(scenario, fewer, groups).pledges == fewer.pledges


def test_a_value_is_told_as_a_file_holds_it(scenario):
    one = scenario.with_({"process.deadline": "90 (60 to 120)", "options.decline.judgements.plan_consistency": 20})
    two = scenario.with_({"theatre.label": "Elsewhere"})
    told = {change.path: str(change) for change in (*changes(scenario, one), *changes(scenario, two))}
    assert told["process.deadline"].endswith("\u2192 90 (60 to 120)")
    assert told["theatre.label"] == f"theatre.label: {scenario.theatre.label} \u2192 Elsewhere"
    assert set(told) == {"process.deadline", "theatre.label", "options.decline.judgements.plan_consistency"}
    claim = next(iter(scenario.claims))
    gone = scenario.model_copy(update={"claims": {k: v for k, v in scenario.claims.items() if k != claim}})
    (change,) = changes(scenario, gone)
    assert (change.path, change.after) == (f"claims.{claim}", None)
    assert change.before["says"] == scenario.claims[claim].says
    assert str(change).endswith("\u2192 nothing")


def test_many_changes_take_few_orders_and_few_all():
    """Up to four groups every order is taken: 2 to the 4th sets; beyond, six permutations."""
    for names, most in (("abcd", 16), ("abcde", 6 * 5 + 1)):
        asked = []
        in_any_order(list(names), lambda s, asked=asked: asked.append(s) or np.array(float(len(s))), seed=1)
        assert len(asked) == len(set(asked)) <= most


def test_a_gate_that_became_an_event_is_told_and_attributed_with_it():
    """Two drafts that differ in structure: neither half of the change stands without the other."""
    first = ct.read("unifil_2006")
    court = {"label": "The court lets it stand", "kind": "chance", "probability": 0.5, "duration": 30}
    before = first.with_({"process.gates.court": court})
    event = {"label": "The court lets it stand", "probability": 0.5, "delay": 30}
    waits = {"label": "The court lets it stand", "kind": "event", "event": "court_clears", "duration": 0}
    after = first.with_({
        "process.events.court_clears": event, "process.gates.court": waits, "process.deadline": 45,
        "options.support_only": "none",
    })  # fmt: skip
    found = changes(before, after)
    assert structure(found) == (
        "event `court_clears` (The court lets it stand) is new", "option `support_only` (Support units only) is gone",
    )  # fmt: skip
    apart = blocks(before, after, list(grouped(found)))
    assert apart["process.gates + process.events"] == ("process.gates", "process.events")
    assert "process.deadline" in apart
    one, two = Study(before).run(40), Study(after).run(40)
    parts = attribute(one.question, two.question, runs=40)
    total = {option: sum(part.carried[option] for part in parts) for option in ("decline", "infantry")}
    first, second = (float(result.consultation.acceptance.sel(option="infantry")) for result in (one, two))
    assert total["infantry"] == pytest.approx(second - first, abs=1e-9)
