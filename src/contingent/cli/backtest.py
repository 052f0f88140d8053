"""`contingent backtest`: how good a forecast was, beside its baselines; a loss is printed as a loss."""

from __future__ import annotations

from pathlib import Path

from contingent.cli.flags import Flags


def backtest(task: str, /, *, data: Path, flags: Flags = Flags()) -> int:
    """Score TASK (`all` for every task) on the data at DATA.

    Args:
        task: a task's name; an unknown one lists those there are.
        data: the file or folder in the layout the task documents; for `all`, a folder with them all.
        flags: how to report.
    """
    from contingent.cli import speak
    from contingent.scoring.tasks import run_task, task_names

    names = task_names() if task == "all" else [task]
    records = [run_task(name, data) for name in names]
    if flags.json:
        rows = [record.to_dict() for record in records]
        speak.data(rows if task == "all" else rows[0])
    else:
        speak.text("\n\n".join(record.to_text() for record in records))
    return 0
