"""Every verb, asked for what cannot be: its exit code, a line that says what to write, one JSON value for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contingent.cli import VERBS, run

GAZA = "isf_gaza"

CASES = [
    (["ask", GAZA, "--host", "PSE", "--option", "never"], "no such option; known are agreement_only"),
    (["ask", GAZA, "--host", "PSE", "--top", "0"], "at least 1"),
    (["ask", GAZA, "--host", "PSE", "--data", "nowhere"], "nowhere: cannot be read"),
    (["ask", GAZA], "--host"),
    (["ask", GAZA, "--host", "XYZ"], "--host XYZ: is no state"),
    (["ask", GAZA, "--host", "PSE", "--organisation", "oau"], "--organisation oau: its members are not known here"),
    (["backtest", "weather", "--data", "."], "weather"),
    (["backtest", "all", "--data", "nowhere"], "holds the data of no task; tasks are "),
    (["breif", GAZA], "breif: there is no such verb; did you mean `brief`?"),
    (["--verison"], "--verison: there is no such flag; did you mean `--version`?"),
    (["help", "rnu"], "rnu: there is no such verb; did you mean `run`?"),
    (["help", "exit-code"], "did you mean `exit-codes`?"),
    (["brief", GAZA, "--to", "md", "--to", "pfd"], "--to pfd: there is no such form of a brief; did you mean `pdf`?"),
    (["brief", GAZA, "--lang", "urd"], "--lang urd: there is no such language of a brief; did you mean `ur`?"),
    (["brief", "isf_gazza"], "did you mean `isf_gaza`?"),
    (["brief", GAZA, "--sinse", "x"], "Did you mean --since"),
    (["brief", GAZA, "--to", "papyrus"], "papyrus"),
    (["data", "nowhere.csv"], "nowhere.csv: cannot be read"),
    (["brief", GAZA, "--runs", "39"], "at least 40 runs"),
    (["brief", "no_such_case"], "no such folder"),
    (["calibrate", "no_such_case", "--data", "."], "no such folder"),
    (["calibrate", GAZA, "--data", "nowhere"], "there is no such folder"),
    (["calibrate", GAZA], "--data"),
    (["check", "no_such_case"], "no scenario of that name is shipped; shipped are amm_aceh, isf_gaza"),
    (["compare", "decline", "support_only"], ""),
    (["compare", "0000", "1111"], ""),
    (["consultation", "no_such_case"], "no such folder"),
    (["consultation", "nowhere.csv"], "nowhere.csv: cannot be read (no such file"),
    (["consultation", GAZA, "--compat", "other"], "ktab"),
    (["evidence", "nowhere.txt"], "nowhere.txt"),
    (["explain", "evnt_rate"], "evnt_rate: nothing is called so; did you mean `event_rate`?"),
    (["history", "no_such_case"], "no such folder"),
    (["force"], "SCENARIO requires an argument"),
    (["force", GAZA, "--option", "never"], "there is no such option; known are agreement_only_full, decline"),
    (["force", GAZA, "--option", "decline", "--gap", "2"], "above 0 and below 1"),
    (["questions", "isf_gaza", "--file", "q.txt"], "--file q.txt: a name that ends in .json or .csv"),
    (["forecast", "resolve", "x", "yes", "--source", "s"], "x: no such question was sealed"),
    (["ledger", "verify", "nowhere.jsonl"], "nowhere.jsonl: there is no such file"),
    (["ledger", "repair", "full/file"], "full/file:1: not a line of a ledger"),
    (["mission", GAZA, "--option", "un_mandate_ful"], "did you mean"),
    (["mission", GAZA, "--against", "never"], "--against never: there is no such option"),
    (["mission", GAZA, "--runs", "0"], "--runs 0: at least 1"),
    (["mission", GAZA, "--workers", "0"], "--workers 0: at least 1"),
    (["mission", GAZA, "--world", "other"], "--world other: there is no such world; known are"),
    (["migrate", "no_such_case"], "no such folder"),
    (["new", "full", "--like", GAZA], ""),
    (["new", "mine"], "say how mine is to begin: --kind stabilization, policing, monitoring or reassurance"),
    (["new", "mine", "--like", "no_such_case"], "no such folder"),
    (["open", "nowhere.html"], "nowhere.html"),
    (["record", "XXX"], "is no state"),
    (["record", "PAK", "--people", "-1"], "0 or more"),
    (["run", GAZA, "--runs", "1"], "--runs 1: must be between 2 and 1,000,000"),
    (["run", GAZA, "--seed", "-1"], "--seed -1: must not be negative"),
    (["run", GAZA, "--executor", "cloud"], "known are dask, processes, serial"),
    (["run", GAZA, "--executor", "serial", "--scheduler", "tcp://x:1"], "leave --executor serial out"),
    (["run", GAZA, "--workers", "0"], "--workers 0: at least 1"),
    (["run", GAZA, "--verify", "0000"], "no finished run"),
    (["runs", "show"], "runs show: name a run"),
    (["runs", "rm"], "runs rm: name a run"),
    (["runs", "show", "0000"], "no finished run called 0000"),
    (["runs", "burn"], "burn"),
    (["schema", "proces.gates"], "proces.gates: is no record; did you mean `process.gates`?"),
    (["serve", GAZA, "--bind", "0.0.0.0"], "--user-header"),
    (["sheet", "export", GAZA, "book.csv"], "ends in .xlsx"),
    (["sheet", "export", GAZA, "nowhere/book.xlsx"], "there is no folder nowhere"),
    (["sheet", "import", GAZA, "nowhere.xlsx"], "nowhere.xlsx: cannot be read (no such file or directory); save it as"),
    (["trace", "no_such_case", "force.shortfall"], "no such folder"),
    (["weights", "no_such_case"], "no such folder"),
    (["what-if", "no_such_case", "process.deadline=3"], "no such folder"),
    (["sweep", "no_such_case", "--over", "designs.csv"], "no such folder"),
    (["options", "no_such_case"], "no such folder"),
]  # fmt: skip


@pytest.fixture
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with nothing in it but another that is not empty."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("no record\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_there_is_a_case_for_every_verb() -> None:
    assert {words[0] for words, _ in CASES} >= set(VERBS)


@pytest.mark.parametrize(("words", "says"), CASES, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_what_cannot_be_is_told_to_people_and_to_programs(
    words: list[str], says: str, apart: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(words)
    said = capsys.readouterr()
    assert said.out == ""
    assert says in said.err
    assert len(said.err.splitlines()) <= 6
    assert "Traceback" not in said.err
    assert str(Path(__file__).parents[3]) not in said.err
    assert [each.name for each in apart.iterdir()] == ["full"]

    assert run([*words, "--json"]) == code
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"error"}
    assert answer["error"]["message"] == said.err.rstrip("\n")
    assert code == (1 if answer["error"]["kind"] == "RunError" else 2)  # a run that is not there is an answer of no


def test_a_scenario_with_faults_lists_them_with_file_and_line(apart: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", "mine", "--like", GAZA, "--json"]) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert "criteria.yaml" in files
    file = apart / "mine" / "criteria.yaml"
    judged = "    measure: judged\n"
    file.write_text(file.read_text("utf-8").replace(judged, f"{judged}    claims: [C999]\n", 1), "utf-8")
    assert run(["check", "mine"]) == 2
    told = capsys.readouterr()
    assert "criteria.yaml:" in told.out
    assert run(["check", "mine", "--json"]) == 2
    found = json.loads(capsys.readouterr().out)
    assert told.err == f"{len(found['complaints'])} to mend\n"
    complaint = found["complaints"][0]
    assert complaint["file"].endswith("criteria.yaml")
    assert complaint["line"] > 1
    assert "C999" in complaint["what"]
    assert run(["run", "mine", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["complaints"] == found["complaints"]
