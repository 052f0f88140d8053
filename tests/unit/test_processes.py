"""Does a process end as it is asked to, its workers with it, and can every console show what it says?"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from contingent.study.store import FORMAT

WORK = """
import os, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from contingent.processes import workers

def job(number):
    print(os.getpid(), flush=True)
    time.sleep(60)

if __name__ == "__main__":
    with workers(2) as pool:
        list(pool.map(job, range(2)))
"""


def alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads what processes there are")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_workers_end_with_their_parent_however_it_ends(tmp_path: Path, end: signal.Signals) -> None:
    (tmp_path / "work.py").write_text(WORK, "utf-8")
    with subprocess.Popen([sys.executable, tmp_path / "work.py"], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        children = [int(parent.stdout.readline()) for _ in range(2)]
        assert all(map(alive, children))
        parent.send_signal(end)
        parent.wait(30)
        until = monotonic() + 30
        while any(map(alive, children)) and monotonic() < until:
            sleep(0.02)
        assert not any(map(alive, children))


STOP = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs tests in the background has it ignored
from contingent import cli
def stopped(*_, **__):
    os.kill(os.getpid(), int(sys.argv[1]))
    signal.pause()
import contingent.cli.runs
contingent.cli.runs.runs.__globals__["Place"].store = property(stopped)
cli.main(["runs"])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
@pytest.mark.parametrize(("end", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_who_interrupts_is_told_in_one_line_what_is_kept(end: signal.Signals, code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STOP, str(int(end))], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr == "interrupted; what is finished is kept; the same command goes on\n"


@pytest.mark.parametrize(("encoding", "words"), [("ascii", ()), ("ascii", ("--json",)), ("cp1252", ())])
def test_a_console_that_cannot_show_a_sign_shows_another(tmp_path: Path, encoding: str, words: tuple[str, ...]) -> None:
    folder = tmp_path / "0123456789ab"
    folder.mkdir()
    says = {"format": FORMAT, "sample": 2, "id": folder.name, "name": "ق", "title": "Ämter ± ق", "as_of": "2025-01-01",
            "scenario_sha256": "", "options": [], "seed": 1, "runs": 2, "version": "", "libraries": {},
            "digests": {}}  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(says), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "contingent.cli", "runs", *words, "--out", str(tmp_path)],
        capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    if "--json" in words:
        assert json.loads(done.stdout.decode(encoding))[0]["title"] == "Ämter ± ق"
