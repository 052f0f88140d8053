"""A claim of a stakeholder moves its position by a link that can be taken away again, and nothing else."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contingent.cli import run
from contingent.errors import ScenarioError
from contingent.scenario.check_sources import source_notes
from contingent.scenario.model import learned
from contingent.scenario.paths import changed, value_at
from contingent.scenario.read import read, shipped

POSITION = "stakeholders.{}.stakes.participation.position".format
ARMY = POSITION("army_leadership")
CLAIM = {"document": "D_plan", "says": "An example.", "modality": "intention", "record": "on-the-record", "polarity": 1}
WIRE = """\
NAIROBI, 28 August 2023

Kenya's foreign minister Alfred Mutua said on Monday that Kenya would not send police officers to Haiti.

The National Treasury said it supported the mission, if the United Nations paid first.

Barbados said it would send no police officers to Haiti.
"""


@pytest.fixture(scope="module")
def gaza():
    return read("isf_gaza")


def told(case, *claims, path=ARMY):
    """The case with claims, each (grade, polarity, group), that move a number; and the number then."""
    new = {f"claims.N{i}": {**CLAIM, "date": "2025-10-20", "grade": grade, "polarity": side, "group": group}
           for i, (grade, side, group) in enumerate(claims)}  # fmt: skip
    after = learned(changed(case, {**new, "learned": {path: [f"N{i}" for i in range(len(claims))]}}))
    return after, value_at(after, path)


SAID = st.tuples(st.sampled_from(["A1", "B2", "B3", "C3", "D4", "E2", "F6", "B5"]), st.sampled_from([-1, 1]),
                 st.sampled_from("gh"))  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(SAID, min_size=1, max_size=5))
def test_a_lost_claim_never_narrows_and_no_other_number_moves(gaza, claims):
    after, number = told(gaza, *claims)
    _, fewer = told(gaza, *claims[1:])
    before = value_at(gaza, ARMY)
    assert number.high - number.low <= fewer.high - fewer.low + 0.2  # three digits are kept
    assert fewer.high - fewer.low <= before.high - before.low + 0.2
    was = dict(gaza.estimates())
    assert {path for path, one in after.estimates() if one != was.get(path)} == {ARMY}
    assert after.learned == {}


@pytest.mark.parametrize(
    ("claims", "sign"),
    [
        ([("B2", 1, "g")], 1),  # who says that it will send is likelier to want it
        ([("B2", -1, "g")], -1),
        ([("E5", 1, "g")], 0),  # what is held to be wrong moves nothing
        ([("F6", -1, "g")], 0),  # no information is no middle
        ([], 0),
    ],
)
def test_a_claim_for_raises_and_one_against_lowers(gaza, claims, sign):
    before, after = value_at(gaza, ARMY).best, told(gaza, *claims)[1].best
    assert (after > before) - (after < before) == sign


def test_a_better_grade_moves_further_a_copy_nothing_and_yes_never_lowers(gaza):
    best = [told(gaza, (grade, -1, "g"))[1].best for grade in ("D4", "C3", "B2", "A1")]
    assert best == sorted(best, reverse=True)
    assert told(gaza, ("B2", -1, "g"))[1].best == told(gaza, ("B2", -1, "g"), ("B2", -1, "g"))[1].best
    sure = POSITION("united_nations")
    high = changed(gaza, {sure: "90 (60 to 98)"})
    assert told(high, ("B2", 1, "g"), path=sure)[1].best == 90


def test_what_was_written_and_what_moved_it_is_said(gaza):
    number = told(gaza, ("B2", -1, "g"))[1]
    assert "As written 66 (38 to 88); moved by N0 (B2)." in number.assumption
    assert set(number.claims) == {"N0", "C07", "C08", "F_yamin_process", "F_border"}


@pytest.mark.parametrize(
    ("link", "what"),
    [
        ({"stakeholders.nobody.x": ["F_saar"]}, "leads to no number"),
        ({"mandate.authorized_strength": ["F_saar"]}, "has no scale"),
        ({ARMY: ["F_sar"]}, "there is no claim `F_sar`; did you mean `F_saar`"),
        ({ARMY: ["C01"]}, "takes no side"),
    ],
)
def test_a_link_that_cannot_hold_is_told_with_its_line(tmp_path, link, what):
    case = tmp_path / "case"
    shutil.copytree(shipped()["isf_gaza"], case)
    (case / "more.yaml").write_text("\n\nlearned: " + json.dumps(link), "utf-8")
    with pytest.raises(ScenarioError) as caught:
        read(case)
    assert "more.yaml:3" in str(caught.value)
    assert what in str(caught.value)


def test_numbers_surer_than_their_claims_allow_are_noted(gaza):
    narrow = changed(gaza, {ARMY: {"best": "60 (58 to 62)", "claims": ["F_saar"]}})
    notes = [what for path, what, _ in source_notes(narrow) if path == "claims"]
    assert ARMY in notes[0]
    wide = changed(gaza, {ARMY: {"best": "50 (2 to 98)", "claims": ["F_saar"]}})
    assert not any(ARMY in what for path, what, _ in source_notes(wide) if path == "claims")


@pytest.fixture
def evidence(tmp_path, capsys):
    """`contingent evidence` into a copy of a shipped case, as a record; what its files are."""
    case, article = tmp_path / "case", tmp_path / "wire.txt"
    shutil.copytree(shipped()["mss_haiti"], case)
    article.write_text(WIRE, "utf-8")

    def ask(*flags, into=str(case)):
        code = run(["evidence", str(article), "--into", into, "--out", str(tmp_path / "L"), "--json", *flags])
        out = capsys.readouterr()
        return json.loads(out.out)["into"] if code == 0 else out.err

    ask.files = lambda: {file.name: file.read_text("utf-8") for file in case.glob("*.yaml")}
    ask.case, ask.article = case, article
    return ask


def test_an_article_moves_whom_it_is_about_once_and_can_be_taken_back(evidence, tmp_path):
    before, was = evidence.files(), read(evidence.case)
    shown = evidence()
    assert evidence.files() == before
    (row,) = [one for one in shown["moves"] if one["path"] == POSITION("president")]
    assert row["before"] == "88 (65 to 98)"
    assert "argues against" in next(iter(row["by"].values()))
    assert any("depends on" in why for why in shown["left"])  # the Treasury's
    assert not any("barbados" in one["path"] for one in shown["moves"])  # nobody of that name decides here
    done = evidence("--write")
    assert done["moves"] == shown["moves"]
    assert done["written"]
    now = read(evidence.case)
    assert value_at(now, POSITION("president")).best < 88
    for name, text in before.items():  # nothing that was there went
        assert all(line in evidence.files()[name] for line in text.splitlines())
    again = evidence("--write")
    assert (again["moves"], again["written"]) == ([], False)
    # A reviewer rejects the claim: the number is what it was, to the digit.
    claim = next(iter(row["by"])).replace("article_", "").partition("_")
    ledger = (tmp_path / "L" / "ledger.jsonl").read_text("utf-8")
    key = next(json.loads(line)["body"]["id"] for line in ledger.splitlines() if f'/{claim[2]}"' in line)
    decision = {
        "claim": key,
        "verdict": "reject",
        "changes": {},
        "reason": "misquoted",
        "by": "A reader",
        "at": "2023-08-29",
    }
    (tmp_path / "d.json").write_text(json.dumps({"decisions": [decision]}), "utf-8")
    evidence("--write", "--decisions", str(tmp_path / "d.json"))
    assert read(evidence.case).stakeholders == was.stakeholders


def test_a_downgrade_in_the_file_moves_the_number_back(evidence):
    evidence("--write")
    path = POSITION("president")
    after = value_at(read(evidence.case), path).best
    for file in evidence.case.glob("*.yaml"):
        text = re.sub(r"(article_\w+: \{document: article.*?grade: )B4", r"\1D4", file.read_text("utf-8"))
        file.write_text(text, "utf-8")
    assert after < value_at(read(evidence.case), path).best < 88


def test_what_is_later_or_stands_in_the_case_already_moves_nothing(evidence):
    evidence.article.write_text(WIRE.replace("28 August", "28 October"), "utf-8")
    later = evidence()
    assert later["moves"] == []
    assert "after the case's day; set `as_of` there first" in later["left"][0]


def test_a_shipped_case_stays_as_it_is(evidence):
    assert "makes a copy" in evidence("--write", into="mss_haiti")
    assert "--into which case" in evidence("--write", into="")
