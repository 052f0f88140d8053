"""Is every key of a scenario explained, and does the JSON Schema say what the reader of files does?"""

from __future__ import annotations

import copy
import re

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from contingent import notation
from contingent.evidence.claim import LedgerClaim
from contingent.quantities import Estimate
from contingent.records import Record
from contingent.scenario.keys import found, keys, schema, to_write, words
from contingent.scenario.read import gather, read, shipped

UNITS = {name: unit for name, unit in vars(notation).items() if getattr(unit, "__origin__", None) is Estimate}
NUMBERS = [
    3, 0.5, -1, "3000", "0.5", "20 to 60", "30 (20 to 60)", "0.2 to 0.4", "50 %", "2/3", "1,000", "2 months",
    "10 people",
    "many", "180 +- 30", "150-210", "", "3 weeks", "0.3 (0.1 to 0.5)", True, [1], {"best": 0.5, "claims": "C1"},
    {"low": 0.1, "high": 0.3, "assumption": "judged"}, {"low": 0.1}, {"best": 0.5, "mean": 2}, {"best": {"best": 1}},
    {"best": 0.5, "assumption": ["no"]}, {"best": "0.5 (0.2 to 0.7)", "claims": ["A", "B"]}, "5 USD/person/month",
    "7 trucks",
]  # fmt: skip


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    made = schema()
    Draft202012Validator.check_schema(made)
    return Draft202012Validator(made)


@pytest.mark.parametrize("path", keys())
def test_every_key_is_said_plainly(path):
    key = keys()[path]
    assert key.means.strip(), path
    assert key.shape.kind != "any" or key.path.endswith("PATH"), path
    assert key.shape.words, path
    assert found(path) is not None, path


def test_every_word_that_a_key_may_have_has_a_meaning_and_no_other_has():
    choices = {
        key.title: {choice for choice in key.shape.choices if choice}
        for key in keys().values()
        if key.shape.kind == "choice" and isinstance(key.shape.choices[0], str)
    }
    assert {title: set(table) for title, table in words().items()} == choices


def test_every_example_is_one_of_its_key_and_is_read_there():
    titles = {key.title: key for key in keys().values()}
    for title, example in words("examples").items():
        key = titles[title]
        shape = key.shape.of or key.shape
        notation.parse_estimate(example.partition(",")[0], shape.unit)
        assert example in key.words or key.shape.of


def test_names_that_the_writer_chooses_may_be_left_out():
    whole = found("stakeholders.army_leadership.stakes.participation.position")
    assert whole is not None
    assert whole.path == "stakeholders.NAME.stakes.NAME.position"
    assert found("stakeholders.capability") == found("stakeholders.*.capability") == found("stakeholders.x.capability")
    assert found("pledges.3.strength") == found("pledges.pak_infantry.strength")
    assert found("stakeholders.army.weight") is None


def test_what_to_write_names_unit_range_and_form():
    assert to_write(("theatre", "sectors", "north", "population")).startswith(
        "write a number of people, at least 0, such as"
    )
    assert "record: {label: ..., sectors: ..." in to_write(("theatre",))
    assert to_write(("no", "such")) == ""


@pytest.mark.parametrize("case", shipped())
def test_the_schema_accepts_the_shipped_cases(validator, case):
    assert [error.message for error in validator.iter_errors(gather(case).data)] == []


WRONG = [
    (("theatre",), None, "taken away"), (("pledges", 0, "strength"), "some", ""), (("pledges", 0, "strenth"), 3, ""),
    (("as_of",), 20251028, ""), (("mandate", "like"), ["nato"], ""),
    (("process", "gates", "parliament", "kind"), "ballot", ""),
    (("contributor",), "the army", ""), (("horizon",), 0, ""), (("pledges",), {}, ""), (("stakeholders",), [], ""),
    (("process", "noise"), "-0.1", "range"), (("process", "shared"), 1.5, ""), (("pledges", 0, "rotations"), 2.5, ""),
    (("options", "decline", "lable"), "x", ""), (("criteria", "cost", "better"), "less", ""),
    (("claims", "C01", "grade"), "G9", ""),
    (("pledges", 0, "reimbursed"), "perhaps", ""), (("theatre", "sectors", "north gaza"), {"label": "x"}, ""),
    (("documents", "T_doc_acaps", "sha256"), "abc", ""), (("mandate", "phases", "main", "start"), "week 3", ""),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "note"), WRONG, ids=[".".join(map(str, row[0])) for row in WRONG])
def test_the_schema_refuses_what_the_reader_refuses(validator, path, value, note):
    from contingent.scenario.model import Scenario

    data = copy.deepcopy(gather("isf_gaza").data)
    node = data
    for step in path[:-1]:
        node = node[step]
    if note == "taken away":
        del node[path[-1]]
    else:
        node[path[-1]] = value
    with pytest.raises(ValidationError):
        Scenario.model_validate(data)
    if note != "range":  # bounds of numbers written as text are the reader's alone
        assert list(validator.iter_errors(data))


@pytest.mark.parametrize("name", UNITS)
def test_the_schema_of_a_number_takes_what_the_reader_takes(name):
    reader = TypeAdapter(UNITS[name])
    said = Draft202012Validator(reader.json_schema())
    for value in NUMBERS:
        try:
            reader.validate_python(value)
            taken = True
        except ValidationError as error:
            taken = False
            if re.search("not allowed|upside down", str(error)):
                continue  # ranges of numbers written as text, and intervals, are the reader's alone
        assert said.is_valid(value) == taken, (name, value)


def test_one_of_several_files_needs_no_key_at_the_top(validator):
    part = Draft202012Validator(schema(whole=False))
    assert part.is_valid({"title": "x"})
    assert not validator.is_valid({"title": "x"})
    assert not part.is_valid({"titel": "x"})


def test_no_record_of_a_scenario_has_a_field_without_a_word():
    def below(root):
        return [root, *(model for child in root.__subclasses__() for model in below(child))]

    ours = [m for m in below(Record) if m.__module__.startswith("contingent.scenario.")]
    bare = [f"{m.__name__}.{n}" for m in ours for n, field in m.model_fields.items() if not field.description]
    assert ours
    assert not bare
    assert issubclass(LedgerClaim, Record)


def test_the_shipped_cases_still_read():
    assert all(read(name).name == name for name in shipped())
