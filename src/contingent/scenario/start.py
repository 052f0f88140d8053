"""How does a scenario of one's own begin: from a kind of mission, another case, or an article?

A folder of files, written whole or not at all: with blanks to fill in, with numbers marked as carried over, or drafted.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode

from contingent.errors import InputError, did_you_mean
from contingent.notation import plain, write_estimate
from contingent.quantities import Estimate
from contingent.scenario.draft import Draft, editor
from contingent.scenario.keys import found, schema
from contingent.scenario.migrate import on_one_line
from contingent.scenario.model import sourcing
from contingent.scenario.paths import join
from contingent.scenario.read import BLANK, locate, read, shipped
from contingent.scenario.source import files_of
from contingent.scenario.syntax import composed

KINDS = ("stabilization", "policing", "monitoring", "reassurance")
SCHEMA = "scenario.schema.json"
EDITOR = f"# yaml-language-server: $schema={SCHEMA}\n"
CARRIED = "Carried over from"
TEACHING = """\
Fill in what stands in <...>: `contingent check {folder}` lists it all, with what to write. A number is 3000,
# 2000 to 6000 (nine times in ten within it) or 3000 (2000 to 6000); {{best: 3000 (2000 to 6000), claims: [C1],
# assumption: why}} says what it rests on. `contingent explain KEY` explains a key. What the mission does not have is
# left out, and then not simulated.
name: {name}
title: <what it is called at the top of the brief>
question: <should we take part, and on which terms?>
as_of: <day>                          # 2023-09-01; nothing later sets a number
decider: <whose decision it is>
contributor: <CODE>                   # our state, in three letters, the same as under `contributors`
baseline: decline
horizon: {horizon}                           # weeks simulated
"""
TYPICAL = ("deadline", "duration", "delay", "notice", "home_support", "cost", "capability", "position", "probability")
"""Keys of which another case's numbers say something: not how many people, what is so in a place, or what is judged."""
PLEDGE = (
    'caveats: [first], tour: 12 months, rotations: 2, reliability: {best: 0.85 (0.6 to 0.97), assumption: "typical, as '
    'in the shipped cases"}, cost: <US dollars a person and month>'
)


def start(folder: Path, *, kind: str = "", like: str = "", articles: Sequence[Path] = ()) -> list[Path]:
    """Write a scenario's files into a new folder, all or none; the files written.

    Raises:
        InputError: the folder already holds something, nothing says how to begin, or the pattern or article cannot be
            read.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: exists and is not an empty folder; name another one, nothing is written over")
    if not (kind or like or articles):
        raise InputError(
            f"say how {folder} is to begin: --kind {', '.join(KINDS[:-1])} or {KINDS[-1]} (a short file to fill in), "
            f"--like CASE (a copy whose numbers are marked; shipped are {', '.join(shipped())}), or --from ARTICLE"
        )
    if like and (kind or articles):
        raise InputError(f"--like {like}: copies a case; leave out --kind and --from")
    if kind and kind not in KINDS:
        raise InputError(f"--kind {kind}: there is no such kind; {did_you_mean(kind, KINDS)}")
    drafted = Draft(articles, kind) if articles else None
    pattern = locate(like) if like else folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as scratch:
        draft = Path(scratch) / folder.name
        draft.mkdir()
        if drafted:
            drafted.write(draft, blank(drafted.kind, folder))
        elif kind:
            (draft / "scenario.yaml").write_text(blank(kind, folder), "utf-8")
        else:
            for file in pattern.glob("*.y*ml") if pattern.is_dir() else [pattern]:
                shutil.copyfile(file, draft / file.name)
            carry_over(draft, pattern.stem)
        written = files_of(draft)
        for file in written:
            file.write_text(EDITOR + file.read_text("utf-8"), "utf-8")
        (draft / SCHEMA).write_text(json.dumps(schema(whole=len(written) == 1), indent=1) + "\n", "utf-8")
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    return sorted(folder.iterdir())


def named(folder: Path) -> str:
    """A scenario's name, from its folder's."""
    return re.sub(r"\W+", "_", folder.resolve().name, flags=re.ASCII).strip("_").lstrip("0123456789_") or "mine"


def blank(kind: str, folder: Path) -> str:
    """The file of a kind of mission, its numbers blank or marked as typical."""
    kinds = files("contingent.scenario") / "kinds"
    text, deciding = ((kinds / f"{name}.yaml").read_text("utf-8") for name in (kind, "deciding"))
    horizon = max(int(end) for end in re.findall(r"end: (\d+)", text))
    head = TEACHING.format(folder=folder, name=named(folder), horizon=horizon)
    return text.replace("{teaching}", head).replace("# {deciding}\n", deciding).replace("{pledge}", PLEDGE)


def carry_over(folder: Path, case: str) -> None:
    """Mark every number of a copied case as carried over, and take away the claims and documents it rested on."""
    yaml = editor()
    parsed = {file: yaml.load(file.read_text("utf-8")) for file in files_of(folder)}
    for data in parsed.values():
        for key in {"claims", "documents"} & data.keys():
            del data[key]
        for path, node in list(_mappings(data)):
            was = node.pop("claims", None)
            if (was is not None and _assumes(path, node)) or "assumption" in node:
                node["assumption"] = " ".join(filter(None, (f"{CARRIED} {case}.", node.get("assumption"))))
        if "name" in data:
            data["name"] = named(folder)
    _write(yaml, parsed)
    for path in sourcing(read(folder)).unsourced:
        _mark(parsed, path.split("."), f"{CARRIED} {case}.")
    _write(yaml, parsed)


def _write(yaml: YAML, parsed: dict[Path, Any]) -> None:
    for file, data in parsed.items():
        if data:
            with file.open("w", encoding="utf-8") as stream:
                yaml.dump(data, stream)
        else:
            file.unlink(missing_ok=True)


def _mappings(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(node, dict):
        yield path, node
    for step, below in node.items() if isinstance(node, dict) else enumerate(node if isinstance(node, list) else ()):
        yield from _mappings(below, (*path, str(step)))


def _assumes(path: tuple[str, ...], node: Any) -> bool:
    """Whether what stands at a path may say what it assumes: a number, or a record that numbers stand in."""
    return bool({"best", "low"} & node.keys()) or found(".".join((*path, "assumption"))) is not None


def _mark(parsed: dict[Path, Any], steps: list[str], words: str) -> None:
    """Say of the nearest record around a number what its numbers are."""
    for data in (data for data in parsed.values() if steps[0] in data):
        node, nearest = data, None
        for depth, step in enumerate(steps):
            if isinstance(node, list):
                node = next((item for i, item in enumerate(node) if item.get("id", str(i)) == step), None)
            elif isinstance(node, dict):
                node = node.get(step)
            if isinstance(node, dict) and _assumes(tuple(steps[: depth + 1]), node):
                nearest = node
        if nearest is not None and not nearest.get("assumption"):
            nearest["assumption"] = words


class Place(NamedTuple):
    """A value of a file, or a key that is blank; a name that is blank in several places is one field."""

    field: str
    path: str
    value: str
    start: int
    end: int


def places(text: str) -> list[Place]:
    """Every value in the text of a file, in its order, and every key that is blank."""
    return [*_places(composed(text), "", text)]


def _places(node: Any, path: str, text: str) -> Iterator[Place]:
    if isinstance(node, ScalarNode):
        start, field = node.start_mark.index, node.value if re.fullmatch("<[A-Z]+>", node.value) else path
        yield Place(field, path, node.value, start, start + len(text[start : node.end_mark.index].rstrip()))
    for n, below in enumerate(node.value) if isinstance(node.value, list) else ():
        key, value = below if isinstance(node, MappingNode) else (None, below)
        named = {k.value: v.value for k, v in value.value} if isinstance(value, MappingNode) else {}
        step = key.value if key else str(named.get("id", n))
        yield from _places(key, join(path, step), text) if key and BLANK.fullmatch(step) else ()
        yield from _places(value, join(path, step), text)


def filled(text: str, answers: Mapping[str, Any]) -> str:
    """The text of a file with answers by field; every other character as it was."""
    for each in reversed(places(text)):
        if answer := answers.get(each.field):
            key = found(each.path)
            words = isinstance(answer, str) and key and key.shape.kind not in ("text", "day", "country", "name")
            text = text[: each.start] + on_one_line(plain(answer) if words else answer) + text[each.end :]
    return text


def typical(path: str) -> dict[str, Any] | None:
    """A number in place of a blank, of which its assumption says that it is the middle and the range of shipped cases.

    None where they have too few, or where no other case's number is typical (`TYPICAL`).
    """
    key = found(path)
    known = _usual().get(key.path, {}) if key and key.field in TYPICAL and not key.path.startswith("theatre.") else {}
    numbers = [number for each in known.values() for number in each]
    if len(known) < 2:
        return None
    best = sorted(number.best for number in numbers)
    low, high = (median(best),) * 2 if all(number.certain for number in numbers) else (best[0], best[-1])
    value = write_estimate(Estimate(median(best), low, high, unit=numbers[0].unit))
    told = f"the middle and the range of {len(best)} numbers in {', '.join(known)}"
    return {"best": value, "assumption": f"typical, not judged for this case: {told}"}


@cache
def _usual() -> dict[str, dict[str, list[Estimate]]]:
    """The numbers of the shipped cases by key of the format and case."""
    usual: dict[str, dict[str, list[Estimate]]] = {}
    for case in shipped():
        for path, number in read(case).estimates():
            if key := found(path):
                usual.setdefault(key.path, {}).setdefault(case, []).append(number)
    return usual
