"""Where finished runs are kept, and how an interrupted one goes on.

    runs/<id>/manifest.json    what was asked: scenario and its hash, options, seed, runs, versions; digests of the rest
    runs/<id>/scenario.json    the scenario as it was run
    runs/<id>/tables/*.zip     the engines' results, a file for every 500 runs
    runs/<id>/summary.json     of a large ensemble, how each option's headline numbers are spread over all runs
    runs/<id>/plans.json       the force plan of every option in every world
    runs/<id>/kept/*.json      what was made of it since and takes long: briefs, what would change the choice
    runs/<id>/brief.html       ... and what else was written from it

The id is a hash of the question, so the same question is the same folder. A run under way is
`runs/.<id>.partial`; it becomes `runs/<id>` in one step when its last part is stored.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict

from contingent.atomic import atomic_write, canonical_json, on_disk, sole_writer, sweep
from contingent.errors import BusyError, RunError
from contingent.records import Record, from_json
from contingent.scenario.model import Scenario
from contingent.study.question import Question, hash_of, library_versions
from contingent.study.run_files import MEND, RunFiles, spelt

FORMAT = 6  # of a run's folder; raised, here and in `Manifest`, when an older one can no longer be read
CERTAIN = 6  # letters of an id by which a run may be meant
PARTIAL = ".partial"  # ends the name of the hidden folder of a run under way


class Manifest(Record):
    """What a run folder holds."""

    model_config = ConfigDict(strict=True)

    format: Literal[6]
    id: str
    name: str
    title: str
    as_of: str
    marking: str = ""
    scenario_sha256: str
    options: list[str]
    seed: int
    runs: int
    version: str
    libraries: dict[str, str]
    sample: int
    """The first runs, of which every table is kept; of those beyond there are the columns of the headline numbers."""
    digests: dict[str, str]
    """SHA-256 of every file that the run's numbers are read from."""


@dataclass(frozen=True, slots=True)
class Store:
    """The folder of run folders."""

    folder: Path

    def path(self, run: str) -> Path:
        """Where a finished run of that id is, or would be."""
        return self.folder / run

    def ids(self) -> list[str]:
        """The finished runs, by id."""
        found = self.folder.glob("*/manifest.json") if self.folder.is_dir() else []
        return sorted(file.parent.name for file in found if not file.parent.name.startswith("."))

    def find(self, run: str) -> Path:
        """The folder a user means by an id, its unambiguous beginning, or a path, which means that folder and no other.

        Raises:
            RunError: none or several match, or too few letters are given.
        """
        if "/" in run or len(Path(run).parts) > 1 or run in (".", ".."):
            if not (Path(run) / "manifest.json").is_file():
                raise RunError(f"{run}: is not the folder of a finished run (there is no manifest.json in it)")
            return Path(run)
        known = self.ids()
        matches = [each for each in known if each == run] or [each for each in known if each.startswith(run)]
        if len(matches) == 1 and len(run) >= CERTAIN:
            return self.path(matches[0])
        if not matches:
            self.unfinished(run)
        several = f"{len(matches)} runs ({', '.join(matches[:5])})" if len(matches) > 1 else "no finished run"
        how = f"; name it by {CERTAIN} letters of its id or more, or by its folder" if len(run) < CERTAIN else ""
        raise RunError(
            f"{self.folder}: {several} called {run or 'nothing'}{how}; `contingent runs list` shows what there is"
        )

    def holds(self, run: str) -> bool:
        """Whether a run is meant by that."""
        try:
            return bool(self.find(run))
        except RunError:
            return False

    def unfinished(self, run: str) -> None:
        """Say so if a run of that id was begun and not finished.

        Raises:
            RunError: it was.
        """
        begun = list(self.folder.glob(f".{run}*{PARTIAL}")) if len(run) >= CERTAIN else []
        if len(begun) != 1:
            return
        parts = len(RunFiles.noted(begun[0]).done)
        name, stored = begun[0].name[1:].removesuffix(PARTIAL), "1 part is" if parts == 1 else f"{parts} parts are"
        what = f"run {name} is not finished: {stored} stored and nothing can be said of it yet"
        raise RunError(f"{begun[0]}: {what}; the command that began it goes on where it stopped")

    def manifests(self) -> Iterator[Manifest | RunError]:
        """What every run folder holds, or what is wrong with it."""
        for run in self.ids():
            try:
                yield manifest_of(self.path(run))
            except RunError as error:
                yield error

    def begin(self, question: Question) -> RunFiles:
        """The folder of a run under way, with what is whole of what an interrupted or a damaged one left."""
        place, damaged = self.folder / f".{question.id}{PARTIAL}", self.path(question.id)
        if damaged.exists():
            shutil.rmtree(place, ignore_errors=True)
            damaged.rename(place)
        files = RunFiles.under_way(place)
        files.put("scenario.json", spelt(question.scenario.model_dump(mode="json")))
        return files

    def finish(self, question: Question, files: RunFiles) -> Path:
        """Give a run that is whole its manifest and its place."""
        files.note(content_of(question))
        on_disk(files.folder)
        files.folder.rename(self.path(question.id))
        on_disk(self.folder)
        return self.path(question.id)

    def remove(self, run: str) -> Path:
        """Remove a finished run with everything written from it; returns where it was.

        Raises:
            RunError: none or several match, or the folder is a link.
            BusyError: another process is writing it.
        """
        folder = self.find(run)
        if folder.is_symlink():
            raise RunError(f"{folder}: is a link to {folder.resolve()}; remove the link or that folder by hand")
        folder = folder.resolve()
        with sole_writer(folder, patience=0):
            gone = folder.rename(folder.with_name(f".{folder.name}.new"))  # killed from here on, it is swept
            shutil.rmtree(gone)
        return folder

    def sweep(self) -> int:
        """Remove what interrupted runs and killed processes left behind; how many things there were."""
        begun = [folder.name[1:].removesuffix(PARTIAL) for folder in self.folder.glob(f".*{PARTIAL}")]
        return sum(map(self.forget, begun)) + sweep(self.folder)

    def forget(self, run: str) -> bool:
        """Remove what an interrupted run left; whether there was any, and nobody is at it."""
        place = self.folder / f".{run}{PARTIAL}"
        with suppress(BusyError), sole_writer(self.path(run), patience=0):
            shutil.rmtree(place, ignore_errors=True)
            return True
        return False

    def influence(self, scenario: Scenario) -> dict[str, float]:
        """How much each uncertain number moved the headline in the largest stored run of a scenario; {} if none.

        Of this very scenario: a copy begun from it has the same name, and other numbers.
        """
        best: tuple[int, dict[str, float]] = (0, {})
        wanted = hash_of(scenario)
        for found in self.manifests():
            if isinstance(found, Manifest) and found.scenario_sha256 == wanted and found.runs > best[0]:
                with suppress(RunError, ValueError):
                    best = (
                        found.runs,
                        json.loads(RunFiles(self.path(found.id), found.digests).content("influence.json")),
                    )
        return best[1]


def manifest_of(folder: Path) -> Manifest:
    """What a run folder holds.

    Raises:
        RunError: the folder is missing, damaged, of another version, or has another run's name.
    """
    file = folder / "manifest.json"
    try:
        found = from_json(file.read_bytes(), Manifest, file, f"is damaged, or of another version; {MEND}", RunError)
    except OSError as error:
        raise RunError(f"{file}: cannot be read ({error.strerror}), so this is no finished run; {MEND}") from None
    if folder.resolve().name != found.id:
        raise RunError(f"{folder}: is the folder of run {found.id} under another name; name it {found.id} again")
    return found


def question_of(folder: Path) -> Question:
    """What a stored run answers.

    Raises:
        RunError: the folder is damaged, or its manifest says something else than was run.
    """
    says = manifest_of(folder)
    content = RunFiles(folder, says.digests).content("scenario.json")
    try:
        found = Question.from_content(says.model_dump() | {"scenario": json.loads(content)})
    except (ValueError, RecursionError) as error:
        what = str(error).splitlines()[0]
        raise RunError(f"{folder / 'scenario.json'}: is of another version: {what}") from None
    wrong = [key for key, value in content_of(found).items() if value != getattr(says, key)]
    if wrong:
        edited = "options, seed, runs, version or libraries" if wrong == ["id"] else ", ".join(wrong)
        raise RunError(
            f"{folder / 'manifest.json'}: {edited} cannot be what was run as {says.id}: changed since; {MEND}"
        )
    return found


def content_of(question: Question) -> dict[str, Any]:
    """What the manifest of a question's run folder says of it."""
    s = question.scenario
    return {
        "format": FORMAT, "id": question.id, "name": s.name, "title": s.title, "as_of": s.as_of.isoformat(),
        "marking": s.marking, "scenario_sha256": question.scenario_hash, "options": list(question.options),
        "seed": question.seed, "runs": question.runs, "version": question.version,
        "libraries": dict(question.libraries), "sample": question.sample,
    }  # fmt: skip


def made(folder: Path, name: str, make: Callable[[], Any]) -> Any:
    """What this build made of a finished run under a name; made now, and kept beside the run, if it is not there.

    It is what JSON holds. What is damaged or was made by another build or of another run is made again; where nothing
    can be written, nothing is kept.
    """
    file, manifest = folder / "kept" / f"{name}.json", folder / "manifest.json"
    try:
        stamp, _, content = file.read_text("utf-8").partition("\n")
        if stamp == _stamp(manifest, content):
            return json.loads(content)
    except (OSError, ValueError):
        pass
    content = json.dumps(make(), ensure_ascii=False)
    with suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        stamp = _stamp(manifest, content)
        with atomic_write(file) as scratch:
            scratch.write_text(f"{stamp}\n{content}", "utf-8")
    return json.loads(content)


def _stamp(manifest: Path, content: str) -> str:
    """What a kept file begins with: it is of this build, of this run, and as it was written."""
    parts = (build().encode(), manifest.read_bytes(), content.encode("utf-8", "surrogatepass"))
    return sha256(b"\0".join(parts)).hexdigest()


@cache
def build() -> str:
    """SHA-256 of every file of the installed package but the shipped cases, and of the libraries that set numbers."""
    package, found = Path(str(files("contingent"))), sha256(canonical_json(library_versions()))
    for file in sorted(package.rglob("*")):
        name = file.relative_to(package)
        if file.is_file() and not {"library", "__pycache__"} & set(name.parts):
            found.update(name.as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()
