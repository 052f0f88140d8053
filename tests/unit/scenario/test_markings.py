"""Whatever a brief rests on, it is marked at least as high; everything written from a marked case says so."""

import json

import pytest

from contingent.cli import run
from contingent.errors import ScenarioError
from contingent.grids import grids
from contingent.scenario.read import locate, read
from contingent.scenario.workbook import write
from contingent.study.question import Question
from contingent.study.store import content_of

CASE = read("mss_haiti")
FIRST = next(iter(CASE.documents))


@pytest.mark.parametrize(
    ("marking", "document", "levels", "says"),
    [
        ("", "restricted", None, "marking: is lower than that of documents.{}, .*`marking: restricted`"),
        ("Restricted, draft", "confidential", None, "marking: is lower than that of documents.{}, .*`marking: conf"),
        ("secrets", "", None, "marking: `secrets` is none of unclassified, restricted, confidential, secret"),
        ("secret", "geheim", None, "documents.{}.marking: `geheim` is none of"),
        ("UN restricted", "UN secret", ["UN", "UN restricted", "UN secret"], "is lower than that of documents.{}"),
        ("RESTRICTED, model output", "unclassified", None, ""),
        ("UN secret", "UN restricted", ["UN", "UN restricted", "UN secret"], ""),
        ("", "", None, ""),
    ],
)  # fmt: skip
def test_a_brief_carries_at_least_what_its_evidence_carries(marking, document, levels, says) -> None:
    changes = {"marking": marking, f"documents.{FIRST}.marking": document} | ({"markings": levels} if levels else {})
    if not says:
        assert CASE.with_(changes).marking == marking
        return
    with pytest.raises(ScenarioError, match=says.format(FIRST)):
        CASE.with_(changes)


def test_a_single_claim_may_be_marked_higher_than_its_document() -> None:
    claim = next(iter(CASE.claims))
    with pytest.raises(ScenarioError, match=rf"marking: is lower than that of claims\.{claim}, .*`marking: secret`"):
        CASE.with_({"marking": "restricted", f"claims.{claim}.marking": "secret"})


def test_check_names_the_line_of_a_marking_that_is_too_low(tmp_path, capsys) -> None:
    text = (locate("mss_haiti") / "scenario.yaml").read_text("utf-8")
    text = text.replace("horizon: 78", "marking: unclassified\nhorizon: 78", 1)
    text = text.replace(f"\n  {FIRST}: {{", f"\n  {FIRST}: {{marking: secret, ", 1)
    (tmp_path / "scenario.yaml").write_text(text, "utf-8")
    line = text[: text.index("marking: unclassified")].count("\n") + 1
    assert run(["check", str(tmp_path)]) == 2
    assert f"scenario.yaml:{line}  marking: is lower" in capsys.readouterr().out


def test_manifest_workbook_ledger_and_pages_carry_it(tmp_path, capsys) -> None:
    marked = CASE.with_({"marking": "restricted"})
    assert content_of(Question(marked, tuple(marked.options), 1, 2))["marking"] == "restricted"
    write(marked, tmp_path / "a.xlsx")
    assert grids(tmp_path / "a.xlsx")[0].rows[0][0] == "restricted"
    (tmp_path / "a.txt").write_text("The minister said that troops will be sent to Haiti.")
    told = ["evidence", str(tmp_path / "a.txt"), "--out", str(tmp_path / "L"), "--marking", "restricted"]
    assert run(told) == 0
    assert capsys.readouterr().out.startswith("restricted\n")
    lines = (tmp_path / "L" / "ledger.jsonl").read_text("utf-8").splitlines()
    assert next(json.loads(line)["body"]["marking"] for line in lines if '"document"' in line) == "restricted"
