"""A scenario begun from a kind of mission, filled in, and one begun from another case."""

from __future__ import annotations

import json
import re

import pytest
from jsonschema import Draft202012Validator

from contingent.cli import run
from contingent.errors import InputError, ScenarioError
from contingent.scenario.keys import found
from contingent.scenario.model import sourcing
from contingent.scenario.read import gather, read, shipped
from contingent.scenario.start import CARRIED, EDITOR, KINDS, SCHEMA, start

MARK = re.compile(r"<[^<>\n]+>")
VALUES = {
    "as_of": "2023-09-01", "authorized_strength": "3000 (2000 to 4000)", "duration": "24",
    "capability": "40 (20 to 60)",
    "position": "65 (40 to 90)", "deadline": "180 (90 to 300)", "seats": "120", "probability": "75 %",
    "delay": "45 (15 to 150)", "deaths": "800 (600 to 1200)", "weeks": "30", "population": "900000", "area": "1200",
    "strength": "800 (500 to 1000)", "minimum": "100", "wanted": "400", "ceiling": "1000",
    "home_support": "0.4 (0.2 to 0.6)",
    "notice": "60 (30 to 120)", "cost": "3000 (2000 to 4500)", "worst": "50", "standing": "50 (20 to 80)",
    "start": "2023-06-01",
    "outside_rate": "4 (1 to 12)", "fallen_outside": "20 (5 to 60)",
}  # fmt: skip
SHARES = {"<CODE>": "KEN", "<OTHER>": "JAM", "<0 to 1>": "0.5"}


def filled(text: str) -> tuple[str, int]:
    """A blank file with something plausible at every blank, and how many of them are numbers."""
    numbers = 0

    def write(match: re.Match[str]) -> str:
        nonlocal numbers
        key = re.search(r"(\w*)(?:: )?$", match.string[: match.start()])
        value = VALUES.get(key[1]) or SHARES.get(match[0]) or f"Some {key[1]}"
        numbers += value[0].isdigit() and value.count("-") == 0
        return value

    head, body = text.split("name: ", 1)
    return head + "name: " + MARK.sub(write, body), numbers


@pytest.mark.parametrize("kind", KINDS)
def test_check_names_every_blank_of_a_new_file_at_once_and_nothing_else(kind, tmp_path):
    start(tmp_path / "my case", kind=kind)
    file = tmp_path / "my case" / "scenario.yaml"
    text = file.read_text("utf-8")
    body = text.split("name: ", 1)[1]
    assert text.startswith(EDITOR)
    assert text.count("\n") < 150
    with pytest.raises(ScenarioError) as told:
        read(tmp_path / "my case")
    complaints = told.value.complaints
    assert {complaint.what.partition(":")[0] for complaint in complaints} == {"is blank"}
    assert all(complaint.line and complaint.fix.startswith("write ") for complaint in complaints)
    assert len(complaints) == len(MARK.findall(body))
    assert read_name(text) == "my_case"


def read_name(text: str) -> str:
    return re.search(r"^name: (\w+)$", text, re.MULTILINE)[1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_filled_file_needs_at_most_sixty_numbers(kind, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["new", "mine", "--kind", kind]) == 0
    file = tmp_path / "mine" / "scenario.yaml"
    text, numbers = filled(file.read_text("utf-8"))
    file.write_text(text, "utf-8")
    assert 30 < numbers <= 60
    assert run(["check", "mine"]) == 0
    assert "note" not in capsys.readouterr().out
    scenario = read("mine")
    assert scenario.price_year == 2023
    assert all("typical" in e.assumption.lower() for e in sourcing(scenario).assumed.values())
    whole = json.loads((tmp_path / "mine" / SCHEMA).read_text("utf-8"))
    assert Draft202012Validator(whole).is_valid(gather("mine").data)


@pytest.mark.parametrize("kind", KINDS)
def test_the_brief_of_a_filled_file_speaks_of_nothing_it_lacks(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    start(tmp_path / "mine", kind=kind)
    file = tmp_path / "mine" / "scenario.yaml"
    file.write_text(filled(file.read_text("utf-8"))[0], "utf-8")
    assert run(["brief", "mine", "--runs", "40", "--to", "md"]) == 0
    said = "".join(page.read_text("utf-8") for page in (tmp_path / "runs").glob("*/*.md"))
    assert "Some question" in said
    for word in ("pakistan", "hamas", "trucks", "weapons", "homes", "debris"):
        assert word not in said.lower()


def test_what_is_wrong_beside_the_blanks_is_told_in_the_same_go(tmp_path):
    start(tmp_path / "mine", kind="policing")
    file = tmp_path / "mine" / "scenario.yaml"
    text = file.read_text("utf-8").replace("neighbours: [capital]", "neighbours: [captial]")
    file.write_text(text.replace("phases: {entry", "phasis: {entry"), "utf-8")
    with pytest.raises(ScenarioError) as told:
        read(tmp_path / "mine")
    wrong = {c.path: c for c in told.value.complaints if not c.what.startswith("is blank")}
    assert set(wrong) == {"mandate.phasis", "theatre.sectors.province.neighbours"}
    assert "`phases`" in wrong["mandate.phasis"].fix
    file.write_text(text, "utf-8")
    with pytest.raises(ScenarioError) as told:
        read(tmp_path / "mine")
    (slip,) = [c for c in told.value.complaints if not c.what.startswith("is blank")]
    assert (slip.path, slip.fix) == ("theatre.sectors.province.neighbours", "did you mean `capital`?")


@pytest.mark.parametrize("case", shipped())
def test_a_copy_has_its_own_name_no_claims_and_every_number_marked(case, tmp_path):
    start(tmp_path / "2nd-case", like=case)
    copied, pattern = read(tmp_path / "2nd-case"), read(case)
    assert copied.name == "nd_case"
    assert not copied.claims
    assert not copied.documents
    found_ = sourcing(copied)
    assert not found_.claimed
    assert not found_.unsourced
    assert all(estimate.assumption.startswith(f"{CARRIED} {case}.") for estimate in found_.assumed.values())
    assert {p: (e.best, e.low, e.high) for p, e in copied.estimates()} == {
        p: (e.best, e.low, e.high) for p, e in pattern.estimates()
    }
    texts = [file.read_text("utf-8") for file in (tmp_path / "2nd-case").glob("*.yaml")
             if not file.name.startswith("words.")]  # fmt: skip
    assert all(text.startswith(EDITOR) for text in texts)
    part = json.loads((tmp_path / "2nd-case" / SCHEMA).read_text("utf-8"))
    assert ("required" in part) == (len(texts) == 1)


def test_check_counts_what_a_copy_carries_over(tmp_path, capsys):
    start(tmp_path / "mine", like="unifil_2006")
    number = sum(1 for _ in read("unifil_2006").estimates())
    assert run(["check", str(tmp_path / "mine")]) == 0
    assert f"{number} are judgements ({number} of them carried over from another case)" in capsys.readouterr().out
    start(tmp_path / "again", like=str(tmp_path / "mine"))
    said = {estimate.assumption.partition(".")[0] for estimate in sourcing(read(tmp_path / "again")).assumed.values()}
    assert said == {"Carried over from mine"}


def test_a_plain_start_says_which_kinds_there_are(tmp_path, capsys):
    assert run(["new", str(tmp_path / "mine")]) == 2
    said = capsys.readouterr().err
    assert all(kind in said for kind in (*KINDS, *shipped()))
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"kind": "policeing"}, "did you mean `policing`"),
        ({"kind": "policing", "like": "isf_gaza"}, "leave out --kind and --from"),
    ],
)
def test_a_start_that_cannot_be_is_refused_and_leaves_nothing(tmp_path, asked, says):
    with pytest.raises(InputError, match=says):
        start(tmp_path / "mine", **asked)
    assert not (tmp_path / "mine").exists()


def test_numbers_that_stand_under_a_name_have_a_key():
    assert found("theatre.parameters.outside_rate").shape.kind == "number"
    assert found("options.decline.judgements.standing").shape.unit.at_most == 100
