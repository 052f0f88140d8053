"""Which files are a scenario, what do they say, and on which line do they say it?

YAML 1.2 core types only: `NO` is text, `12:30` is text, a key given twice is a complaint, and
aliases are refused, so that no file can unfold into more than its own size.
"""

import re
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from contingent.atomic import roll_forward
from contingent.errors import Complaint, InputError, did_you_mean
from contingent.notation import HIDDEN, plain
from contingent.records import standing_at
from contingent.scenario.syntax import recovered

LARGEST = 2_000_000  # bytes; the largest scenario we measured with 1,000 pledges has 0.2 million
Path_ = tuple[str | int, ...]


@dataclass
class Source:
    """The content of one or more files as plain Python, with the place of every path."""

    data: dict[str, Any] = field(default_factory=dict)
    places: dict[Path_, tuple[str, int]] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    lost: set[tuple[str, int]] = field(default_factory=set)
    """Where something could not be read: file and line of what it stood in; line 0 is the file itself."""
    unread: set[str] = field(default_factory=set)
    """The words of the lines that could not be read as they stand."""

    def place(self, path: Path_) -> tuple[str, int]:
        """File and line of a path, or of its nearest ancestor that stands in a file."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return ("", 0)

    def complain(self, path: Path_, what: str, fix: str = "") -> None:
        """Note something wrong at a path."""
        items = ((step, standing_at(self.data, path[: n + 1])) for n, step in enumerate(path))
        named = [str(item["id"] if isinstance(step, int) and isinstance(item, dict) and "id" in item else step)
                 for step, item in items]  # fmt: skip
        self.complaints.append(Complaint(*self.place(path), ".".join(named), what, fix))

    def add(self, file: Path, shown: str) -> None:
        """Read one more file; its top-level mappings are merged with those of the others."""
        text = self._text(file, shown)
        self.files.append(file)
        if text is not None:
            self.read(text, shown)

    def read(self, text: str, shown: str) -> Node | None:
        """Read the text of a file, as far as it is YAML; its node at the top, None if there is none to go on with."""
        root, slips, lost = recovered(text)
        self.lost |= {(shown, line) for line in lost}
        lines = text.splitlines() if slips else []
        self.unread |= {word for slip in slips for word in re.findall(r"\w+", lines[slip.line - 1])}
        self.complaints += [Complaint(shown, slip.line, "", slip.what, slip.fix) for slip in slips]
        if isinstance(root, MappingNode):
            self._mapping(root, (), shown, set(), self.data)
        elif root is not None or not slips:
            what = "is empty" if root is None else "must hold `key: value` lines at the top"
            fix = "write `key: value` lines, or leave the file out; `contingent new DIR --kind policing` starts one"
            self.complaints.append(Complaint(shown, 1, "", what, fix))
        return root

    def _text(self, file: Path, shown: str) -> str | None:
        held = b""
        try:
            size = file.stat().st_size
            if not file.is_file() and not file.is_dir():
                raise OSError("is a pipe or a device, not a file")
            if size <= LARGEST:
                held = file.read_bytes()
                return held.decode("utf-8-sig")
            limit = f"{LARGEST // 1_000_000} MB"
            line, what, fix = 0, f"has {size / 1e6:,.0f} MB; a scenario file may have at most {limit}", "split it"
            text = None
        except UnicodeDecodeError as error:
            wide = held[:2] in (b"\xff\xfe", b"\xfe\xff")
            text = held.decode("utf-16" if wide else "cp1252", "replace")
            line = 1 if wide else held.count(b"\n", 0, error.start) + 1
            what = f"is not UTF-8 text (byte {error.start})"
            fix = "save it as UTF-8, which editors ask for under `Save as`"
        except OSError as error:
            line, what, fix, text = 0, error.strerror or str(error), "name another file", None
        self.complaints.append(Complaint(shown, line, "", what, fix))
        return text

    def _twice(self, path: Path_, shown: str, line: int) -> None:
        fix = "first given at {}:{}; keep one of the two".format(*self.place(path))
        self.complaints.append(Complaint(shown, line, ".".join(map(str, path)), "is given twice", fix))

    def _build(self, node: Node, path: Path_, shown: str, seen: set[int]) -> Any:
        line = node.start_mark.line + 1
        if not isinstance(node, ScalarNode):
            if id(node) in seen:
                told = Complaint(shown, line, ".".join(map(str, path)), "aliases (*name) are refused", "write it out")
                return self.complaints.append(told)
            seen.add(id(node))
        if isinstance(node, MappingNode):
            return self._mapping(node, path, shown, seen, {})
        if isinstance(node, SequenceNode):
            for index, item in enumerate(node.value):
                self.places[(*path, index)] = (shown, item.start_mark.line + 1)
            return [self._build(item, (*path, index), shown, seen) for index, item in enumerate(node.value)]
        text = self._seen(node, path, shown)
        return text if isinstance(node, ScalarNode) and node.style else plain(text)

    def _seen(self, node: Node, path: Path_, shown: str) -> str:
        """A text without what nobody sees, which is complained about."""
        if found := HIDDEN.search(str(node.value)):
            what = f"holds the character U+{ord(found[0]):04X}, which nobody sees or which turns the order of others"
            place = node.start_mark.line + 1, ".".join(map(str, path))
            self.complaints.append(Complaint(shown, *place, what, "take it out"))
        return HIDDEN.sub("", str(node.value))

    def _mapping(self, node: MappingNode, path: Path_, shown: str, seen: set[int], built: dict[str, Any]) -> Any:
        """The mapping with what a node adds; parts at the top may be spread over files."""
        for key, value in node.value:
            name = self._seen(key, path, shown) if isinstance(key, ScalarNode) else "?"
            here, line, known = (*path, name), key.start_mark.line + 1, built.get(name)
            if not path and isinstance(known, dict) and isinstance(value, MappingNode):
                self._mapping(value, here, shown, seen, known)
            elif name in built:
                self._twice(here, shown, line)
            else:
                self.places[here] = (shown, line)
                built[name] = self._build(value, here, shown, seen)
        return built


def shipped() -> dict[str, Path]:
    """The scenarios that come with the package, by name."""
    library = Path(str(files("contingent.scenario"))) / "library"
    return {folder.name: folder for folder in sorted(library.iterdir()) if any(folder.glob("*.yaml"))}


def locate(where: str | Path) -> Path:
    """The folder or file a user means: a path that exists, else a shipped scenario's name.

    Raises:
        InputError: neither exists.
    """
    path = Path(where)
    if path.exists():
        return path
    library = shipped()
    if str(where) in library:
        return library[str(where)]
    near = did_you_mean(str(where), library)
    close = f"{near} " if near.endswith("?") else ""
    raise InputError(
        f"{where}: no such folder, and no scenario of that name is shipped; {close}"
        f"shipped are {', '.join(library)}; `contingent new DIR` starts one"
    )


def words_of(where: str | Path, language: str) -> dict[str, str]:
    """How a case's own words are said in another language: `words.ur.yaml` beside it, English words to theirs.

    They are no part of the scenario: a translation changes no run.

    Raises:
        InputError: the file is no mapping of words to words.
    """
    try:
        folder = locate(where)
    except InputError:
        return {}
    file = folder / f"words.{language}.yaml"
    if not file.is_file():
        return {}
    source = Source()
    source.add(file, f"{folder.name}/{file.name}")
    wrong = [key for key, value in source.data.items() if not isinstance(value, str)]
    if source.complaints or wrong:
        told = [str(each) for each in source.complaints] + [f"{file}: {key}: write words" for key in wrong]
        raise InputError("\n".join(told))
    return source.data


def files_of(folder: Path) -> list[Path]:
    """The files that a scenario stands in: all YAML of its folder but its words in other languages, or the one file."""
    found = sorted(folder.glob("*.y*ml")) if folder.is_dir() else [folder]
    return [file for file in found if not file.name.startswith("words.")]


def gather(where: str | Path) -> Source:
    """The YAML of a scenario's files, merged, not yet validated.

    Raises:
        InputError: nothing to read there.
    """
    folder = locate(where)
    roll_forward(folder if folder.is_dir() else folder.parent)  # a change of several files that was killed midway
    found = files_of(folder)
    if not found:
        raise InputError(f"{where}: holds no .yaml file; `contingent new {where} --kind policing` starts a scenario")
    shown = {file: f"{folder.name}/{file.name}" if folder.is_dir() else file.name for file in found}
    source = Source(places={(): (next((name for name in shown.values() if "scenario." in name), shown[found[0]]), 1)})
    for file, name in shown.items():
        source.add(file, name)
    return source
