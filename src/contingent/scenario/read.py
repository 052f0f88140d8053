"""A scenario from its folder, or everything that is wrong with it, each with file and line."""

import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from contingent.errors import InputError, ScenarioError
from contingent.records import explain
from contingent.scenario.check import faults
from contingent.scenario.check_process import Fault
from contingent.scenario.keys import found, to_write
from contingent.scenario.model import Scenario
from contingent.scenario.source import Path_, Source


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
    raise InputError(
        f"{where}: no such folder, and no scenario of that name is shipped; "
        f"shipped are {', '.join(library)}; `contingent new DIR` starts one"
    )


def gather(where: str | Path) -> Source:
    """The YAML of a scenario's files, merged, not yet validated.

    Raises:
        InputError: nothing to read there.
    """
    folder = locate(where)
    found = sorted(folder.glob("*.y*ml")) if folder.is_dir() else [folder]
    if not found:
        raise InputError(f"{where}: holds no .yaml file; `contingent new {where} --kind policing` starts a scenario")
    source = Source(places={(): (folder.name, 0)})
    for file in found:
        source.add(file, f"{folder.name}/{file.name}" if folder.is_dir() else file.name)
    return source


def read(where: str | Path, more: Callable[[Scenario], Iterator[Fault]] | None = None) -> Scenario:
    """The scenario in a folder, or the shipped one of that name; `more` finds further faults in it.

    Raises:
        ScenarioError: with every complaint, as `file:line  path: what; how to mend it`.
        InputError: there is no such scenario.
    """
    source = gather(where)
    if source.complaints and not source.data:
        raise ScenarioError(source.complaints)
    return validated(source, more)


def validated(source: Source, more: Callable[[Scenario], Iterator[Fault]] | None = None) -> Scenario:
    """The typed scenario in a source.

    Raises:
        ScenarioError: with every complaint about syntax, blanks, types and references.
    """
    blanks, codes = dict(_blanks(source.data)), dict[str, str]()
    for path, words in blanks.items():
        source.complain(path, f"is blank: {words}", to_write(path) or "write a name in its place, such as KEN")
    data = _filled(source.data, codes) if blanks else source.data
    written = {code: words for words, code in codes.items()}
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        unread = bool(source.complaints) and not blanks
        for problem in error.errors(include_url=False):
            path, what, fix = explain(problem, data)
            if (unread and len(path) == 1 and problem["type"] == "missing") or problem["type"] == DEPENDENT:
                continue  # it may stand in the file that could not be read, or hangs on what is told already
            at = tuple(written.get(str(step), step) for step in path)
            said = problem["type"] in ("value_error", "extra_forbidden", "literal_error", "quantity")
            source.complain(at, what, fix or ("" if said else to_write(path)))
        raise ScenarioError(source.complaints) from None
    for path, what, fix in faults(scenario):
        at = tuple(written.get(str(step), step) for step in _as_written(path, data))
        around = any(at[: len(one)] == one or one[: len(at)] == at for one in blanks)
        if not around and not (blanks and SOME_DAY in what):  # what stands there meanwhile is nobody's
            source.complain(at, what, fix)
    if not source.complaints:
        for path, what, fix in more(scenario) if more else ():
            source.complain(_as_written(path, source.data), what, fix)
    if source.complaints:
        raise ScenarioError(set(source.complaints))
    return scenario


BLANK = re.compile(r"<[^<>]+>")
SOME_DAY = "2001-01-01"
CODES = ("TUV", "NRU", "KIR", "PLW", "MHL", "FSM")  # stand in for codes that are blank; nobody has troops there
DEPENDENT = "default_factory_not_called"


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


def _filled(node: Any, codes: dict[str, str], path: Path_ = ()) -> Any:
    """The same content with something fitting at every blank, so that all the rest can be checked as well."""
    if isinstance(node, list):
        return [_filled(below, codes, (*path, step)) for step, below in enumerate(node)]
    if isinstance(node, dict):
        return {_named(key, codes): _filled(below, codes, (*path, key)) for key, below in node.items()}
    return _meanwhile(node, codes, path) if BLANK.fullmatch(str(node)) else node


def _named(key: str, codes: dict[str, str]) -> str:
    return codes.setdefault(key, CODES[len(codes) % len(CODES)]) if BLANK.fullmatch(str(key)) else key


def _meanwhile(words: str, codes: dict[str, str], path: Path_) -> Any:
    key = found(".".join(map(str, path)))
    shape = key.shape if key else None
    while shape is not None and shape.of is not None:
        shape = shape.of
    match shape.kind if shape else "":
        case "country":
            return _named(words, codes)
        case "day":
            return SOME_DAY
        case "choice" if shape:
            return shape.choices[-1]
        case "number" | "whole":
            return 1
    return "blank"


def _as_written(path: str, data: Any) -> tuple[str | int, ...]:
    """A dotted path in the file's own terms: items addressed by their `id` become their index."""
    steps: list[str | int] = []
    for step in path.split("."):
        if isinstance(data, list):
            named = {str(item.get("id", i)): i for i, item in reversed([*enumerate(data)]) if isinstance(item, dict)}
            index = named.get(step, int(step) if step.isdigit() and int(step) < len(data) else None)
            steps.append(step if index is None else index)
            data = None if index is None else data[index]
        else:
            steps.append(step)
            data = data.get(step) if isinstance(data, dict) else None
    return tuple(steps)
