"""Where finished runs are kept, and how an interrupted one goes on.

    runs/<id>/manifest.json    what was asked: scenario and its hash, options, seed, runs, versions
    runs/<id>/scenario.json    the scenario as it was run
    runs/<id>/tables/*.zarr    the engines' results, in chunks of runs
    runs/<id>/plans.json       the force plan of every option in every world
    runs/<id>/brief.html       ... and what else was written from it

The id is a hash of the question, so the same question is the same folder. A run under way is
`runs/.<id>.partial`; it becomes `runs/<id>` in one step when its last part is stored.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from contingent.atomic import atomic_write
from contingent.errors import RunError
from contingent.scenario.model import Scenario
from contingent.study.question import FORMAT, Question, hash_of

CERTAIN = 6  # digits of an id by which a run may be removed


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a run folder holds."""

    format: int
    id: str
    name: str
    title: str
    as_of: str
    scenario_sha256: str
    options: list[str]
    seed: int
    runs: int
    version: str
    libraries: dict[str, str]


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

    def resolve(self, run: str) -> str:
        """The id a user means by an id, its unambiguous beginning, or a path to the run's folder.

        Raises:
            RunError: none or several match.
        """
        name, known = run, self.ids()
        if len(Path(run).parts) > 1 or run in (".", ".."):
            place = Path(run).resolve()
            name = place.name
            if place.parent != self.folder.resolve():
                raise RunError(f"{run}: is not in {self.folder}; name the folder it is in with --out {place.parent}")
            known = [each for each in known if each == name]
        matches = [each for each in known if each == name] or [each for each in known if name and each.startswith(name)]
        if len(matches) == 1:
            return matches[0]
        if not matches:
            self.unfinished(name)
        what = "no finished run" if not matches else f"{len(matches)} runs ({', '.join(matches[:5])})"
        raise RunError(f"{self.folder}: {what} called {run}; `contingent runs list` shows what there is")

    def unfinished(self, run: str) -> None:
        """Say so if a run of that id was begun and not finished.

        Raises:
            RunError: it was.
        """
        begun = list(self.folder.glob(f".{run}*.partial")) if run else []
        if len(begun) != 1:
            return
        try:
            parts = len(json.loads((begun[0] / "tables" / "parts.json").read_text("utf-8")))
        except (OSError, ValueError):
            parts = 0
        name, stored = begun[0].name[1:].removesuffix(".partial"), "1 part is" if parts == 1 else f"{parts} parts are"
        what = f"run {name} is not finished: {stored} stored and nothing can be said of it yet"
        raise RunError(f"{begun[0]}: {what}; the command that began it goes on where it stopped")

    def manifest(self, run: str) -> Manifest:
        """What a run folder holds.

        Raises:
            RunError: the folder is missing, damaged, or of another version.
        """
        file = self.path(run) / "manifest.json"
        try:
            manifest = Manifest(**json.loads(file.read_text("utf-8")))
        except FileNotFoundError:
            raise RunError(f"{file}: there is no such run; `contingent runs list` shows what there is") from None
        except (OSError, ValueError, TypeError) as error:
            raise RunError(f"{file}: is damaged ({error}); `contingent runs rm {run}` and run it again") from None
        if manifest.format != FORMAT:
            raise RunError(f"{file}: was written in format {manifest.format}, this is {FORMAT}; run it again")
        return manifest

    def question(self, run: str) -> Question:
        """What a stored run answers.

        Raises:
            RunError: the folder is damaged, or the scenario in it is not the one that was run.
        """
        manifest, file = self.manifest(run), self.path(run) / "scenario.json"
        try:
            question = Question.from_content(asdict(manifest) | {"scenario": json.loads(file.read_text("utf-8"))})
        except (OSError, ValueError) as error:
            raise RunError(f"{file}: is damaged or of another version: {str(error).splitlines()[0]}") from None
        if question.scenario_hash != manifest.scenario_sha256:
            raise RunError(
                f"{file}: is not the scenario that was run (its hash differs): changed since, or of another version"
            )
        return question

    def remove(self, run: str) -> Path:
        """Remove a finished run with everything written from it; returns where it was.

        What cannot be had back wants to be named: the whole id, its first six digits or more, or the folder itself.

        Raises:
            RunError: too few digits, none or several match, or the folder is a link.
        """
        if len(run) < CERTAIN:
            raise RunError(f"runs rm {run!r}: name the run by at least {CERTAIN} digits of its id, or by its folder")
        folder = self.path(self.resolve(run))
        if folder.is_symlink():
            raise RunError(f"{folder}: is a link to {folder.resolve()}; remove the link or that folder by hand")
        shutil.rmtree(folder)
        return folder

    def sweep(self) -> int:
        """Remove what interrupted runs left behind; how many there were."""
        left = list(self.folder.glob(".*.partial")) if self.folder.is_dir() else []
        for folder in left:
            shutil.rmtree(folder)
        return len(left)

    def influence(self, scenario: Scenario) -> dict[str, float]:
        """How much each uncertain number moved the headline in the largest stored run of a scenario; {} if none.

        Of this very scenario: a copy begun from it has the same name, and other numbers.
        """
        best: tuple[int, dict[str, float]] = (0, {})
        wanted = hash_of(scenario)
        for run in self.ids():
            file = self.path(run) / "influence.json"
            try:
                manifest = self.manifest(run)
                if manifest.scenario_sha256 == wanted and manifest.runs > best[0]:
                    best = (manifest.runs, json.loads(file.read_text("utf-8")))
            except (RunError, OSError, ValueError):
                continue
        return best[1]


def write_json(file: Path, value: Mapping[str, Any] | list[Any]) -> None:
    """Write a JSON file in one step: a reader sees the old one or the new one."""
    with atomic_write(file) as scratch:
        scratch.write_text(json.dumps(value, ensure_ascii=False) + "\n", "utf-8")


def manifest_of(question: Question) -> dict[str, Any]:
    """The manifest of a question's run folder."""
    s = question.scenario
    return asdict(Manifest(
        FORMAT, question.id, s.name, s.title, s.as_of.isoformat(), question.scenario_hash,
        list(question.options), question.seed, question.runs, question.version, dict(question.libraries),
    ))  # fmt: skip
