"""A question of one's own: kept as it is answered, everything wrong with it told beside its field, then a draft."""

import json
from fnmatch import fnmatchcase

import pytest

from contingent.scenario.start import KINDS, blank, filled, places

SAID = {
    "<CODE>": "FIN", "<OTHER>": "SWE", "as_of": "2005-07-20", "question": "Should we go: yes, or no?",
    "theatre.ceasefires.0.start": "2005-07-15", "*.population": "80000", "*.area": "1800", "*.sectors.*": "0.5",
    "*.deaths": "300", "*.weeks": "26", "*.strength": "25", "*.ceiling": "60", "*.wanted": "20", "*.minimum": "5",
    "*.seats": "110", "criteria.*.worst": "20", "*.standing": "50 (30 to 70)", "*authorized_strength": "200",
}  # fmt: skip
"""What is answered where; words elsewhere, and numbers that are typical stay blank."""


def answered(fields):
    found = {}
    for each in fields:
        told = next((said for at, said in SAID.items() if fnmatchcase(each["field"], at)), "")
        if each["blank"] and (told or (not each["typical"] and "write text" in each["write"])):
            found[each["field"]] = told or "Somebody: in charge"
    return found


@pytest.fixture
def asked(bench):
    status, _, told = bench.post("/questions", {"kind": "monitoring", "name": "Observers, 2005"})
    assert (status, told["back"]) == (200, "/q/Observers_2005")
    return told["back"]


def fields(bench, asked):
    return [each for group in bench.json(f"{asked}.json")["groups"].values() for each in group]


def test_a_blank_question_becomes_a_draft_and_says_what_was_not_judged(bench, asked):
    before = bench.json(f"{asked}.json")
    assert (before["clean"], before["left"] > 60, len(before["groups"])) == (False, True, 12)
    assert bench.json("/index.json")["questions"] == ["Observers_2005"]
    assert bench.post(asked, {"answers": {}, "then": "begin"})[0] == 422
    assert bench.post(asked, {"answers": answered(fields(bench, asked))})[0] == 200
    left = [each for each in fields(bench, asked) if each["blank"]]
    assert left
    assert all("typical, not judged for this case" in each["typical"]["assumption"] for each in left)
    assert all("isf_gaza" in each["typical"]["assumption"] for each in left), "says which cases"
    status, _, told = bench.post(asked, {"then": "typical"})
    assert status == 200
    assert bench.json(f"{asked}.json")["clean"], bench.json(f"{asked}.json")["others"]
    status, _, told = bench.post(asked, {"then": "begin"})
    assert status == 200, told
    scenario = bench.desk.drafts.sight(told["draft"]).scenario
    assert (scenario.contributor, scenario.question) == ("FIN", SAID["question"])
    assert scenario.process.deadline.assumption.startswith(
        "typical, not judged for this case: the middle and the range"
    )
    assert not scenario.stakeholders["leader"].label.startswith("typical")


def test_everything_wrong_is_told_beside_its_field_and_nothing_is_lost(bench, asked):
    wrong = {"as_of": "in July", "process.deadline": "soon", "theatre.armed_groups.movement.sectors.coast": "7",
             "theatre.label": "# <b> {Aceh}: here"}  # fmt: skip
    assert bench.post(asked, {"answers": wrong})[0] == 200
    found = {each["field"]: each for each in fields(bench, asked)}
    assert {name for name, each in found.items() if each["wrong"]} == {*wrong} - {"theatre.label"}
    assert {name: found[name]["answer"] for name in wrong} == wrong
    page = bench.get(asked, accept="text/html")[2].decode()
    assert "# &lt;b&gt; {Aceh}: here" in page
    assert page.count('aria-invalid="true"') == 3
    assert bench.post(asked, {"answers": {"as_of": "", "nowhere.at.all": "x"}})[0] == 200
    found = {each["field"]: each for each in fields(bench, asked)}
    assert (found["as_of"]["blank"], found["process.deadline"]["answer"]) == (True, "soon")
    assert "nowhere.at.all" not in found


def test_a_question_has_one_folder_and_no_other(bench, asked):
    assert bench.post("/questions", {"kind": "monitoring", "name": "Observers 2005"})[0] == 400
    assert bench.post("/questions", {"kind": "conquest", "name": "Other"})[0] == 404
    for name in ("..", "%2e%2e%2fworkbench", "nothing"):
        assert bench.get(f"/q/{name}.json")[0] == 404
    assert sorted(each.name for each in (bench.desk.store.folder / "cases").iterdir()) == ["Observers_2005"]


def test_an_article_fills_what_it_says_and_lies_beside_the_draft(bench):
    text = (
        "Finland offers observers for Aceh\n\nHelsinki, 20 July 2005\n\nFinland will send 20 unarmed observers to the "
        "European Union's monitoring mission in Aceh, Indonesia, Foreign Minister Erkki Tuomioja said on Wednesday. "
        "The mission would have 200 observers and last six months.\n\nSweden offers 15 observers.\n"
    )
    status, _, told = bench.post("/questions", {"kind": "monitoring", "name": "aceh", "text": text})
    assert status == 200, told
    found = fields(bench, "/q/aceh")
    assert bench.post("/q/aceh", {"answers": answered(found), "then": "typical"})[0] == 200
    assert bench.json("/q/aceh.json")["clean"], bench.json("/q/aceh.json")["others"]
    status, _, begun = bench.post("/q/aceh", {"then": "begin"})
    assert status == 200, begun
    shown = bench.json(f"/d/{begun['draft']}/evidence.json")
    assert shown["article"]["document"] == "article_1"
    cited = [row for row in shown["claims"] if row["rests"]]
    assert any(text[a:b] in text for row in cited for a, b in row["spans"])
    undated = {"kind": "monitoring", "name": "late", "text": text.replace("Helsinki, 20 July 2005", "")}
    assert "no day was found" in bench.post("/questions", undated)[2]["error"]["message"]


@pytest.mark.parametrize("kind", KINDS)
def test_answers_change_nothing_else_of_a_file(kind, tmp_path):
    text = blank(kind, tmp_path / "mine")
    assert filled(text, {}) == text
    every = {each.field: f"x: {n}, #{{" for n, each in enumerate(places(text)) if each.value.startswith("<")}
    after = filled(text, every)
    assert {each.value for each in places(after)} >= {*every.values()}
    assert len(places(after)) <= len(places(text)), "a key that is blank is none any more"
    assert after.count("\n") == text.count("\n")
    assert json.dumps(after).count("<") < 4
