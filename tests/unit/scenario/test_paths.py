"""Dotted paths: where they lead, which numbers and records lie below, and when a condition on them holds."""

import pytest
from pydantic import ValidationError

from contingent.notation import Persons, Scale, Share
from contingent.quantities import Estimate
from contingent.records import Name, Names, SourcedRecord
from contingent.scenario.model import Scenario
from contingent.scenario.paths import child, children, estimates, records, satisfies, value_at
from contingent.scenario.read import read


class Leaf(SourcedRecord):
    id: Name
    people: Persons
    share: Share = Estimate(0.5, 0.5, 0.5)


class Tree(SourcedRecord):
    kind: str
    names: Names = ()
    plain: tuple[float, ...] = (4.0, 5.0)
    by_name: dict[Name, Leaf]
    listed: tuple[Leaf, ...]


def tree(**more) -> Tree:
    leaf = {"id": "one", "people": "10 (5 to 20)"}
    other = {"id": "two", "people": {"best": 7, "claims": "C9"}, "assumption": "a guess"}
    return Tree.model_validate({"kind": "oak", "by_name": {"x": leaf}, "listed": [leaf, other], **more})


def test_a_step_is_a_field_a_key_an_id_or_an_index():
    t = tree()
    assert value_at(t, "kind") == "oak"
    assert value_at(t, "by_name.x.id") == "one"
    assert value_at(t, "listed.two.people").best == 7
    assert child((4.0, 5.0), "1") == 5.0
    assert [step for step, _ in children(t.listed)] == ["one", "two"]
    assert [step for step, _ in children("text")] == []


@pytest.mark.parametrize(("path", "missing"), [("kind.x", "x"), ("listed.three.id", "three"), ("by_name.y", "y")])
def test_a_step_that_leads_nowhere_is_named(path, missing):
    with pytest.raises(KeyError, match=missing):
        value_at(tree(), path)


def test_every_record_comes_with_its_path_the_outermost_first():
    assert [path for path, _ in records(tree())] == ["", "by_name.x", "listed.one", "listed.two"]


def test_a_number_inherits_the_sources_of_the_nearest_record_that_has_any():
    found = dict(estimates(tree(claims=["C1"])))
    assert [*found] == [
        "by_name.x.people", "by_name.x.share", "listed.one.people", "listed.one.share", "listed.two.people",
        "listed.two.share",
    ]  # fmt: skip
    assert found["by_name.x.people"].claims == ("C1",)  # the tree's
    assert found["listed.two.people"].claims == ("C9",)  # its own
    assert (found["listed.two.share"].claims, found["listed.two.share"].assumption) == ((), "a guess")  # the leaf's
    # what nobody wrote rests on what is said around it; where nothing is, it is no number of the scenario
    assert "by_name.x.share" not in dict(estimates(tree()))
    assert "listed.two.share" in dict(estimates(tree()))
    assert found["listed.one.people"].low == 5
    own = tree(claims=["C1"], by_name={"x": {"id": "one", "people": {"best": 3, "assumption": "mine"}}})
    number = dict(estimates(own))["by_name.x.people"]
    assert (number.claims, number.assumption) == ((), "mine")  # its own assumption, and none of the tree's claims


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        ({}, True),
        ({"kind": "oak"}, True),
        ({"kind": "elm"}, False),
        ({"kind": ["elm", "oak"]}, True),
        ({"kind": ("elm", "ash")}, False),
        ({"kind": "oak", "by_name.x.id": "two"}, False),  # every one of them, not any
        ({"kind": "oak", "by_name.x.id": "one"}, True),
    ],
)
def test_conditions_hold_where_every_path_has_one_of_its_values(conditions, holds):
    assert satisfies(tree(), conditions) is holds


def test_a_condition_on_what_an_option_took_away_is_not_met():
    assert not satisfies(tree(), {"by_name.leaf": 1})


class Open(SourcedRecord):
    """Optional numbers of every kind, as a scenario may have them."""

    share: Share = Estimate(1.0, 1.0, 1.0)
    people: Persons = Estimate(3.0, 1.0, 9.0)
    degree: Scale | None = None


def test_an_optional_number_has_the_unit_of_its_field_and_reads_back():
    found = Open()
    assert (found.share.unit.at_least, found.share.unit.at_most) == (0, 1)
    assert found.people.unit.name == "person"
    assert Open.model_validate(found.model_dump()) == found
    assert Open.model_validate_json(found.model_dump_json()) == found


def test_a_scenario_that_leaves_an_optional_number_out_reads_back_from_what_it_writes():
    plain = read("isf_gaza").model_dump(mode="json")
    for crossing in plain["theatre"]["crossings"].values():
        del crossing["open_at_start"]
    scenario = Scenario.model_validate(plain)
    assert Scenario.model_validate(scenario.model_dump()) == scenario
    assert {c.open_at_start.best for c in scenario.theatre.crossings.values()} == {1.0}


def test_a_default_that_its_field_forbids_is_found():
    class Wrong(SourcedRecord):
        share: Share = Estimate(2.0, 2.0, 2.0)

    with pytest.raises(ValidationError, match="0 to 1"):
        Wrong()
