"""An older file reads as it did, is told with its lines, and is written anew with nothing else touched."""

import json
from pathlib import Path

import pytest

from contingent.cli import run
from contingent.scenario.migrate import modern, renewed, retired
from contingent.scenario.model import Scenario
from contingent.scenario.read import gather, locate, read
from contingent.scenario.source import Source

NAMED = [
    ("a: 1  # café\nprocess:\n  noise: 1\n  amendment: 0.4 (0.1 to 0.6)  # gone\n  shared: 2 # kept\n",
     "a: 1  # café\nprocess:\n  noise: 1\n  shared: 2 # kept\n"),
    ("process:\n  amendment:\n    best: 0.4\n    claims: [C1]\n\n  # of all\n  shared: 2\n",
     "process:\n\n  # of all\n  shared: 2\n"),
    ("process: {amendment: 0.4, shared: 2}\n", "process: {shared: 2}\n"),
    ("process: {shared: 2, amendment: 0.4}  # both\n", "process: {shared: 2}  # both\n"),
    ("process:\r\n  shared: 2\r\n  amendment: 0.4", "process:\r\n  shared: 2\r\n"),
    ("contributors:\n  KEN:\n    muslim_majority: true   # says who\n    label: Kenya\n",
     "contributors:\n  KEN:\n    groups: [muslim_majority]   # says who\n    label: Kenya\n"),
    ('contributors:\n  KEN: {label: "Kenya, „east“", muslim_majority: false, region: East}\n',
     'contributors:\n  KEN: {label: "Kenya, „east“", region: East}\n'),
    ("contributors: {KEN: {groups: near, muslim_majority: true}, UGA: {muslim_majority: false}}\n",
     "contributors: {KEN: {groups: [near, muslim_majority]}, UGA: {}}\n"),
    ("contributors:\n  KEN:\n    groups:\n      - muslim_majority\n    muslim_majority: true\n",
     "contributors:\n  KEN:\n    groups:\n      - muslim_majority\n"),
    ("theatre:\n  parameters:\n    collapse_outside: 1\n    event_rate: 2\n",
     "theatre:\n  parameters:\n    event_rate: 2\n"),
    ("theatre:\n  parameters:\n    collapse_outside: 1\n", "theatre:\n  parameters:\n    {}\n"),
    ("options:\n  full: {label: Full, 'contributors.KEN.muslim_majority': true, process.amendment: 1}\n",
     "options:\n  full: {label: Full, contributors.KEN.groups: [muslim_majority]}\n"),
    ("process:\n  events:\n    vote:\n      sets: {contributors.KEN: {label: K, muslim_majority: true}}\n",
     "process:\n  events:\n    vote:\n      sets: {contributors.KEN: {label: K, groups: [muslim_majority]}}\n"),
    ("documents:\n  D: {title: process.amendment, publisher: muslim_majority}\n", None),
]  # fmt: skip


def content(text: str) -> dict:
    source = Source()
    source.read(text, "")
    assert not source.complaints
    return source.data


@pytest.mark.parametrize(("before", "after"), NAMED, ids=range(len(NAMED)))
def test_an_older_text_is_written_anew_and_says_what_it_was_read_as(before: str, after: str | None) -> None:
    assert renewed(before) == (after or before)
    assert modern(content(before)) == modern(content(renewed(before))) == content(renewed(before))
    assert not list(retired(content(renewed(before))))


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """The case of 2006 as version 0.2 wrote it, with a mark of byte order."""
    text = (locate("unifil_2006") / "scenario.yaml").read_text("utf-8")
    for new, old in (
        ("  pressure:", "  amendment: 0.37 (0.28 to 0.48)\n  pressure:"),
        ("IND: {label: India,", "IND: {label: India, muslim_majority: true,"),
    ):
        assert new in text
        text = text.replace(new, old, 1)
    (tmp_path / "scenario.yaml").write_text(text, "utf-8-sig")
    return tmp_path


def test_an_older_case_is_read_told_with_its_lines_and_migrated_to_the_same_question(older: Path, capsys) -> None:
    question = read(older)
    assert question.contributors["IND"].groups == ("muslim_majority",)
    assert Scenario.model_validate(gather(older).data) == question
    lines = (older / "scenario.yaml").read_text("utf-8").splitlines()
    at = [n for n, line in enumerate(lines, 1) if "amendment:" in line or "muslim_majority" in line]
    assert run(["check", str(older), "--out", str(older / "runs")]) == 0
    told = capsys.readouterr().out
    for line, path in zip(at, ("process.amendment", "contributors.IND.muslim_majority"), strict=True):
        assert f"{older.name}/scenario.yaml:{line}  {path}: " in told
    assert f"contingent migrate {older}" in told
    before = (older / "scenario.yaml").read_bytes()
    assert run(["migrate", str(older)]) == 0
    assert "-  amendment: 0.37 (0.28 to 0.48)\n" in capsys.readouterr().out
    assert (older / "scenario.yaml").read_bytes() == before, "nothing is written without --write"
    assert run(["migrate", str(older), "--write", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [Path(file).read_bytes() for file in answer["kept"]] == [before]
    assert {"+", "-"} >= {line[0] for line in answer["files"][0]["diff"].splitlines()[2:] if line[0] not in " @"}
    assert read(older) == question
    assert run(["migrate", str(older), "--write"]) == 0
    assert "is written as today" in capsys.readouterr().out
    assert run(["check", str(older), "--out", str(older / "runs"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["older"] == []


def test_what_a_backup_would_replace_stays(older: Path) -> None:
    (older / "scenario.yaml.bak").write_text("mine", "utf-8")
    assert run(["migrate", str(older), "--write", "--quiet"]) == 0
    assert (older / "scenario.yaml.bak").read_text("utf-8") == "mine"
    assert "amendment" in (older / "scenario.yaml.bak1").read_text("utf-8")


def test_a_file_that_cannot_be_read_is_told_and_left(older: Path, capsys) -> None:
    (older / "scenario.yaml").write_text("process: {amendment: 1, amendment: 2}\n", "utf-8")
    assert run(["migrate", str(older), "--write"]) == 2
    assert "scenario.yaml:1" in capsys.readouterr().err
    assert not list(older.glob("*.bak*"))


def test_the_shipped_cases_are_written_as_today(capsys) -> None:
    for case in ("isf_gaza", "unifil_2006", "mss_haiti", "mnf_ukraine", "amm_aceh"):
        assert run(["migrate", case, "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {"older": [], "files": [], "kept": []}
