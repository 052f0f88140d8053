"""`contingent backtest` and `contingent calibrate`: what data say of the forecasts, and of the mission's numbers."""

from pathlib import Path

from contingent.cli.load import at_least
from contingent.cli.output import Flags
from contingent.errors import InputError


def backtest(
    task: str,
    data: Path,
    *,
    fit: str = "",
    predict: Path | None = None,
    out: Path | None = None,
    flags: Flags = Flags(),
) -> int:
    """Score TASK (`all` for every task) on the data at DATA.

    Args:
        task: a task's name; an unknown one lists those there are.
        data: the file or folder in the layout the task documents; for `all`, a folder with them all.
        fit: what is fitted on what, where a task has several ways: `precedents` takes `folds` (parts of the file left
            out in turn; its own way) or `shipped` (the file forecast from the shipped table and nothing else), as does
            `coalitions`.
        predict: instead of a score, forecasts for the rows of this file, which has no answers: `coalitions` makes them.
        out: where those go, as CSV.
        flags: how to report.
    """
    from contingent.atomic import atomic_write
    from contingent.scoring.tasks import data_of, predict_task, run_task, task_names

    if (predict is None) != (out is None):
        raise InputError("--predict FILE and --out FILE go together")
    if predict is not None and out is not None:
        if fit:
            raise InputError("--predict is fitted on all of the data; leave --fit out")
        found = predict_task(task, data, predict)
        with atomic_write(out) as file:
            found.to_csv(file, index=False)
        told = {"task": task, "rows": len(found), "columns": list(found.columns), "file": str(out)}
        flags.answer(told, f"{len(found)} forecasts of {task} in {out}: {', '.join(found.columns)}")
    elif task != "all":
        record = run_task(task, data, fit)
        flags.answer(record.to_dict(), record.to_text())
    else:
        if fit:
            raise InputError(f"--fit {fit}: name the one task it is for instead of `all`")
        there = [name for name in task_names() if data_of(name, data)]
        if not there:
            raise InputError(f"--data {data}: holds the data of no task; tasks are {', '.join(task_names())}")
        flags.log(f"no data there for: {', '.join(sorted(set(task_names()) - set(there))) or 'none'}")
        records = [run_task(name, data) for name in there]
        flags.answer([record.to_dict() for record in records], "\n\n".join(record.to_text() for record in records))
    return 0


def calibrate(scenario: str, /, *, data: Path, check: int = 0, flags: Flags = Flags()) -> int:
    """Say of every parameter of SCENARIO's mission its prior, its citation, and its posterior or the word judgement.

    Args:
        scenario: a shipped name or a folder.
        data: the folder with the data, flat or by folder: daily deaths, relapses, hostile deaths of UN missions;
            nothing after the scenario's date is read from them.
        check: also run this many rounds of simulation-based calibration for each posterior (1,000 say enough).
        flags: how to report.
    """
    from contingent.mission.calibration.posterior import learn, questions, rank_histograms, rows, to_text
    from contingent.scenario.read import read

    base = read(scenario)
    if not data.is_dir():
        raise InputError(f"--data {data}: there is no such folder")
    at_least(0, check=check)
    table = rows(base, learn(base, data))
    found = {"scenario": base.name, "as_of": str(base.as_of), "parameters": table}
    lines = [to_text(table)]
    if check:
        ranks = {name: rank_histograms(question, check) for name, (question, _) in questions(base, data).items()}
        found["ranks"] = {
            name: {number: {"counts": r.counts.tolist(), "p": r.p} for number, r in rows_.items()}
            for name, rows_ in ranks.items()
        }
        lines += ["", "ranks of the truth among posterior draws, by tenths; p: chance of a histogram as uneven"]
        lines += [
            f"{name:70}{number:22}p {r.p:.3f}  {' '.join(str(count) for count in r.counts)}"
            for name, rows_ in ranks.items()
            for number, r in rows_.items()
        ]
    flags.answer(found, "\n".join(lines))
    return 0
