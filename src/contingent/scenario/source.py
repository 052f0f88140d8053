"""What a YAML file says, and on which line it says it.

YAML 1.2 core types only: `NO` is text, `12:30` is text, a key given twice is a complaint, and
aliases are refused, so that no file can unfold into more than its own size.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from contingent.errors import Complaint

LARGEST = 10_000_000  # bytes; the largest scenario we measured with 1,000 pledges has 0.2 million
DEEPEST = 24  # levels; the scenario's own models have at most 8
Path_ = tuple[str | int, ...]

INTEGER = re.compile(r"[-+]?[0-9]+$")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
CONSTANTS |= {word.capitalize(): value for word, value in list(CONSTANTS.items()) if word.isalpha()}


@dataclass
class Source:
    """The content of one or more files as plain Python, with the place of every path."""

    data: dict[str, Any] = field(default_factory=dict)
    places: dict[Path_, tuple[str, int]] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)

    def place(self, path: Path_) -> tuple[str, int]:
        """File and line of a path, or of its nearest ancestor that stands in a file."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return ("", 0)

    def complain(self, path: Path_, what: str, fix: str = "") -> None:
        """Note something wrong at a path."""
        self.complaints.append(Complaint(*self.place(path), ".".join(map(str, path)), what, fix))

    def add(self, file: Path, shown: str) -> None:
        """Read one more file; its top-level mappings are merged with those of the others."""
        text = self._text(file, shown)
        self.files.append(file)
        if text is not None:
            self.read(text, shown)

    def read(self, text: str, shown: str) -> Node | None:
        """Read the text of a file; its node at the top, None if it is none to go on with."""
        faults, root = len(self.complaints), self._compose(text, shown)
        if root is None and len(self.complaints) == faults:
            self.complaints.append(Complaint(shown, 0, "", "is empty"))
        elif isinstance(root, MappingNode):
            self._merge(root, shown)
        elif root is not None:
            self.complaints.append(Complaint(shown, 1, "", "must hold `key: value` lines at the top"))
        return root

    def _text(self, file: Path, shown: str) -> str | None:
        try:
            size = file.stat().st_size
            if size > LARGEST:
                limit = f"{LARGEST // 1_000_000} MB"
                raise ValueError(f"has {size / 1e6:,.0f} MB; a scenario file may have at most {limit}")
            text = file.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            what = f"is not UTF-8 text (byte {error.start})"
        except (OSError, ValueError) as error:
            what = getattr(error, "strerror", None) or str(error)
        else:
            if text.strip():
                return text
            what = "is empty"
        self.complaints.append(Complaint(shown, 0, "", what))
        return None

    def _compose(self, text: str, shown: str) -> Node | None:
        try:
            if fault := _unsafe(text):
                self.complaints.append(Complaint(shown, *fault))
                return None
            return YAML(typ="safe").compose(text)
        except MarkedYAMLError as error:
            line = min(error.problem_mark.line + 1, len(text.splitlines())) if error.problem_mark else 0
            at = f"column {error.problem_mark.column + 1}; " if error.problem_mark else ""
            fix = f"{at}text with a comma, `: `, ` #` or a `?` at its end stands in quotes"
            self.complaints.append(Complaint(shown, line, "", f"is not YAML: {error.problem or error.context}", fix))
        except (YAMLError, RecursionError, ValueError) as error:
            self.complaints.append(Complaint(shown, 0, "", f"is not YAML: {str(error).splitlines()[0]}"))
        return None

    def _merge(self, root: MappingNode, shown: str) -> None:
        seen: set[int] = set()
        for key, node in root.value:
            name, path = str(key.value), (str(key.value),)
            known = self.data.get(name)
            if name in self.data and isinstance(known, dict) and isinstance(node, MappingNode):
                known |= self._mapping(node, path, shown, seen, known)
            elif name in self.data:
                self._twice(path, shown, key.start_mark.line + 1)
            else:
                self.places[path] = (shown, key.start_mark.line + 1)
                self.data[name] = self._build(node, path, shown, seen)

    def _twice(self, path: Path_, shown: str, line: int) -> None:
        self._say(path, shown, line, "is given twice", "first given at {}:{}".format(*self.place(path)))

    def _say(self, path: Path_, shown: str, line: int, what: str, fix: str) -> None:
        self.complaints.append(Complaint(shown, line, ".".join(map(str, path)), what, fix))

    def _build(self, node: Node, path: Path_, shown: str, seen: set[int]) -> Any:
        line = node.start_mark.line + 1
        if not isinstance(node, ScalarNode):
            if id(node) in seen:
                return self._say(path, shown, line, "aliases (*name) are refused", "write it out")
            seen.add(id(node))
        if isinstance(node, MappingNode):
            return self._mapping(node, path, shown, seen, {})
        if isinstance(node, SequenceNode):
            for index, item in enumerate(node.value):
                self.places[(*path, index)] = (shown, item.start_mark.line + 1)
            return [self._build(item, (*path, index), shown, seen) for index, item in enumerate(node.value)]
        return node.value if isinstance(node, ScalarNode) and node.style else plain(node.value)

    def _mapping(self, node: MappingNode, path: Path_, shown: str, seen: set[int], known: dict[str, Any]) -> Any:
        built: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, ScalarNode) else "?"
            here, line = (*path, name), key.start_mark.line + 1
            if name in built or name in known:
                self._twice(here, shown, line)
                continue
            self.places[here] = (shown, line)
            built[name] = self._build(value, here, shown, seen)
        return built


def _unsafe(text: str) -> tuple[int, str, str, str] | None:
    """Line, path, what and fix of nesting so deep that composing it would exhaust the stack; None if there is none."""
    depth = 0
    for event in YAML(typ="safe").parse(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            return event.start_mark.line + 1, "", f"is nested more than {DEEPEST} levels deep", ""
    return None


def plain(text: str) -> Any:
    """The value of an unquoted YAML scalar under the core schema; what is no number or constant is text."""
    if text in CONSTANTS:
        return CONSTANTS[text]
    if INTEGER.match(text) and len(text) < 19:
        return int(text)
    if FLOAT.match(text):
        return float(text)
    return text
