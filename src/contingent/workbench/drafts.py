"""How does a case become a draft, how is it changed, branched and exported, with nothing lost on the way?"""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

from contingent.errors import Complaint, InputError, ScenarioError
from contingent.notation import write_estimate
from contingent.scenario.draft import editor
from contingent.scenario.model import Scenario, learned
from contingent.scenario.read import locate, read, rewriting, shipped
from contingent.scenario.source import files_of
from contingent.study.comparison import changes, shown
from contingent.study.formulas import engine_faults
from contingent.workbench import draft as drafting
from contingent.workbench.draft import LINKS, Entry, Standing, applied, large, patches, standing, standing_at
from contingent.workbench.registry import LATEST, Registry, now

KEPT = 16  # scenarios that are held, the latest asked for
DIFFERENCE = "changes.md"


Early = Callable[[Mapping[str, Any]], object]
"""Who is told what a draft will change."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A draft as it stands: what its case says (`base`), what was done to it, and what it says now."""

    id: str
    told: Mapping[str, Any]
    seq: int
    stands: Standing
    written: Scenario
    """The case as its files have it."""
    base: Scenario
    """The case as claims leave it."""
    scenario: Scenario

    @classmethod
    def of(cls, draft: str, told: Mapping[str, Any], seq: int, stands: Standing, case: Scenario) -> Sight:
        """A draft of a case as written, with what stands; a ScenarioError where that does not fit together."""
        return cls(draft, told, seq, stands, case, learned(case), applied(case, stands))

    @property
    def as_written(self) -> Scenario:
        """The draft as its files would have it, its numbers not yet moved by claims."""
        return self.written.with_(drafting.rewritten(self.written, self.stands))

    @property
    def changes(self) -> dict[str, Any]:
        """Other values by path than `base` has, as a file would have them; what claims move, as they leave it."""
        found = drafting.rewritten(self.written, self.stands)
        moved = {path: standing_at(self.scenario, path) for path in {**self.written.learned, **found.pop(LINKS, {})}}
        return found | {path: write_estimate(now) for path, now in moved.items() if now != standing_at(self.base, path)}


@dataclass
class Drafts:
    """The drafts of a registry; each has a copy of its case's files, so that it outlives them."""

    registry: Registry
    _held: dict[tuple[str, int], Sight] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def create(self, case: str, who: str, name: str = "") -> str:
        """A new draft of a case, by its shipped name or folder; its id.

        Raises:
            ScenarioError: the case cannot be run as it is; says everything that is wrong with it.
        """
        folder = locate(case)
        scenario = read(folder, engine_faults)
        draft = uuid4().hex[:10]
        base = self.registry.folder / draft / "base"
        base.mkdir(parents=True)
        for file in files_of(folder):
            shutil.copyfile(file, base / file.name)
        told = {"name": name or scenario.name, "title": scenario.title, "case": case_of(folder), "who": who,
                "when": now(), "from": "", "marking": scenario.marking}  # fmt: skip
        self.registry.add_draft(draft, told)
        return draft

    def branch(self, draft: str, who: str, name: str) -> str:
        """A draft that begins where another one stands, with all that was done to it; its id."""
        told, made = self.registry.draft(draft), uuid4().hex[:10]
        shutil.copytree(self.folder(draft), self.registry.folder / made / "base")
        more = {"name": name or f"{told['name']}, a branch", "who": who, "when": now(), "from": draft}
        self.registry.add_draft(made, {**told, **more})
        for entry in self.registry.entries(draft):
            self.registry.append(made, entry.seq - 1, **entry.model_dump(exclude={"seq", "when"}))
        return made

    def folder(self, draft: str) -> Path:
        """The files of a draft's case.

        Raises:
            InputError: there is no such draft, or its files are gone.
        """
        self.registry.draft(draft)
        base = self.registry.folder / draft / "base"
        if not base.is_dir():
            raise InputError(f"{base}: the files of the draft are gone; put them back, or begin a new draft")
        return base

    def sight(self, draft: str) -> Sight:
        """A draft as it stands now.

        Raises:
            InputError: there is no such draft.
            ScenarioError: its changes no longer fit together.
        """
        seq = self.registry.latest(draft)
        with self._lock:
            if found := self._held.get((draft, seq)):
                return found
        told, case = self.registry.draft(draft), self._case(draft)
        return self._hold(Sight.of(draft, told, seq, standing(self.registry.entries(draft)), case))

    def _case(self, draft: str) -> Scenario:
        with self._lock:
            known = next((each.written for (name, _), each in self._held.items() if name == draft), None)
        return known or read(self.folder(draft), engine_faults, as_written=True)

    def _hold(self, sight: Sight) -> Sight:
        with self._lock:
            self._held[sight.id, sight.seq] = sight
            while len(self._held) > KEPT:
                self._held.pop(next(iter(self._held)))
        return sight

    def change(
        self, draft: str, wanted: Mapping[str, Any], who: str, why: str = "", seen: int = LATEST,
        early: Early = lambda _: None,
    ) -> tuple[Entry, list[str]]:  # fmt: skip
        """Puts other values at paths; the entry, and the paths of which a reason should be given.

        `early` is told what the draft will change before it is found to fit and written, unless claims move it as well.

        Raises:
            ScenarioError: a path leads nowhere, a value does not fit, or the parts do not fit together after it.
            ConflictError: somebody else changed the draft since its entry `seen`.
        """
        before = self.sight(draft)
        values = {path.strip(): value if path.startswith("claims.") else given(value) for path, value in wanted.items()}
        made = patches(before.scenario, values)
        told = {"kind": "change", "patches": made, "why": why.strip(), "who": who}
        entry, after = self._try(before, told, seen, early)
        return entry, [] if entry.why else large(before.scenario, after.scenario, made)

    def step(self, draft: str, kind: str, who: str, seen: int = LATEST, target: int = 0, why: str = "") -> Entry:
        """Undoes or redoes the last step, drops one change alone (`target`), or gives one its reason.

        Raises:
            InputError: there is nothing to undo or redo, or no such change.
            ScenarioError: without the change the others do not fit together.
        """
        before = self.sight(draft)
        now_ = before.stands
        if (kind == "undo" and not now_.undo) or (kind == "redo" and not now_.redo):
            raise InputError(f"there is nothing to {kind}")
        if kind in ("drop", "why") and target not in {entry.seq for entry in now_.changes}:
            raise InputError(f"{target}: is no change that stands; the history lists those that do")
        return self._try(before, {"kind": kind, "who": who, "target": target, "why": why.strip()}, seen)[0]

    def _try(
        self, before: Sight, told: dict[str, Any], seen: int, early: Early = lambda _: None
    ) -> tuple[Entry, Sight]:
        """Writes an entry once the draft was found to stand with it."""
        entries = self.registry.entries(before.id)
        entry = Entry(seq=before.seq + 1, when=now(), **told)
        will = drafting.rewritten(before.written, standing([*entries, entry]))
        if not (before.written.learned or LINKS in will):
            early(will)
        after = Sight.of(before.id, before.told, entry.seq, standing([*entries, entry]), before.written)
        if found := [Complaint("", 0, *fault) for fault in engine_faults(after.scenario)]:
            raise ScenarioError(found)
        made = self.registry.append(before.id, before.seq if seen == LATEST else seen, **told)
        after = replace(after, stands=standing([*entries, made]))
        return made, self._hold(after) if made.seq == before.seq + 1 else self.sight(before.id)

    def export(self, draft: str) -> bytes:
        """The draft as a zip file: the case's folder with its lines changed, the list of changes, and the entries."""
        sight, base = self.sight(draft), self.folder(draft)
        files = {file.name: text for file, text in written(base, sight).items()}
        files[DIFFERENCE] = difference(sight)
        files["draft.jsonl"] = (self.registry.folder / draft / "draft.jsonl").read_text("utf-8")
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in sorted(files.items()):
                archive.writestr(zipfile.ZipInfo(f"{sight.scenario.name}/{name}"), text)
        return made.getvalue()


def case_of(folder: Path) -> str:
    """How a case is named in a draft: by its shipped name, else by its folder."""
    return next((name for name, each in shipped().items() if each == folder), str(folder.resolve()))


def given(value: Any) -> Any:
    """A value as somebody typed it: text that is a number is one, blanks around it go."""
    if isinstance(value, str):
        value = value.strip()
        try:
            return int(value) if value.lstrip("-").isdigit() else float(value)
        except ValueError:
            return value
    return value


def written(base: Path, sight: Sight) -> dict[Path, str]:
    """The files of a case with a draft's changes in their lines; where these cannot take them, all in one file."""
    changes = drafting.rewritten(sight.written, sight.stands)
    try:
        found = rewriting(base, {path: None if new == "none" else new for path, new in changes.items()})
        if learned(found.scenario) == sight.scenario:
            return found.after
    except InputError:
        pass
    text = io.StringIO()
    editor().dump(sight.scenario.model_dump(mode="json", exclude_defaults=True), text)
    return {base / "scenario.yaml": text.getvalue()}


def difference(sight: Sight) -> str:
    """What a draft changes, for people: every change with its reason, then every place that differs from the case."""
    lines = [f"# {sight.told['name']}: what was changed", ""]
    lines += [f"- {each}. {each.why or 'No reason given.'} ({each.who}, {each.when[:10]})"
              for each in sight.stands.changes]  # fmt: skip
    lines += ["", "## Every place that differs", ""]
    lines += [f"- `{each.path}`: {shown(each.before)} \u2192 {shown(each.after)}"
              for each in changes(sight.base, sight.scenario)]  # fmt: skip
    return "\n".join(lines) + "\n"
