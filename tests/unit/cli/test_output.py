"""Standard output carries the answer: with --json, one value and nothing that a library writes."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from contingent.cli import output, run
from contingent.cli.output import Flags
from contingent.errors import Complaint, InputError, ScenarioError
from contingent.scenario.read import read
from contingent.study.store import Question, content_of

NOISY = """
import ctypes, os, subprocess, sys
from contingent.scenario import read as home
from contingent.cli import main
honest = home.read

def noisy(where, *more):
    os.write(1, b"banner by descriptor\\n")
    ctypes.CDLL(None).puts(b"banner by C")
    print("banner by Python")
    subprocess.run([sys.executable, "-c", "print('banner of a child')"])
    return honest(where, *more)

home.read = noisy
main(sys.argv[1:])
"""


def noisy(*words: str, **how) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", NOISY, *words], capture_output=True, text=True, check=False, **how)


def test_no_library_can_write_into_a_json_answer() -> None:
    done = noisy("check", "isf_gaza", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["scenario"] == "isf_gaza"
    assert sorted(done.stderr.split("banner ")[1:]) == ["by C\n", "by Python\n", "by descriptor\n", "of a child\n"]


def test_an_error_is_one_json_value_too() -> None:
    done = noisy("check", "no_such_case", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["kind"] == "InputError"


def test_without_json_what_a_library_says_is_left_alone() -> None:
    done = noisy("check", "isf_gaza")
    assert "banner by Python" in done.stdout
    assert "nothing to mend" in done.stdout


@pytest.fixture
def listing(tmp_path: Path) -> str:
    """The command that lists the one run of a folder, of which only what is listed is there."""
    question = Question(read("isf_gaza"), ("decline",), 1, 40, "0")
    (tmp_path / question.id).mkdir()
    (tmp_path / question.id / "manifest.json").write_text(json.dumps(content_of(question) | {"digests": {}}), "utf-8")
    return f"$CONTINGENT runs list --out {tmp_path}"


def shell(line: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"CONTINGENT": f"{sys.executable} -m contingent.cli"}
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False, env=environment)


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
@pytest.mark.parametrize("flag", ["--json", ""])
def test_a_reader_who_leaves_early_is_no_error(flag: str, listing: str) -> None:
    done = shell(f"{listing} {flag} | head -c 1 >/dev/null; echo ${{PIPESTATUS[0]}}")
    assert done.stdout == "0\n"
    assert done.stderr == ""


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
@pytest.mark.parametrize("flag", ["--json", ""])
def test_a_closed_standard_output_is_said_in_one_line(flag: str, listing: str) -> None:
    done = shell(f"{listing} {flag} >&-; echo $?")
    assert done.stdout == "2\n"
    assert "standard output is closed" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("flag", ["--json", ""])
def test_a_full_disk_is_said_in_one_line(flag: str, listing: str) -> None:
    done = shell(f"{listing} {flag} >/dev/full; echo $?")
    assert done.stdout == "2\n"
    assert done.stderr.startswith("no space left on device; make room")


def test_standard_output_is_as_before_once_the_answer_is_given(capfd: pytest.CaptureFixture[str]) -> None:
    before = sys.stdout
    with output.only_json():
        os.write(1, b"noise\n")
        sys.stdout.write("more noise\n")
        Flags().tell("no part of a JSON answer")
        output.emit_json({"a": 1})
    assert sys.stdout is before
    os.write(1, b"after\n")
    said = capfd.readouterr()
    assert said.out.replace("after\n", "") == '{\n "a": 1\n}\n'
    assert "after\n" in said.out
    assert "noise\n" in said.err
    assert "no part" in said.err


def test_standard_output_is_as_before_if_the_answer_fails(capsys: pytest.CaptureFixture[str]) -> None:
    before = sys.stdout
    with pytest.raises(ValueError, match="JSON"), output.only_json():
        output.emit_json({"a": float("nan")})
    assert sys.stdout is before
    output.emit_json(1)
    assert capsys.readouterr().out == "1\n"


def test_help_is_printed_where_it_is_looked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--help", "--json"]) == 0
    assert "Usage:" in capsys.readouterr().out


def test_json_keeps_order_letters_and_precision(capsys: pytest.CaptureFixture[str]) -> None:
    output.emit_json({"b": 0.1 + 0.2, "a": "کوئی", "path": Path("x")})
    said = capsys.readouterr().out
    assert said == '{\n "b": 0.30000000000000004,\n "a": "کوئی",\n "path": "x"\n}\n'


def test_the_log_is_beside_the_answer_and_can_be_silenced(capsys: pytest.CaptureFixture[str]) -> None:
    Flags().log("one\n\n")
    Flags(quiet=True).log("two")
    Flags().tell("three\n\n")
    Flags(json=True).tell("four")
    said = capsys.readouterr()
    assert (said.out, said.err) == ("three\n", "one\n")


@pytest.mark.parametrize(
    ("variables", "terminal", "colour"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"TERM": "dumb"}, True, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, True),
    ],
)
def test_emphasis_is_for_terminals_that_show_it(
    variables: dict[str, str], terminal: bool, colour: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal, raising=False)
    assert output.coloured() == colour


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (InputError("write this"), 2, ["write this"]),
        (
            OSError(errno.ENOSPC, "full", "/there"),
            2,
            ["/there: no space left on device; make room, then give the same"],
        ),
        (OSError(errno.EACCES, "denied"), 2, ["permission denied; name another place"]),
        (ValueError("odd"), 101, ["ValueError: odd", "our fault"]),
    ],
)
def test_an_error_ends_in_its_exit_code_and_its_words(
    error: Exception, code: int, says: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert output.fail(error, as_json=False) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert all(words in said.err for words in says)
    assert ("Traceback" in said.err or "ValueError" in said.err) == (code == 101)


def test_complaints_beyond_a_screen_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    complaints = [Complaint("file.yaml", n, "path", "what", "fix") for n in range(1, 51)]
    assert output.fail(ScenarioError(complaints), as_json=True) == 2
    said = capsys.readouterr()
    assert said.err.splitlines()[-1] == "... and 10 more; `contingent check` lists all"
    assert len(said.err.splitlines()) == 41
    assert output.fail(InputError("x" * 10_000), as_json=False) == 2
    assert len(capsys.readouterr().err) < 2010
    found = json.loads(said.out)["error"]
    assert found["kind"] == "ScenarioError"
    assert len(found["complaints"]) == 50
    assert found["complaints"][49] == {"file": "file.yaml", "line": 50, "path": "path", "what": "what", "fix": "fix"}


def test_no_bar_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    for flags in (Flags(), Flags(quiet=True), Flags(json=True, quiet=True), Flags(json=True, no_progress=True)):
        with flags.progress("runs") as tell:
            tell(1, 2)
    assert capsys.readouterr().err == ""


def test_a_program_is_told_every_tenth_as_a_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    with Flags(json=True).progress("runs") as tell:
        for done in range(0, 101, 2):
            tell(done, 100)
    said = capsys.readouterr()
    assert said.out == ""
    lines = [json.loads(line) for line in said.err.splitlines()]
    assert [line["done"] for line in lines] == [*range(0, 101, 10)]
    assert lines[0] == {"progress": "runs", "done": 0, "total": 100}


@pytest.mark.parametrize(("told", "wide"), [("60", 60), ("20", 40), ("300", 100), ("", 100)])
def test_what_is_told_is_as_wide_as_the_terminal(monkeypatch: pytest.MonkeyPatch, told: str, wide: int) -> None:
    monkeypatch.setenv("COLUMNS", told)
    assert output.columns() == wide
