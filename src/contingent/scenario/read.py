"""A scenario from its folder, or everything that is wrong with it, each with file and line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from contingent.errors import InputError, ScenarioError
from contingent.records import explain
from contingent.scenario.check import faults
from contingent.scenario.check_process import Fault
from contingent.scenario.model import Scenario
from contingent.scenario.source import Source


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
        raise InputError(f"{where}: holds no .yaml file; `contingent new {where} --like isf_gaza` starts a scenario")
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
        ScenarioError: with every complaint about syntax, types and references.
    """
    try:
        scenario = Scenario.model_validate(source.data)
    except ValidationError as error:
        unread = bool(source.complaints)
        for problem in error.errors(include_url=False):
            path, what, fix = explain(problem, source.data)
            if unread and len(path) == 1 and problem["type"] == "missing":
                continue  # it may stand in the file that could not be read
            source.complain(path, what, fix)
        raise ScenarioError(source.complaints) from None
    for path, what, fix in faults(scenario):
        source.complain(_as_written(path, source.data), what, fix)
    if not source.complaints:
        for path, what, fix in more(scenario) if more else ():
            source.complain(_as_written(path, source.data), what, fix)
    if source.complaints:
        raise ScenarioError(set(source.complaints))
    return scenario


def _as_written(path: str, data: Any) -> tuple[str | int, ...]:
    """A dotted path in the file's own terms: items addressed by their `id` become their index."""
    steps: list[str | int] = []
    for step in path.split("."):
        if isinstance(data, list):
            index = next(
                (i for i, item in enumerate(data) if isinstance(item, dict) and item.get("id", str(i)) == step), None
            )
            if index is None and step.isdigit() and int(step) < len(data):
                index = int(step)
            steps.append(step if index is None else index)
            data = None if index is None else data[index]
        else:
            steps.append(step)
            data = data.get(step) if isinstance(data, dict) else None
    return tuple(steps)
