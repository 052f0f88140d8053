"""Does `explain` know every name that a user may meet, and guess what was meant by others?"""

from __future__ import annotations

import json

import pytest

from contingent.cli import run
from contingent.cli.reference import entries, others
from contingent.errors import InputError
from contingent.precedents.cases import CODES
from contingent.scenario.keys import keys
from contingent.study.formulas import FORMULAS


@pytest.mark.parametrize("path", keys())
def test_every_key_says_what_it_is_what_to_write_and_what_it_moves(path):
    entry = entries(path)[0]
    assert entry.name == path
    assert entry.means
    assert entry.write
    assert entry.default
    assert entry.moves
    if keys()[path].shape.kind in ("number", "choice", "flag", "day", "country"):
        assert entry.example


@pytest.mark.parametrize("name", [*FORMULAS, "judged", "consultation.nearness_STAKEHOLDER", *CODES, *others()])
def test_every_other_name_says_what_it_is(name):
    assert all(entry.means for entry in entries(name))


def test_numbers_of_the_mission_are_found_by_name_and_by_path():
    assert entries("event_rate") == entries("theatre.parameters.event_rate")
    assert "1/week" in entries("event_rate")[0].default


def test_what_cannot_be_looked_up_has_the_shipped_cases_range():
    assert "judgements of the shipped cases" in entries("salience")[0].typical


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("evnt_rate", "event_rate"), ("mission.own_death", "mission.own_deaths"), ("salient", "salience"),
     ("theatre.observed.death", "theatre.observed.deaths"), ("vetoe", "veto"), ("coerce_kins", "coerce_kin")],
)  # fmt: skip
def test_a_slip_is_guessed(wrong, meant):
    with pytest.raises(InputError, match=f"did you mean `{meant}`"):
        entries(wrong)


def test_a_key_that_many_records_have_lists_them_all():
    (entry,) = entries("label")
    assert "theatre.label" in entry.keys
    assert "options.NAME.label" in entry.keys


def test_records_go_by_their_names(capsys):
    assert run(["explain", "gate"]) == 0
    assert capsys.readouterr().out.startswith("process.gates ")
    assert run(["explain", "gate.kind", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["name"] == "process.gates.NAME.kind"


def test_the_schema_is_printed_as_json(capsys):
    assert run(["schema"]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert run(["schema", "--part"]) == 0
    part = json.loads(capsys.readouterr().out)
    assert run(["schema", "process.gates"]) == 0
    gate = json.loads(capsys.readouterr().out)
    assert whole["required"]
    assert "quota" in gate["properties"]
    assert "required" not in part
