"""Which backtest tasks are there, where do their data lie, and how is one run?

Registry of backtests by entry point.

An engine registers a task as an entry point of the group `contingent.backtest`: a function from a path to a
`Scorecard`. Other packages may register theirs in the same way. In a folder that holds the data of several tasks a
task's own lie under its name, or where `backtest_task` says.
"""

from collections.abc import Callable
from importlib.metadata import entry_points
from inspect import signature
from pathlib import Path
from typing import Any

from contingent.errors import InputError, did_you_mean
from contingent.scoring.scores import Scorecard

GROUP = "contingent.backtest"
Task = Callable[..., Scorecard]
"""From a path to a record; a task that can be fitted in several ways takes `fit` as well."""


def backtest_task(*, data: str, predict: Callable[..., Any] | None = None) -> Callable[[Task], Task]:
    """Say where a task's data lie in a folder that holds the data of all: a glob pattern from there, as `quotes/*`.

    `predict` forecasts a file without answers from the data (two paths), as a table with a method `to_csv`.
    """

    def mark(task: Task) -> Task:
        vars(task)["data_pattern"] = data
        vars(task)["predict"] = predict
        return task

    return mark


def task_names() -> list[str]:
    """The names of all registered tasks, in alphabetical order."""
    return sorted(entry_points(group=GROUP).names)


def task_of(name: str) -> Task:
    """A task by its name.

    Raises:
        InputError: no such task.
    """
    if name not in task_names():
        raise InputError(f"no backtest task `{name}`; {did_you_mean(name, [*task_names(), 'all'])}")
    return entry_points(group=GROUP)[name].load()


def run_task(name: str, data: Path, fit: str = "") -> Scorecard:
    """The record of one task on the data at a path; or in a folder that holds the data of several tasks.

    `fit` says what is fitted on what, where a task has several ways; "" is the task's own.

    Raises:
        InputError: no such task, nothing at that path, or a way to fit that the task does not have.
        DataError: the data do not have the layout the task documents.
    """
    task = task_of(name)
    if not data.exists():
        raise InputError(f"--data {data}: there is nothing there")
    place = data_of(name, data) or data
    if not fit:
        return task(place)
    if "fit" not in signature(task).parameters:
        raise InputError(f"--fit {fit}: the task {name} is fitted in one way only; leave --fit out")
    return task(place, fit=fit)


def predict_task(name: str, data: Path, file: Path) -> Any:
    """The forecasts of one task for a file without answers, as a table.

    Raises:
        InputError: no such task, nothing at a path, or the task forecasts no file.
        DataError: the data do not have the layout the task documents.
    """
    predict = getattr(task_of(name), "predict", None)
    if predict is None:
        able = [other for other in task_names() if getattr(task_of(other), "predict", None)]
        raise InputError(f"--predict: the task {name} forecasts no file; {', '.join(able)} does")
    for flag, path in (("--data", data), ("--predict", file)):
        if not path.exists():
            raise InputError(f"{flag} {path}: there is nothing there")
    return predict(data_of(name, data) or data, file)


def data_of(name: str, folder: Path) -> Path | None:
    """Where a task's data lie in a folder that holds the data of several tasks; None if it does not hold them."""
    if not folder.is_dir():
        return None
    patterns = (name, getattr(task_of(name), "data_pattern", name))
    return next((path for pattern in patterns for path in sorted(folder.glob(pattern))), None)
