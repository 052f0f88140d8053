"""A scenario from its folder, or everything that is wrong with it, each with file, line and what to write.

Where a file has a blank or something that cannot be right, something fitting stands for a while, so that all the rest
is checked as well.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from contingent.atomic import replace_all
from contingent.errors import InputError, ScenarioError, did_you_mean
from contingent.records import explain, standing_at
from contingent.scenario.check import CALLED, faults_as_written
from contingent.scenario.check_process import Fault
from contingent.scenario.keys import Shape, found, shape_of, to_write
from contingent.scenario.migrate import BOM, amended
from contingent.scenario.model import Scenario, learned
from contingent.scenario.source import Path_, Source, files_of, gather
from contingent.scenario.source import locate as locate
from contingent.scenario.source import shipped as shipped

BLANK = re.compile(r"<[^<>]+>")
CODES = ("TUV", "NRU", "KIR", "PLW", "MHL", "FSM")  # stand in for codes that are blank; nobody has troops there
FILLED: tuple[dict[str, Any], ...] = ({"day": "2001-01-01", "number": 1, "text": "blank"},
                                      {"day": "2100-12-31", "number": 60, "text": "void"})  # fmt: skip
"""What stands in by kind; two of each, as what only one of them breaks is nobody's fault."""
ROUNDS = 6  # of mending: what is within a record shows once the record itself is one
DEPENDENT = "default_factory_not_called"
NO_SUCH = re.compile(r"there is no (.+?) `(.*?)`")


def read(
    where: str | Path, more: Callable[[Scenario], Iterator[Fault]] | None = None, *, as_written: bool = False
) -> Scenario:
    """The scenario in a folder, or the shipped one of that name; `more` finds further faults in it.

    Numbers are as claims leave them (`learned`), or `as_written`.

    Raises:
        ScenarioError: with every complaint, as `file:line  path: what; how to mend it`.
        InputError: there is no such scenario.
    """
    source = gather(where)
    if source.complaints and not source.data:
        raise ScenarioError(source.complaints)
    scenario = validated(source, more)
    return scenario if as_written else learned(scenario).counted()


@dataclass(frozen=True, slots=True)
class Rewriting:
    """The files of a scenario with something else in some of their lines, and the scenario that they then hold."""

    before: dict[Path, str]
    after: dict[Path, str]
    scenario: Scenario
    """As written."""

    def write(self) -> list[Path]:
        """Replace what changed, all files or none; the files that changed.

        Raises:
            BusyError: somebody else has changed one of them meanwhile.
        """
        written = [file for file, text in self.after.items() if text != self.before[file]]
        replace_all(*({f: each[f].encode("utf-8") for f in written} for each in (self.before, self.after)))
        return written


def rewriting(folder: Path, changes: Mapping[str, Any]) -> Rewriting:
    """What a folder's files become with other values at dotted paths and no other line changed; nothing is written.

    Raises:
        InputError: a place cannot be found.
        ScenarioError: what would be written would be no scenario.
    """
    files = files_of(folder)
    before = {file: file.read_bytes().decode("utf-8") for file in files}
    after, source = amended(before, changes), Source()
    for file, text in after.items():
        source.read(text.removeprefix(BOM), file.name)
    return Rewriting(before, after, validated(source))


def own_folder(case: str) -> Path:
    """The folder or file of a case whose files may be changed.

    Raises:
        InputError: there is none, or it is a shipped one.
    """
    if (folder := locate(case)) in shipped().values():
        what = f"`contingent new DIR --like {case}` makes a copy"
        raise InputError(f"{case} is shipped and stays as it is; {what}")
    return folder


def validated(source: Source, more: Callable[[Scenario], Iterator[Fault]] | None = None) -> Scenario:
    """The typed scenario in a source.

    Where something is wrong, two things that would be right stand there in turn, so that the rest is checked as well;
    what is wrong with one of them alone is not the writer's.

    Raises:
        ScenarioError: with every complaint about syntax, blanks, types, references and what no engine can do.
    """
    tried = Meanwhile(source, 0)
    either = [tried.scenario, *([Meanwhile(source, 1, tell=False).scenario] if tried.holes else [])]
    found = [
        [*dict.fromkeys([*faults_as_written(one), *(more(one) if more else ())])] for one in either if one is not None
    ]
    for fault in found[0] if len(found) == len(either) else ():
        if fault in found[-1] and not tried.about(fault):
            path, what, fix = fault
            source.complain(tried.as_written(path), what, fix or tried.to_write(path))
    if source.complaints or tried.scenario is None:
        raise ScenarioError(set(source.complaints))
    return tried.scenario


class Meanwhile:
    """A source's content with something fitting wherever it cannot be read; what is wrong is told to the source."""

    def __init__(self, source: Source, which: int, *, tell: bool = True) -> None:
        self.source, self.filled, self.tell = source, FILLED[which], tell
        self.data: Any = deepcopy(source.data)
        self.holes, self.codes, self.kinds, self.gone = set[Path_](), dict[str, str](), set[str](), set(source.unread)
        for path, words in [*_blanks(self.data)]:
            self._told(path, f"is blank: {words}", to_write(path) or "write a name in its place, such as KEN")
        if self.holes:
            self.data = self._without_blanks(self.data, ())
        self.written = {code: words for words, code in self.codes.items()}
        self.scenario = self._mended()

    def about(self, fault: tuple[str, str, str]) -> bool:
        """Whether a fault is about what stands in, or about a name that may stand where nothing could be read."""
        at, named = self.as_written(fault[0]), NO_SUCH.search(fault[1])
        around = any(at[: len(one)] == one or one[: len(at)] == at for one in self.holes)
        return around or bool(named and (named[1] in self.kinds or named[2] in self.gone))

    def as_written(self, path: str) -> Path_:
        """A dotted path in the file's own steps: items by `id` become their index, an override is one step."""
        return tuple(self.written.get(str(step), step) for step in _steps(path, self.data))

    def to_write(self, path: str) -> str:
        """What to write at a path, or at the one that an option or an event puts in place there."""
        steps = tuple(path.split("."))
        return next(filter(None, (to_write(steps[count:]) for count in range(len(steps)))), "")

    def _told(self, path: Path_, what: str, fix: str) -> None:
        self.holes.add(path)
        if self.tell:
            self.source.complain(path, what, fix)

    def _mended(self) -> Scenario | None:
        for _ in range(ROUNDS):
            try:
                return Scenario.model_validate(self.data)
            except ValidationError as error:
                problems = error.errors(include_url=False)
            renamed = {self._renamed(one) for one in problems if one["type"] == "extra_forbidden"}
            removed = list[Path_]()
            for one in problems:
                path, what, fix = explain(one, self.data)
                if path in renamed or one["type"] in (DEPENDENT, "extra_forbidden"):
                    continue
                at = tuple(self.written.get(str(step), step) for step in path)
                if one["type"] == "missing" and self._unread(at):
                    self.holes.add(at)
                else:
                    self._told(at, what, fix or to_write(at))
                if one["type"] == "value_error" or "[key]" in one["loc"] or not self._stands_in(path, one):
                    removed.append(path)
            for path in sorted(removed, key=lambda path: [str(step).zfill(9) for step in path], reverse=True):
                self._remove(path)
        return None

    def _unread(self, path: Path_) -> bool:
        """Whether a key that is missing may stand where a line could not be read."""
        lost = self.source.lost
        return self.source.place(path) in lost or (len(path) == 1 and any(line == 0 for _, line in lost))

    def _renamed(self, problem: ErrorDetails) -> Path_:
        """Tells a key that is not known, and takes it for the one that is nearest; that one's path."""
        *above, last = explain(problem, self.data)[0]
        node, record = standing_at(self.data, above), Scenario
        if above and (key := found(".".join(map(str, above)))):
            record = key.shape.inner.record or Scenario
        fix = did_you_mean(str(last), record.model_fields.keys() - {"overrides"})
        if node[last] is None and " " in str(last):
            fix = f'text with a comma stands in straight quotes: `"..., {str(last).strip("”“")}"`'
        self._told((*above, last), "is not a key that is known here", fix)
        value, near = node.pop(last), re.search("did you mean `(.+)`", fix)
        if not near or near[1] in node:
            return ()
        node[near[1]] = value
        start = (*above, last)
        for path, place in list(self.source.places.items()):
            if path[: len(start)] == start:
                self.source.places[(*above, near[1], *path[len(start) :])] = place
        self.holes.discard(start)
        return (*above, near[1])

    def _stands_in(self, path: tuple[Any, ...], problem: ErrorDetails) -> bool:
        """Puts something fitting at a path; False if nothing is known that fits."""
        *above, last = path
        node, key = standing_at(self.data, above), found(".".join(map(str, path)))
        if (
            not isinstance(node, dict | list)
            or key is None
            or (isinstance(node, list) and last not in range(len(node)))
        ):
            return False
        self._forget(node[last] if problem["type"] != "missing" else None)
        self.kinds |= {CALLED.get(".".join(map(str, path)), "")}
        node[last] = self._meanwhile(key.shape, "")
        return True

    def _remove(self, path: tuple[Any, ...]) -> None:
        *above, last = path
        node = standing_at(self.data, above)
        if (isinstance(node, dict) and last in node) or (isinstance(node, list) and last in range(len(node))):
            self._forget({last: node[last]})
            del node[last]
        elif above:
            self._remove(tuple(above))

    def _forget(self, value: Any) -> None:
        """Names that stand in what is taken away are not called unknown."""
        self.gone |= set(re.findall(r"\w+", repr(value)))

    def _without_blanks(self, node: Any, path: Path_) -> Any:
        """The same content with something fitting at every blank."""
        if isinstance(node, list):
            return [self._without_blanks(below, (*path, step)) for step, below in enumerate(node)]
        if isinstance(node, dict):
            return {self._code(key): self._without_blanks(below, (*path, key)) for key, below in node.items()}
        key = found(".".join(map(str, path))) if BLANK.fullmatch(str(node)) else None
        return self._meanwhile(key.shape if key else None, node) if BLANK.fullmatch(str(node)) else node

    def _code(self, key: str) -> str:
        free = CODES[len(self.codes) % len(CODES)]
        return self.codes.setdefault(key, free) if BLANK.fullmatch(str(key)) else key

    def _meanwhile(self, shape: Shape | None, words: str) -> Any:
        if words and shape:  # one name stands where a list of them may
            shape = shape.inner
        match shape.kind if shape else "":
            case "country":
                return self._code(words) if words else CODES[0]
            case "day":
                return self.filled["day"]
            case "choice" if shape:
                return shape.choices[-1]
            case "number" | "whole":
                return min(self.filled["number"], 1 if shape and shape.unit.at_most <= 1 else 60)
            case "flag":
                return False
            case "record" if shape and shape.record:
                fields = shape.record.model_fields.items()
                return {name: self._meanwhile(shape_of(field.annotation, tuple(field.metadata)), "")
                        for name, field in fields if field.is_required()}  # fmt: skip
            case "entries":
                return {}
            case "list" | "names":
                return []
        return self.filled["text"]


def _blanks(node: Any, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Every place of a file where `<words>` wait for what the writer is to say, with the words."""
    for step, below in node.items() if isinstance(node, dict) else enumerate(node):
        here = (*path, step)
        if BLANK.fullmatch(str(step)):
            yield here, str(step)
        if isinstance(below, dict | list):
            yield from _blanks(below, here)
        elif BLANK.fullmatch(str(below)):
            yield here, str(below)


def _steps(path: str, node: Any) -> Iterator[str | int]:
    if not path:
        return
    below: dict[str, tuple[str | int, Any]] = {}
    if isinstance(node, list):
        below = {str(item.get("id", i)) if isinstance(item, dict) else str(i): (i, item) for i, item in enumerate(node)}
    elif isinstance(node, dict):
        below = {str(key): (key, item) for key, item in node.items()}
    first = max((name for name in below if f"{path}.".startswith(f"{name}.")), key=len, default=path.partition(".")[0])
    step, under = below.get(first, (first, None))
    yield step
    yield from _steps(path[len(first) + 1 :], under)
