"""Is a shared file written to by one process at a time, and is what another wrote never written over?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contingent.atomic import sole_writer
from contingent.errors import BusyError, LedgerError
from contingent.evidence.ledger import Ledger
from contingent.scenario.read import read
from contingent.study.store import Store

HOLD = """
import sys
from pathlib import Path
from contingent.atomic import sole_writer
with sole_writer(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""
WRITE = """
import sys
from pathlib import Path
from contingent.evidence.ledger import Ledger
from contingent.atomic import sole_writer
path, name = Path(sys.argv[1]), sys.argv[2]
for number in range(20):
    with sole_writer(path):
        Ledger.open(path).append([("note", {"by": name, "number": number})])
"""


def started(script: str, *words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_a_second_process_is_told_who_holds_the_file(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    with started(HOLD, path) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        with (
            pytest.raises(BusyError, match=rf"process {other.pid} on .* is writing to it"),
            sole_writer(path, patience=0.05),
        ):
            pass
        other.kill()
    with sole_writer(path, patience=5):  # the lock of a killed process is free
        pass


def test_a_process_may_ask_again_for_what_it_holds(tmp_path: Path) -> None:
    with sole_writer(tmp_path / "ledger.jsonl"):
        Ledger.open(tmp_path / "ledger.jsonl").append([("note", {})])
    assert len(Ledger.open(tmp_path / "ledger.jsonl").entries) == 1


def test_two_processes_on_one_ledger_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    with started(WRITE, path, "a") as one, started(WRITE, path, "b") as two:
        assert (one.wait(60), two.wait(60)) == (0, 0)
    bodies = [entry.body for entry in Ledger.open(path).entries]
    assert sorted((body["by"], body["number"]) for body in bodies) == [(by, n) for by in "ab" for n in range(20)]


def test_what_another_wrote_since_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    mine, theirs = Ledger.open(path), Ledger.open(path)
    theirs.append([("note", {"by": "them"})])
    with pytest.raises(LedgerError, match="another process wrote to it since it was opened"):
        mine.append([("note", {"by": "me"})])
    assert [entry.body for entry in Ledger.open(path).entries] == [{"by": "them"}]


def test_a_question_that_another_process_computes_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import contingent.study.study as study

    asked, store = study.Study(read("unifil_2006"), ["decline"]), Store(tmp_path)
    run = store.path(asked.question(4).id)
    monkeypatch.setattr(study, "sole_writer", lambda path: sole_writer(path, patience=0.05))
    with started(HOLD, run) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        with pytest.raises(BusyError, match=rf"{run.name}: process {other.pid} on .* is writing to it"):
            study.run_or_load(asked, 4, store)
        other.kill()
    assert not run.exists()


def test_what_another_process_finished_meanwhile_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import contingent.study.study as study

    asked, store = study.Study(read("unifil_2006"), ["decline"]), Store(tmp_path)

    @contextmanager
    def finished_meanwhile(path: Path) -> Iterator[None]:
        path.mkdir(parents=True)
        (path / "manifest.json").write_text("{}", "utf-8")
        yield

    monkeypatch.setattr(study, "sole_writer", finished_meanwhile)
    monkeypatch.setattr(study, "read_back", lambda folder: f"read {folder.name}")
    assert study.run_or_load(asked, 4, store) == f"read {asked.question(4).id}"
