"""Which backtest tasks there are, and how one is run.

An engine registers a task as an entry point of the group `contingent.backtest`: a function from a path
to a `Scorecard`. Other packages may register theirs in the same way.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from contingent.errors import InputError
from contingent.scoring.scorecard import Scorecard

GROUP = "contingent.backtest"

# Where each task's data lie in a folder that holds the data of all; a task that is not named lies under its own name.
HOMES = {
    "attribution": "quotes/*",
    "contributors": "tcc",
    "fill_up": "tcc",
    "ledger": "article",
    "losses": "peacekeeper_fatalities",
    "precedents": "precedents/precedents*.csv",
    "relapse": "recurrence",
    "truce": "gaza/deaths_daily*.csv",
}


def tasks() -> dict[str, EntryPoint]:
    """Every registered task by its name, in alphabetical order."""
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def task_names() -> list[str]:
    """The names of all registered tasks."""
    return list(tasks())


def run_task(name: str, data: Path) -> Scorecard:
    """The record of one task on the data at a path; or in a folder that holds the data of several tasks.

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
    return known[name].load()(home(name, data) or data)


def home(name: str, data: Path) -> Path | None:
    """Where a task's data lie in a folder that holds the data of several tasks; None if it does not hold them."""
    if not data.is_dir():
        return None
    return next((path for pattern in (name, HOMES.get(name, name)) for path in sorted(data.glob(pattern))), None)
