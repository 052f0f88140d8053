"""Which backtest tasks there are, and how one is run.

An engine registers a task as an entry point of the group `contingent.backtest`: a function from a path
to a `Record`. Other packages may register theirs in the same way.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from contingent.errors import InputError
from contingent.scoring.record import Record

GROUP = "contingent.backtest"


def tasks() -> dict[str, EntryPoint]:
    """Every registered task by its name, in alphabetical order."""
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def task_names() -> list[str]:
    """The names of all registered tasks."""
    return list(tasks())


def run_task(name: str, data: Path) -> Record:
    """The record of one task on the data at a path; a folder with a subfolder of the task's name means that one.

    Raises:
        InputError: no such task, or nothing at that path.
        DataError: the data do not have the layout the task documents.
    """
    known = tasks()
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f"; did you mean `{near[0]}`?" if near else ""
        raise InputError(f"no backtest task `{name}`{hint} There are: {', '.join(known)}, all")
    if not data.exists():
        raise InputError(f"--data {data}: there is nothing there")
    return known[name].load()(data / name if (data / name).is_dir() else data)
