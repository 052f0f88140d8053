"""What does an older file say that is written otherwise today, and how does the text of a file change in one place?

Format migration: the keys that earlier versions had and what stands in their place, in plain values and in a file's own
text. Amendments: other values at dotted paths. Of the text nothing else is touched: a change of a number is one of its
line.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from difflib import unified_diff
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode

from contingent.atomic import replace_all
from contingent.errors import InputError, ScenarioError
from contingent.scenario.source import Source
from contingent.scenario.syntax import composed

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
        node, plain = entry(node, each)[1], plain[each]
    key, value = entry(node, step)
    for name, word in old.becomes(plain[step]).items():
        name = ".".join([*step.split(".")[:-1], name])
        names = _names(plain.get(name))
        if name not in plain:
            return f"{text[: key.start_mark.index]}{name}: [{word}]{text[end(value) :]}"
        if word not in names:
            held = entry(node, name)[1]
            return f"{text[: held.start_mark.index]}[{', '.join([*names, word])}]{text[end(held) :]}"
    return without(text, node, node.value.index((key, value)))


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


def write(found: Sequence[Migration]) -> list[Path]:
    """Replaces the files, all or none; what they were lies beside them, in the files that are named.

    Raises:
        BusyError: somebody else has changed one of them meanwhile.
    """
    after, backups = dict[Path, bytes](), list[Path]()
    for each in found:
        kept = (each.file.with_name(f"{each.file.name}.bak{n or ''}") for n in range(1000))
        backups.append(next(file for file in kept if not file.exists()))
        after |= {backups[-1]: each.before.encode("utf-8"), each.file: each.after.encode("utf-8")}
    replace_all({each.file: each.before.encode("utf-8") for each in found}, after)
    return backups


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


def amended(texts: dict[Path, str], changes: Mapping[str, Any]) -> dict[Path, str]:
    """The texts of files with other values at dotted paths, every other character as it was.

    Args:
        texts: the files of one scenario.
        changes: path to what a file holds there; None takes an entry away. What is not there yet is added where the
            most of its path stands; items of a list go by their `id`.

    Raises:
        InputError: a path that is to be taken away stands in no file.
    """
    for path, value in changes.items():
        file, way = max(((file, _way(composed(text), path)) for file, text in texts.items()), key=_far)
        texts = texts | {file: _put(texts[file], way, path, value)}
    return texts


def _far(found: tuple[Path, list[Any]]) -> tuple[int, bool]:
    """How far a path leads in a file; of several, new parts go where the pledges are."""
    return len(found[1]), "pledges" in _entries(found[1][0])


def _way(root: Any, path: str) -> list[Any]:
    """The nodes along a path, from the top, as far as it leads."""
    way = [root]
    for step in path.split("."):
        entries = _entries(way[-1])
        if step not in entries:
            break
        way.append(entries[step])
    return way


def _entries(node: Any) -> dict[str, Any]:
    """What stands below a node by key, or by `id`."""
    if not isinstance(node.value, list):
        return {}
    if isinstance(node, MappingNode):
        return {key.value: value for key, value in node.value}
    return {_entries(item)["id"].value: item for item in node.value if "id" in _entries(item)}


def _put(text: str, way: list[Any], path: str, value: Any) -> str:
    steps = path.split(".")
    node, rest = way[-1], steps[len(way) - 1 :]
    if rest and value is None:
        raise InputError(f"{path}: stands in no file as it is written today; `contingent migrate` renews a file")
    if not rest and value is None:
        held = way[-2]
        at = next(
            i for i, each in enumerate(held.value) if node in (each, each[1] if isinstance(each, tuple) else None)
        )
        return without(text, held, at)
    if not rest or not isinstance(node.value, list):  # a value, or nothing where a mapping is to be
        for step in reversed(rest):
            value = {step: value}
        start = node.start_mark.index
        return text[:start] + on_one_line(value) + text[start + len(text[start : end(node)].rstrip()) :]
    for step in reversed(rest[1:]):
        value = {step: value}
    new = f"{rest[0]}: {on_one_line(value)}" if isinstance(node, MappingNode) else on_one_line({"id": rest[0], **value})
    last = node.value[-1] if node.value else None
    if node.flow_style or last is None:
        at = end(last[1] if isinstance(last, tuple) else last) if last else node.start_mark.index + 1
        return f"{text[:at]}{', ' if last else ''}{new}{text[at:]}"
    at = text.find("\n", len(text[: end(node)].rstrip()))
    at = len(text) if at < 0 else at
    dash = "" if isinstance(node, MappingNode) else "- "
    return f"{text[:at]}\n{' ' * node.start_mark.column}{dash}{new}{text[at:]}"


def on_one_line(value: Any) -> str:
    """A value on one line, as it may stand anywhere in a file."""
    yaml, out = YAML(), StringIO()
    yaml.default_flow_style, yaml.width = True, 10**9
    yaml.dump({"_": value}, out)
    return out.getvalue().strip()[len("{_: ") : -1]


def entry(node: Any, step: str) -> tuple[Any, Any]:
    """A mapping's key and what stands there."""
    return next((key, value) for key, value in node.value if key.value == step)


def without(text: str, node: Any, entry: int) -> str:
    """The text without one entry of a mapping or of a list."""
    spans = [(each[0], each[1]) if isinstance(each, tuple) else (each, each) for each in node.value]
    first, last = spans[entry][0].start_mark.index, end(spans[entry][1])
    if len(spans) == 1:
        empty = "{}" if isinstance(node, MappingNode) else "[]"
        start = first if node.flow_style else text.rfind("\n", 0, first) + 1 + node.start_mark.column
        return text[: node.start_mark.index if node.flow_style else start] + empty + text[end(node) :]
    if not node.flow_style:
        after = text.find("\n", len(text[:last].rstrip()))
        return text[: text.rfind("\n", 0, first) + 1] + (text[after + 1 :] if after >= 0 else "")
    if entry + 1 < len(spans):
        return text[:first] + text[spans[entry + 1][0].start_mark.index :]
    return text[: end(spans[entry - 1][1])] + text[last:]


def end(node: Any) -> int:
    """Where a node ends, without the lines below that are no part of it."""
    if not isinstance(node.value, str) and node.value and not node.flow_style:
        below = node.value[-1]
        return end(below[1] if isinstance(below, tuple) else below)
    return node.end_mark.index
