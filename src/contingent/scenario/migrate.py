"""What does an older file say that is written otherwise today, and how does it read then?

Format migration: the keys that earlier versions had and what stands in their place, in plain values and in a file's own
text, of which nothing else is touched.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from difflib import unified_diff
from pathlib import Path
from typing import Any, NamedTuple

from contingent.atomic import atomic_write
from contingent.errors import ScenarioError
from contingent.scenario.source import Source

Steps = tuple[str, ...]
BOM = "\ufeff"


class Retired(NamedTuple):
    """A key that earlier versions had: its dotted path (`*` is any one step), why it went, and what replaces it."""

    path: str
    why: str
    group: str = ""
    """The group that its record joins where it says `true`; nothing stands in its place otherwise."""

    def becomes(self, value: Any) -> dict[str, str]:
        """The keys that stand in its place."""
        return {"groups": self.group} if self.group and value is True else {}


NUMBERS = ("collapse_outside", "support_civilian_deaths", "support_outside_deaths")
RETIRED = (
    Retired("process.amendment", "other terms are those of the other options"),
    Retired("contributors.*.muslim_majority", "contributors have `groups`, by names of yours", "muslim_majority"),
    *(Retired(f"theatre.parameters.{name}", "the mission model has no such number any more") for name in NUMBERS),
)
"""All since version 0.2, the first that was released."""
KNOWN = {re.compile(re.escape(each.path).replace(r"\*", r"[^.]+")): each for each in RETIRED}
ENDS = {each.path.rpartition(".")[2] for each in RETIRED}


def retired(node: Any, path: Steps = (), said: str = "") -> Iterator[tuple[Steps, Retired]]:
    """Where a file's content has keys of earlier versions; what options and events put in place is searched, too."""
    for step, below in node.items() if isinstance(node, Mapping) else ():
        step = str(step)
        here = step if "." in step else f"{said}.{step}" if said else step  # an override begins at the top
        ends = here.rpartition(".")[2] in ENDS
        hit = next((each for pattern, each in KNOWN.items() if ends and pattern.fullmatch(here)), None)
        if hit:
            yield (*path, step), hit
        else:
            yield from retired(below, (*path, step), here)


def modern(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same content in today's keys."""
    found = list(retired(data))
    data = deepcopy(data) if found else data
    for (*above, step), old in found:
        node: Any = data
        for each in above:
            node = node[each]
        for name, value in old.becomes(node.pop(step)).items():
            name = ".".join([*step.split(".")[:-1], name])
            node[name] = list(dict.fromkeys([*_names(node.get(name)), value]))
    return data


def _names(held: Any) -> list[str]:
    return [held] if isinstance(held, str) else list(held or ())


def renewed(text: str) -> str:
    """The text of a file in today's keys, every other character as it was."""
    while after := _step(text):
        text = after
    return text


def _step(text: str) -> str:
    """The text a step nearer to today's; empty if it has no older key."""
    source = Source()
    root = source.read(text, "")
    found = next(retired(source.data), None)
    if found is None or root is None:
        return ""
    (*above, step), old = found
    node, plain = root, source.data
    for each in above:
        node, plain = _entry(node, each)[1], plain[each]
    key, value = _entry(node, step)
    for name, word in old.becomes(plain[step]).items():
        name = ".".join([*step.split(".")[:-1], name])
        names = _names(plain.get(name))
        if name not in plain:
            return f"{text[: key.start_mark.index]}{name}: [{word}]{text[_end(value) :]}"
        if word not in names:
            held = _entry(node, name)[1]
            return f"{text[: held.start_mark.index]}[{', '.join([*names, word])}]{text[_end(held) :]}"
    return _without(text, node, node.value.index((key, value)))


def _entry(node: Any, step: str) -> tuple[Any, Any]:
    """A mapping's key and what stands there."""
    return next((key, value) for key, value in node.value if key.value == step)


def _without(text: str, node: Any, entry: int) -> str:
    """The text without one entry of a mapping."""
    key, value = node.value[entry]
    first, last = key.start_mark.index, _end(value)
    if len(node.value) == 1:
        return text[: node.start_mark.index] + "{}" + text[_end(node) :]
    if not node.flow_style:
        after = text.find("\n", last)
        return text[: text.rfind("\n", 0, first) + 1] + (text[after + 1 :] if after >= 0 else "")
    if entry + 1 < len(node.value):
        return text[:first] + text[node.value[entry + 1][0].start_mark.index :]
    return text[: _end(node.value[entry - 1][1])] + text[last:]


def _end(node: Any) -> int:
    """Where a node ends, without the lines below that are no part of it."""
    if not isinstance(node.value, str) and node.value and not node.flow_style:
        below = node.value[-1]
        return _end(below[1] if isinstance(below, tuple) else below)
    return node.end_mark.index


class Migration(NamedTuple):
    """A file of a scenario as it is, and as it is written today."""

    file: Path
    before: str
    after: str

    @property
    def diff(self) -> str:
        """The difference, as `diff -u` shows it."""
        before, after = (each.splitlines(keepends=True) for each in (self.before, self.after))
        return "".join(unified_diff(before, after, self.file.name, f"{self.file.name}, today"))

    def write(self) -> Path:
        """Replaces the file in one step; what it was lies beside it, in the file that is named."""
        kept = (self.file.with_name(f"{self.file.name}.bak{n or ''}") for n in range(1000))
        backup = next(file for file in kept if not file.exists())
        for file, text in ((backup, self.before), (self.file, self.after)):
            with atomic_write(file) as scratch:
                scratch.write_bytes(text.encode("utf-8"))
        return backup


def migrations(source: Source) -> list[Migration]:
    """The files of a source that are written otherwise today.

    Raises:
        ScenarioError: one of them cannot be read.
    """
    if source.complaints:
        raise ScenarioError(source.complaints)
    found = list[Migration]()
    for file in source.files:
        text = file.read_bytes().decode("utf-8")
        mark = BOM * text.startswith(BOM)
        found.append(Migration(file, text, mark + renewed(text.removeprefix(mark))))
    return [each for each in found if each.before != each.after]
