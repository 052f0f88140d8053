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
    from contingent.cli import output
    from contingent.errors import InputError
    from contingent.scoring.tasks import data_of, run_task, task_names

    if task != "all":
        record = run_task(task, data)
        if flags.json:
            output.emit_json(record.to_dict())
        else:
            output.print_result(record.to_text())
        return 0
    there = [name for name in task_names() if data_of(name, data)]
    if not there:
        raise InputError(f"--data {data}: holds the data of no task; tasks are {', '.join(task_names())}")
    output.log(f"no data there for: {', '.join(sorted(set(task_names()) - set(there))) or 'none'}", flags)
    records = [run_task(name, data) for name in there]
    if flags.json:
        output.emit_json([record.to_dict() for record in records])
    else:
        output.print_result("\n\n".join(record.to_text() for record in records))
    return 0
