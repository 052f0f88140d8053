"""Same question, same id; another question, another id, whatever part of whatever scenario is another."""

import json
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from contingent.atomic import canonical_json
from contingent.brief.embedded_run import Parcel, unseal
from contingent.errors import ScenarioError
from contingent.records import Record
from contingent.scenario.model import Scenario
from contingent.scenario.paths import records
from contingent.scenario.read import read
from contingent.study.question import Question

CASES = ("isf_gaza", "unifil_2006")


@cache
def shipped(case):
    return read(case)


@cache
def dumped(case):
    return json.dumps(shipped(case).model_dump(mode="json"))


def asked(scenario):
    return Question(scenario, tuple(scenario.options), 1, 20, "0.2.0+aa", {"numpy": "2"})


def in_order(scenario):
    return canonical_json(scenario.model_dump(mode="json"), keep_order=True)


def places(node, path=()):
    """Every place in plain values, outermost first."""
    yield path
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield from places(value, (*path, key))


@cache
def all_places(case):
    return tuple(places(json.loads(dumped(case))))[1:]


def other(value, data):
    """Another value of the same kind."""
    if isinstance(value, dict) and value:
        keys = data.draw(st.permutations(list(value)))
        return {key: value[key] for key in keys[: data.draw(st.integers(len(keys) - 1, len(keys)))]}
    if isinstance(value, list) and value:
        items = data.draw(st.permutations(value))
        return items[: data.draw(st.integers(len(items) - 1, len(items)))]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + data.draw(st.sampled_from([1, -1, 0.25, 1e-9]))
    if isinstance(value, str):
        return value + data.draw(st.sampled_from(["x", " ", "1"]))
    return data.draw(st.sampled_from(["x", 1, ["x"]]))


def changed(case, data):
    """A shipped case with one to three parts reordered, dropped or changed."""
    plain = json.loads(dumped(case))
    for _ in range(data.draw(st.integers(1, 3))):
        *above, last = data.draw(st.sampled_from(all_places(case)))
        try:
            node = plain
            for step in above:
                node = node[step]
            node[last] = other(node[last], data)
        except (KeyError, IndexError, TypeError):  # dropped by the change before
            continue
    try:
        return Scenario.model_validate(plain)
    except (ValidationError, ScenarioError):
        assume(False)


@settings(max_examples=60, deadline=None)
@given(case=st.sampled_from(("unifil_2006", "unifil_2006", "unifil_2006", "isf_gaza")), data=st.data())
def test_equal_ids_are_equal_questions_and_every_part_travels(case, data):
    base, scenario = shipped(case), changed(case, data)
    same = in_order(base) == in_order(scenario)
    assert (asked(base).id == asked(scenario).id) is same
    assert (asked(base).scenario_hash == asked(scenario).scenario_hash) is same
    sent = Question.from_content(json.loads(canonical_json(asked(scenario).content, keep_order=True)))
    assert in_order(sent.scenario) == in_order(scenario)
    assert sent.id == asked(scenario).id
    assert sent.scenario == scenario


@pytest.mark.parametrize("case", CASES)
def test_nothing_of_a_scenario_is_left_out_of_what_is_hashed(case):
    """Every field of every record, walked generically: what is not dumped could change unseen."""
    for path, record in records(shipped(case)):
        dump = record.model_dump(mode="json")
        assert [*dump] == [*type(record).model_fields], path
        assert set(vars(record)) == set(type(record).model_fields), path


def test_every_mapping_and_list_has_an_order_that_is_part_of_the_question():
    case = "unifil_2006"
    base = asked(shipped(case)).id
    for path in all_places(case):
        plain = json.loads(dumped(case))
        node = plain
        for step in path:
            node = node[step]
        if isinstance(node, dict | list) and len(node) > 1 and len(path) < 4:
            turned = dict(reversed(node.items())) if isinstance(node, dict) else node[::-1]
            if turned == node and isinstance(node, list):
                continue
            above = plain
            for step in path[:-1]:
                above = above[step]
            above[path[-1]] = turned
            scenario = Scenario.model_validate(plain)
            reordered = in_order(scenario) != in_order(shipped(case))  # a record's fields have one order, as declared
            assert (asked(scenario).id != base) is reordered, path


def test_every_other_part_of_a_question_has_an_id_of_its_own():
    s = shipped("unifil_2006")
    options = tuple(s.options)
    questions = [
        Question(s, options, 1, 20, "v", {"numpy": "2", "highspy": "1"}),
        Question(s, options[::-1], 1, 20, "v", {"numpy": "2", "highspy": "1"}),
        Question(s, options[:-1], 1, 20, "v", {"numpy": "2", "highspy": "1"}),
        Question(s, options, 2, 20, "v", {"numpy": "2", "highspy": "1"}),
        Question(s, options, 1, 21, "v", {"numpy": "2", "highspy": "1"}),
        Question(s, options, 1, 20, "w", {"numpy": "2", "highspy": "1"}),
        Question(s, options, 1, 20, "v", {"numpy": "2", "highspy": "2"}),
    ]
    assert len({question.id for question in questions}) == len(questions)
    unlike = [sorted(questions[0].unlike(question)) for question in questions]
    assert unlike == [[], ["options"], ["options"], ["seed"], ["runs"], ["code"], ["highspy"]]
    assert questions[0].unlike(questions[6])["highspy"] == ("1", "2")
    later = Question(s.model_copy(update={"title": "Other"}), options, 1, 20, "v", {"numpy": "2", "highspy": "1"})
    assert sorted(questions[0].unlike(later)) == ["scenario"]


def test_a_parcel_carries_the_order_of_everything():
    scenario = shipped("unifil_2006")
    gates = dict(reversed(scenario.process.gates.items()))
    turned = scenario.model_copy(update={"process": scenario.process.model_copy(update={"gates": gates})})
    assert turned == scenario
    sent = unseal(Parcel(asked(turned)).sealed(), "x.ctg").parcel("x.ctg").question
    assert in_order(sent.scenario) == in_order(turned) != in_order(scenario)
    assert sent.id == asked(turned).id != asked(scenario).id
    assert in_order(Scenario.model_validate_json(turned.model_dump_json())) == in_order(turned)


def test_a_record_takes_no_infinity_which_no_brief_could_carry():
    with pytest.raises(ScenarioError, match="finite"):
        shipped("isf_gaza").with_({"process.status_quo.participation": float("inf")})
    assert issubclass(Scenario, Record)
