"""`contingent force` says what it was asked, in words and as one JSON value."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from contingent.cli import run
from contingent.scenario.read import read, shipped

DATA = Path(__file__).parents[3].parent / "shared" / "data"

ASKED = ["force", "isf_gaza", "--option", "un_mandate_no_disarmament"]


def command(*words: str) -> str:
    with redirect_stdout(StringIO()) as out:
        assert run(list(words)) == 0
    return out.getvalue()


def room_for_all(folder: Path) -> Path:
    """The shipped case with the most that may be authorized: where fewer are, lifting a caveat for one helps nobody."""
    shutil.copytree(shipped()["isf_gaza"], folder)
    text = (folder / "scenario.yaml").read_text("utf-8")
    most = read("isf_gaza").mandate.authorized_strength.high
    text, changed = re.subn(r"(authorized_strength:\s+best: ).*", rf"\g<1>{most:.0f}", text)
    assert changed == 1
    (folder / "scenario.yaml").write_text(text, "utf-8")
    return folder


def test_reasons_are_told_in_the_scenarios_words(tmp_path: Path) -> None:
    told = command("force", str(room_for_all(tmp_path / "case")), *ASKED[2:], "--why")
    assert "short even if nothing else counted" in told
    assert "barred by its caveats (no_disarmament): pak_infantry" in told
    assert "could be met instead of Explosive ordnance disposal company" in told
    assert "Takes no part in disarming Hamas" in told
    assert "Pakistan alone" in told


def test_a_plan_against_withdrawals_is_told_and_is_one_value() -> None:
    words = ["force", "unifil_2006", "--option", "infantry", "--withdrawals", "1", "--realize", "20"]
    told = command(*words)
    assert "In 20 realized supplies" in told
    assert "ordinary plan, worst loss: Italy" in told
    assert "price of robustness" in told
    found = json.loads(command(*words, "--json"))
    robust = found["robust"]
    assert robust["robust_worst"]["short"] <= robust["ordinary_worst"]["short"]
    assert robust["solver"]["gap"] <= 0.01
    assert robust["price"]["critical"] == pytest.approx(
        robust["robust"]["critical"] - robust["ordinary"]["critical"], abs=0.11
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["force", "isf_gaza", "--why"], "name one --option"),
        (["force", "isf_gaza", "--withdrawals", "1"], "name one --option"),
        ([*ASKED, "--withdrawals", "0"], "ask for 1 to"),
        (["record", "XXX"], "is no state"),
        (
            ["ask", "isf_gaza", "--host", "PSE", "--data", "nowhere"],
            "nowhere",
        ),
        ([*ASKED, "--realize", "0"], "at least 1 realized supply"),
        ([*ASKED, "--gap", "2"], "a share above 0 and below 1"),
        (["force"], "SCENARIO requires an argument"),
        (["force", "isf_gaza", "--option", "none"], "there is no such option; known are agreement_only_full, decline"),
    ],
)
def test_bad_input_names_the_way_out(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 2
    assert says in capsys.readouterr().err


def test_a_record_beside_a_claim() -> None:
    told = command("record", "pak", "--people", "200000", "--missions", "40")
    assert "people: 200,000 against 196,866, plausible" in told
    assert "missions: 40 against 24, not confirmed" in told
    found = json.loads(command("record", "KAZ", "--json"))
    assert found["findings"] == []
    assert found["peak"] == 9


def test_requirements_are_proposed_as_a_file_to_edit() -> None:
    rows = json.loads(command("force", "isf_gaza", "--propose", "--json"))
    assert {"id", "unit", "sector", "task", "phase", "minimum", "wanted", "weight", "assumption"} == rows[0].keys()
    told = YAML(typ="safe").load(command("force", "isf_gaza", "--propose"))
    assert told["requirements"] == rows


def test_whom_to_ask_next_marks_who_is_refused_and_who_is_counted_on() -> None:
    words = ["ask", "unifil_2006", "--option", "infantry", "--host", "LBN"]
    found = json.loads(command(*words, "--json"))
    states = {row["code"]: row for row in found["states"]}
    assert all(row["low"] <= row["contributes"] <= row["high"] for row in found["states"])
    assert [row["contributes"] for row in found["states"]] == sorted(
        (r["contributes"] for r in found["states"]), reverse=True
    )
    offers = [pledge for pledge in read("unifil_2006").under("infantry").pledges if pledge.contributor == "FRA"]
    persons, claims = sum(p.strength.best for p in offers), sorted({claim for p in offers for claim in p.claims})
    assert claims
    assert states["FRA"]["standing"] == f"counted on for {persons:,.0f}, named in {', '.join(claims)}"
    assert states["URY"]["standing"] == "not asked"
    assert "LBN" not in states
