"""The command line keeps its contract: exit codes, one JSON value, bytes that depend on the question alone."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from contingent.cli import VERBS, run
from contingent.errors import ContingentError, ExtraError, InputError
from contingent.scenario.read import shipped

RUN = ["run", "isf_gaza", "--runs", "40", "--json"]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("cli")
    return folder, command(*RUN, "--out", str(folder))


def command(*words: str) -> str:
    with redirect_stdout(StringIO()) as out:
        assert run(list(words)) == 0
    return out.getvalue()


def test_help_names_every_verb_and_imports_nothing_heavy() -> None:
    code = (
        "import sys; from contingent.cli import run; run(['--help']);"
        "print(*[m for m in ('numpy', 'pydantic', 'xarray', 'numba', 'highspy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(verb in done.stdout for verb in VERBS)
    assert done.stdout.splitlines()[-1] == "", "help must not load the engines"


def test_how_commands_end_is_a_page_and_a_folder_in_the_way_of_a_shipped_case_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["help", "exit-codes"]) == 0
    said = capsys.readouterr().out
    codes = {ContingentError.exit_code, InputError.exit_code, ExtraError.exit_code, 0, 101, 130, 143}
    assert codes <= {int(number) for number in re.findall(r"\d+", said)}
    assert run(["help", "check"]) == 0
    assert "Usage: contingent check" in capsys.readouterr().out
    monkeypatch.chdir(tmp_path)
    assert run(["new", "unifil_2006", "--like", "unifil_2006", "-q"]) == 0
    assert "is meant" not in capsys.readouterr().err
    assert run(["check", "unifil_2006"]) == 0
    shadow = f"unifil_2006: your folder {tmp_path / 'unifil_2006'} is meant, not the shipped case of that name"
    assert shadow in capsys.readouterr().err
    assert run(["check", "mss_haiti"]) == 0
    assert "is meant" not in capsys.readouterr().err


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([verb, "--help"]) == 0
    assert "Usage:" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [["chek", "isf_gaza"], ["check"], ["run", "isf_gaza", "--runs", "many"], ["run", "isf_gaza", "--runs", "1"],
     ["run", "isf_gaza", "--workers", "0"], ["run", "isf_gaza", "--executor", "cloud"], ["check", "no_such_case"],
     ["brief", "isf_gaza", "--to", "papyrus"], ["brief", "isf_gaza", "--runs", "39"], ["runs", "show"]],
)  # fmt: skip
def test_bad_input_ends_with_two_and_one_screen(
    words: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert 1 <= len(said.err.splitlines()) <= 40
    assert "Traceback" not in said.err
    assert list(tmp_path.iterdir()) == []


def test_errors_have_one_shape_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "no_such_case", "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert set(error) == {"kind", "message"}


def test_the_same_question_prints_the_same_bytes_for_one_worker_and_two(ran: tuple[Path, str], tmp_path: Path) -> None:
    again = command(*RUN, "--out", str(tmp_path), "--workers", "2")
    assert again == ran[1]
    assert str(tmp_path) not in again
    found = json.loads(again)
    assert found["runs"] == 40
    assert set(found["options"]["decline"]) == {"passes", "other_terms", "first", "criteria", "solver"}


def test_the_brief_lands_where_it_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ("amm_aceh", "--runs", "40", "--json")  # the least of the shipped cases
    ran = json.loads(command("run", *asked, "--out", "sent"))
    said = json.loads(command("brief", *asked, "--to", "html", "--out", "sent"))
    assert (tmp_path / "sent" / "brief.html").is_file()
    assert said["options"] == ran["options"]
    assert {file.name for file in tmp_path.iterdir()} == {"sent"}
    fresh = command("brief", *asked, "--to", "html", "--out", "anew", "--workers", "2")
    assert json.loads(fresh)["options"] == said["options"]
    assert (tmp_path / "anew" / "brief.html").read_bytes() == (tmp_path / "sent" / "brief.html").read_bytes()


def test_runs_are_listed_shown_and_removed(ran: tuple[Path, str], tmp_path: Path) -> None:
    import shutil

    shutil.copytree(ran[0], tmp_path / "runs")
    out = ["--out", str(tmp_path / "runs")]
    listed = json.loads(command("runs", "list", "--json", *out))
    assert [row["runs"] for row in listed] == [40]
    shown = json.loads(command("runs", "show", listed[0]["id"][:6], "--json", *out))
    assert shown == json.loads(ran[1])
    command("runs", "rm", listed[0]["id"], "--yes", *out)
    assert json.loads(command("runs", "list", "--json", *out)) == []


def test_check_ranks_unsourced_numbers_once_a_run_exists(
    ran: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(shipped()["isf_gaza"], tmp_path / "mine")
    theatre = tmp_path / "mine" / "criteria.yaml"
    text = theatre.read_text("utf-8")
    start = text.index("assumption: An early exit")
    theatre.write_text(text[:start] + text[text.index("\n", start) + 1 :], "utf-8")
    capsys.readouterr()
    assert run(["check", str(tmp_path / "mine"), "--json", "--out", str(ran[0])]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {row["path"] for row in found["unsourced"]} == {"criteria.exit.best", "criteria.exit.worst"}
    assert found["numbers"]["unsourced"] == 2
    assert not any(row["drawn"] for row in found["unsourced"])


SUMMARY = {"mean", "low", "median", "high", "error", "runs"}


def test_a_run_in_json_says_what_was_asked_and_every_options_numbers(ran: tuple[Path, str]) -> None:
    found = json.loads(ran[1])
    assert {key: found[key] for key in ("scenario", "as_of", "seed", "runs")} == {
        "scenario": "isf_gaza", "as_of": "2025-10-28", "seed": 20251028, "runs": 40,
    }  # fmt: skip
    assert len(found["run"]) == 12
    for option in found["options"].values():
        assert set(option["passes"]) == SUMMARY
        assert option["passes"]["low"] <= option["passes"]["median"] <= option["passes"]["high"]
        assert all(set(row) == SUMMARY for row in option["criteria"].values())
        assert all(set(row) == {"status", "gap", "bound"} for row in option["solver"].values())
    assert sum(option["first"] for option in found["options"].values()) == pytest.approx(1)


def test_two_options_in_json_are_second_less_first(ran: tuple[Path, str]) -> None:
    out = ["--out", str(ran[0])]
    found = json.loads(command("compare", "decline", "un_mandate_full", "--json", *out))
    assert found["paired"] is True
    assert found["differences"]
    for row in found["differences"]:
        assert row["mean"] == pytest.approx(row["second"] - row["first"])
        assert row["low"] <= row["high"]


def test_removing_a_run_and_sweeping_are_answers_too(ran: tuple[Path, str], tmp_path: Path) -> None:
    import shutil

    shutil.copytree(ran[0], tmp_path / "runs")
    out = ["--out", str(tmp_path / "runs"), "--json"]
    (tmp_path / "runs" / ".0123456789ab.partial").mkdir()
    assert json.loads(command("runs", "rebuild", *out)) == {"finished": 1, "swept": 1, "drafts": 0}
    assert json.loads(command("runs", "rebuild", *out)) == {"finished": 1, "swept": 0, "drafts": 0}
    name = json.loads(ran[1])["run"]
    assert json.loads(command("runs", "rm", name, "--yes", *out)) == {"removed": name}
    assert json.loads(command("runs", "list", *out)) == []
