"""Is anything lost, mixed or certified wrongly: killed at any moment, written by two at once, damaged, or elsewhere?

    python benchmarks/trust.py kills [200]           kill -9 in run, brief, evidence DIR and sheet import --write
    python benchmarks/trust.py writers [50]          pairs of processes that write to one place at once
    python benchmarks/trust.py corruptions [1000]    single bits and single fields of a stored run and its briefs
    python benchmarks/trust.py surroundings          workers, clusters, locales, zones, hash seeds, encodings, deaths
    python benchmarks/trust.py all                   each in the number that stands there

Every command that is killed or raced runs in a process of its own, forked from one that has loaded everything, and is
compared byte by byte, hidden files too, with what it leaves undisturbed. Half of the kills come at a random time, half
at a random change of a file. Prints counts, and exits with 1 if anything failed. For Unix.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from functools import partial
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from contingent import cli
from contingent.brief.embedded_run import unpack
from contingent.brief.read_back import differences, looked_into
from contingent.ensemble import execute
from contingent.errors import ContingentError, RunError
from contingent.evidence.ledger import Ledger
from contingent.study.result import headline
from contingent.study.store import made
from contingent.study.study import read_back

CASE, PART, RUNS, CHAIN = "amm_aceh", 20, 80, 5  # runs a part and in all; kills in a row before it may finish
CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate"}  # beside files opened to be written to
SAID = (
    "The minister said on Monday that {n} soldiers may go if the budget allows it.",
    "Two officials, who asked not to be named, said that no decision on {n} soldiers had been made.",
)
Held = dict[str, bytes]
SEED = 20251028
LOG = str(Path(gettempdir()) / f"trust-{os.getpid()}.log")
FAILED: list[str] = []


def held(folder: Path) -> Held:
    """Every file of a folder, hidden ones and empty folders too."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"a folder"
            for path in sorted(folder.rglob("*"))}  # fmt: skip


def unlike(one: Held, other: Held) -> list[str]:
    """The files that are not the same in both."""
    return [name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]


def check(what: str, *, good: bool) -> bool:
    """Count and tell a failure."""
    if not good:
        FAILED.append(what)
        print(f"FAILED  {what}", flush=True)
    return good


@dataclass
class Child:
    """A command in a process of its own."""

    pid: int
    told: int

    @classmethod
    def begin(cls, words: list[str], die_at: int = 0) -> Child:
        """Fork, and run the command there; at its `die_at`-th change of a file it is killed."""
        reading, writing = os.pipe()
        if pid := os.fork():
            os.close(writing)
            return cls(pid, reading)
        silent = os.open(os.devnull, os.O_RDWR)
        log = os.open(os.environ["TRUST_LOG"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for descriptor, target in ((silent, 0), (silent, 1), (log, 2)):
            os.dup2(descriptor, target)
        count = 0

        def hook(event: str, given: tuple) -> None:
            nonlocal count
            if event in CHANGES or (
                event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR)
            ):
                count += 1
                if count == die_at:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        code = 99
        with suppress(BaseException):
            code = cli.run(words)
        os.write(writing, str(count).encode())
        sys.stderr.flush()
        os._exit(code)

    def wait(self) -> tuple[int, int]:
        """Its exit code, and how often it changed a file."""
        said = os.read(self.told, 20)
        os.close(self.told)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1]), int(said or 0)


def undisturbed(words: list[str]) -> tuple[float, int]:
    """The seconds and changes that a command takes; it must succeed."""
    began = time.monotonic()
    code, changes = Child.begin(words).wait()
    if code:
        raise SystemExit(f"{' '.join(words)}: exit {code}\n{Path(os.environ['TRUST_LOG']).read_text()}")
    return time.monotonic() - began, changes


def articles(folder: Path, count: int, first: int = 0) -> Path:
    """So many short articles."""
    folder.mkdir(parents=True)
    for n in range(first, first + count):
        (folder / f"a{n:03}.txt").write_text(f"{n}. " + " ".join(one.format(n=n) for one in SAID), "utf-8")
    return folder


def case_in_two_files(folder: Path) -> Path:
    """A copy of the case with its stakeholders in a file of their own."""
    assert cli.run(["new", str(folder), "--like", CASE, "--quiet"]) == 0
    file = folder / "scenario.yaml"
    parts = re.split(r"(?m)^(?=[a-z_]+:)", file.read_text("utf-8"))
    mine = [part for part in parts if part.startswith("stakeholders:")]
    file.write_text("".join(part for part in parts if part not in mine), "utf-8")
    (folder / "stakeholders.yaml").write_text("".join(mine), "utf-8")
    return folder


def workbook(case: Path, file: Path, row: int, factor: float) -> Path:
    """A workbook that changes the strength of one pledge and the capability of one stakeholder, in two files."""
    whole = file.with_name("whole.xlsx")
    assert cli.run(["sheet", "export", str(case), str(whole), "--quiet"]) == 0
    read, made = CalamineWorkbook.from_path(str(whole)), Workbook(str(file))
    for name, head in (("Pledges", "Strength"), ("Stakeholders", "Capability")):
        rows, sheet = read.get_sheet_by_name(name).to_python(), made.add_worksheet(name)
        for column, title in enumerate(rows[0]):
            if str(title).startswith(head) and isinstance(rows[row][column], float):
                rows[row][column] = round(rows[row][column] * factor)
        for number, values in enumerate(rows):
            sheet.write_row(number, 0, values)
    made.close()
    return file


def jobs(base: Path) -> Iterator[tuple[str, Callable[[Path], list[str]]]]:
    """What is killed: the name of a verb, and what makes its place ready and says its words."""
    run = ["run", CASE, "--runs", str(RUNS), "--quiet"]
    stored = base / "stored"
    undisturbed([*run, "--out", str(stored)])
    ident = next(stored.iterdir()).name
    texts = articles(base / "texts", 70)
    case = case_in_two_files(base / "kept" / "case")
    book = workbook(case, base / "book.xlsx", 1, 0.9)

    def ready(copied: Path | None, words: Callable[[Path], list[str]], place: Path) -> list[str]:
        if copied:
            shutil.copytree(copied, place, dirs_exist_ok=True)
        return words(place)

    yield "run", partial(ready, None, lambda place: [*run, "--out", str(place)])
    yield "brief", partial(ready, stored, lambda place: ["brief", str(place / ident), "--to", "md,html", "--quiet",
                                                         "--out", str(place / ident)])  # fmt: skip
    yield "evidence", partial(ready, None, lambda place: ["evidence", str(texts), "--out", str(place), "--quiet"])
    yield (
        "sheet import",
        partial(
            ready, case.parent, lambda place: ["sheet", "import", str(place / "case"), str(book), "--write", "--quiet"]
        ),
    )


def kills(count: int, base: Path) -> None:
    """Kill, ask again, and compare what there is in the end with what an undisturbed command leaves."""
    each = count // 4
    for verb, prepare in jobs(base):
        (base / verb).mkdir()
        calm = base / verb / "undisturbed"
        calm.mkdir()
        seconds, changes = undisturbed(prepare(calm))
        wanted, done, chain = held(calm), 0, 0
        rng = random.Random(f"{SEED} {verb}")
        while done < each:
            place = base / verb / str(chain)
            place.mkdir()
            words, chain = prepare(place), chain + 1
            for _ in range(min(CHAIN, each - done)):
                by_change = rng.random() < 0.5
                child = Child.begin(words, rng.randint(1, changes) if by_change else 0)
                if not by_change:
                    time.sleep(rng.uniform(0, seconds))
                    with suppress(ProcessLookupError):
                        os.kill(child.pid, signal.SIGKILL)
                child.wait()
                done += 1
            code, _ = Child.begin(words).wait()
            apart = unlike(wanted, held(place))
            check(f"{verb}, chain {chain}: exit {code}, not the same: {apart[:5]}", good=not code and not apart)
            shutil.rmtree(place)
        print(
            f"kills  {verb}: {done} kills in {chain} chains ({seconds:.1f} s, {changes} changes undisturbed)",
            flush=True,
        )


def race(*several: list[str]) -> list[tuple[int, str]]:
    """Several commands at once: exit codes, and what each said on standard error."""
    found = []
    children = []
    for number, words in enumerate(several):
        os.environ["TRUST_LOG"] = log = f"{LOG}{number}"
        children.append((Child.begin(words), Path(log)))
    for child, log in children:
        code, _ = child.wait()
        found.append((code, log.read_text("utf-8")))
    os.environ["TRUST_LOG"] = LOG
    return found


def writers(count: int, base: Path) -> None:
    """Two at once: both are done, or the second is told in one line; what either wrote is there."""
    run = ["run", CASE, "--runs", str(RUNS), "--quiet", "--out"]
    calm = base / "calm"
    undisturbed([*run, str(calm)])
    ident, stored = next(calm.iterdir()).name, held(calm)  # a brief keeps something beside the run
    one, two = articles(base / "one", 12), articles(base / "two", 12, 500)
    kept = case_in_two_files(base / "kept")
    books = workbook(kept, base / "a.xlsx", 1, 0.9), workbook(kept, base / "b.xlsx", 2, 0.8)
    undisturbed(["brief", str(calm / ident), "--to", "md,html", "--quiet", "--out", str(base / "brief")])
    orders = [imported(kept, books, base / "first"), imported(kept, books[::-1], base / "second")]
    told = 0
    for turn in range(count):
        place, kind = base / str(turn), ("evidence", "run", "brief", "sheet import")[turn % 4]
        if kind == "evidence":
            done = race(*(["evidence", str(each), "--out", str(place), "--quiet"] for each in (one, two)))
            ledger = Ledger.open(place / "ledger.jsonl")
            good = not ledger.faults and len(list(ledger.of("document"))) == 24 and all(not code for code, _ in done)
        elif kind == "run":
            done = race([*run, str(place)], [*run, str(place)])
            good = not unlike(stored, held(place)) and all(not code for code, _ in done)
        elif kind == "brief":
            words = ["brief", str(calm / ident), "--to", "md,html", "--quiet", "--out", str(place)]
            done = race(words, words)
            good = not unlike(held(base / "brief"), held(place)) and all(not code for code, _ in done)
        else:
            shutil.copytree(kept, place)
            done = race(*(["sheet", "import", str(place), str(book), "--write", "--quiet"] for book in books))
            for (code, said), book in zip(done, books, strict=True):
                told += code == 2
                if code:
                    check(f"{kind}: exit {code}: {said[-300:]}", good=code == 2 and len(said.splitlines()) == 1)
                    undisturbed(["sheet", "import", str(place), str(book), "--write", "--quiet"])
            good = held(place) in orders  # a workbook holds all rows: the last one stands, whichever that was
        check(f"writers {turn}, {kind}: {[(code, said[-300:]) for code, said in done]}", good=good)
        shutil.rmtree(place)
    print(f"writers  {count} pairs, {told} times the second was told to give the command again", flush=True)


def imported(kept: Path, books: Sequence[Path], place: Path) -> Held:
    """A case after workbooks, one after the other."""
    shutil.copytree(kept, place)
    for book in books:
        undisturbed(["sheet", "import", str(place), str(book), "--write", "--quiet"])
    return held(place)


def anywhere(value: object, rng: random.Random) -> tuple[dict | list, object]:
    """A random place in JSON: what holds it, and its key there."""
    while True:
        assert isinstance(value, dict | list)
        key = rng.choice(list(value) if isinstance(value, dict) else range(len(value)))
        below = value[key]
        if not isinstance(below, dict | list) or not below or rng.random() < 0.2:
            return value, key
        value = below


def corruptions(count: int, base: Path) -> None:
    """One bit of any file of a run, or one field of its JSON: named, or the very same result; so its briefs."""
    place = base / "runs"
    undisturbed(["run", CASE, "--runs", str(RUNS), "--quiet", "--out", str(place)])
    folder = next(place.iterdir())
    undisturbed(["brief", str(folder), "--to", "html,pdf,docx", "--quiet", "--out", str(base / "page")])
    files = {
        path: path.read_bytes()
        for path in [*sorted(folder.rglob("*")), *sorted((base / "page").iterdir())]
        if path.is_file() and path.name != "written.json"  # which briefs were written: without it, they are set aside
    }
    wanted, sent = headline(read_back(folder)), unpack(base / "page" / "brief.html")
    rng, found, same = random.Random(SEED), 0, 0
    for turn in range(count):
        path = rng.choice(list(files))
        content = bytearray(files[path])
        kept = path.parent.name == "kept"
        if path.suffix == ".json" and not kept and rng.random() < 0.5:
            whole = json.loads(content)
            within, key = anywhere(whole, rng)
            within[key] = rng.choice([None, True, -1, 7, 1e300, "x", "", [], {}, [[]], {"a": 1}])
            content = bytearray(json.dumps(whole).encode())
        else:
            content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        path.write_bytes(content)
        try:
            if path.suffix == ".html":
                good = unpack(path) == sent and bytes(content) == files[path]
            elif path.suffix in (".pdf", ".docx"):
                kind, now, _ = unpack(path)
                if apart := differences(kind, now, files[path], path.name):
                    raise RunError(f"{path.name}: differs in {len(apart)} places")
                good = looked_into(kind, now, path.name) == looked_into(kind, files[path], path.name)
            elif kept:  # what is kept with a run is made again where it is not what was written
                good = made(folder, path.stem, lambda: "again") in (
                    "again",
                    json.loads(files[path].partition(b"\n")[2]),
                )
            else:
                good = headline(read_back(folder)) == wanted
            same += good
            check(f"corruption {turn}: {path.name} was changed, and nobody noticed", good=good)
        except ContingentError as error:
            named = path.name in str(error) or path.name == "manifest.json"  # a digest there was changed
            found += check(f"corruption {turn}: {path.name} is not named in {error}", good=named)
        except Exception as error:
            check(f"corruption {turn} of {path.name}: {error!r}", good=False)
        path.write_bytes(files[path])
    print(f"corruptions  {count}: {found} named, {same} without effect", flush=True)


def surroundings(_: int, base: Path) -> None:
    """The same question in other surroundings: the same bytes."""
    runs = 2 * execute.PART + 100
    words = [sys.executable, "-m", "contingent.cli", "run", CASE, "--runs", str(runs), "--quiet"]
    ways: dict[str, tuple[list[str], dict[str, str]]] = {
        "one process": ([], {}),
        **{f"{n} workers": (["--workers", str(n)], {}) for n in range(2, 9)},
        "a cluster of two": (["--executor", "dask", "--workers", "2"], {}),
        "C, Karachi, hash seed 1": ([], {"LC_ALL": "C", "TZ": "Asia/Karachi", "PYTHONHASHSEED": "1"}),
        "Turkish, Los Angeles, ASCII": ([], {"LC_ALL": "tr_TR.UTF-8", "TZ": "America/Los_Angeles",
                                            "PYTHONHASHSEED": "77", "PYTHONIOENCODING": "ascii",
                                            "NUMBA_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}),
        "killed and gone on": (["--workers", "2"], {}),
        "a worker killed": (["--workers", "2"], {}),
    }  # fmt: skip
    first: Held = {}
    for name, (more, around) in ways.items():
        place = base / name
        command, env = [*words, "--out", str(place), *more], {**os.environ, **around}
        if "killed" in name:
            with subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
                while not list(place.glob(".*/tables/*.zip")) and process.poll() is None:
                    time.sleep(0.01)
                victims = workers_of(process.pid) if name.startswith("a worker") else [process.pid]
                for victim in victims[:1]:
                    os.kill(victim, signal.SIGKILL)
        done = subprocess.run(command, env=env, capture_output=True, check=False)
        check(f"{name}: exit {done.returncode}: {done.stderr[-300:].decode()}", good=not done.returncode)
        first = first or held(place)
        apart = unlike(first, held(place))
        if check(f"{name}: not the same bytes: {apart[:5]}", good=not apart):
            print(f"surroundings  {name}: the same {len(first)} files", flush=True)


def workers_of(parent: int) -> list[int]:
    """The processes that a process started, and theirs, the youngest first."""
    family, stats = {parent}, []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            stats.append((int(stat.parent.name), int(stat.read_text().rpartition(")")[2].split()[1])))
    for pid, started_by in sorted(stats):
        if started_by in family:
            family.add(pid)
    return sorted(family - {parent}, reverse=True)


TASKS = {
    "kills": (kills, 200),
    "writers": (writers, 50),
    "corruptions": (corruptions, 1000),
    "surroundings": (surroundings, 0),
}


def main() -> int:
    """What was asked for, in a folder that is gone afterwards."""
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    if asked not in {*TASKS, "all"}:
        raise SystemExit(__doc__)
    for name in TASKS if asked == "all" else [asked]:
        work, count = TASKS[name]
        with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            patch.setenv("TRUST_LOG", LOG)
            if name != "surroundings":
                patch.setattr(execute, "PART", PART)
                with redirect_stdout(StringIO()):  # children are forked from a process that has loaded everything
                    cli.run(
                        ["brief", CASE, "--runs", str(RUNS), "--to", "md,html", "--quiet", "--out", f"{folder}/warm"]
                    )
                shutil.rmtree(f"{folder}/warm")
            began = time.monotonic()
            work(int(sys.argv[2]) if len(sys.argv) > 2 else count, Path(folder))
            print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
    print(f"{len(FAILED)} failures")
    return min(len(FAILED), 1)


if __name__ == "__main__":
    sys.exit(main())
