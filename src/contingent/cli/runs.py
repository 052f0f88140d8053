"""`contingent run`, `runs`, `ledger`, `backtest`, `calibrate`: what is computed, what is kept, and how it fares."""

from pathlib import Path
from typing import Literal

from contingent.cli.load import at_least, executor_of, load_or_run
from contingent.cli.output import Ensemble, Flags, Place, Switch, certain
from contingent.errors import InputError, RunError


def run(
    scenario: str,
    /,
    *,
    executor: str = "processes",
    scheduler: str | None = None,
    resume: bool = True,
    verify: str | None = None,
    ensemble: Ensemble = Ensemble(),
    flags: Flags = Flags(),
    place: Place = Place(),
) -> int:
    """Run SCENARIO (a shipped name or a folder) and keep the result in a run folder.

    Args:
        scenario: a shipped name or a folder.
        executor: serial, processes or dask: a Dask cluster of --workers processes on this machine.
        scheduler: address of the scheduler of another Dask cluster, whose workers all see the folder of --out.
        resume: go on with an interrupted run of the same question; with --no-resume it starts afresh.
        verify: a finished run; run it again and compare bit by bit.
        ensemble: which ensemble.
        flags: how to report.
        place: where runs are kept.
    """
    from contingent.scenario.read import read
    from contingent.study.result import headline
    from contingent.study.store import question_of
    from contingent.study.study import Study, describe_differences
    from contingent.study.study import verify as compare

    store, workers = place.store, executor_of(executor, ensemble.workers, scheduler)
    if verify is not None:
        folder = store.find(verify)
        question = question_of(folder)
        apart = question.unlike(Study(read(scenario), seed=ensemble.seed).question(ensemble.runs))
        study = Study(question.scenario, question.options, question.seed)
        compare(question, folder, study.run(question.runs, executor=workers))
        flags.answer({"run": question.id, "same_bytes": True, "differs": apart})
        for line in (*describe_differences(apart), f"{question.id}: a new run gives the same bytes"):
            flags.log(line)
        return 0
    if not resume:
        question = Study(read(scenario), seed=ensemble.seed).question(ensemble.runs)
        store.forget(question.id)
    result = load_or_run(scenario, ensemble, place, flags, workers)
    found = headline(result)
    rows = [
        f"{name:28} passes {row['passes']['mean']:6.1%} ± {row['passes']['error']:.1%}   first {row['first']:6.1%}"
        for name, row in found["options"].items()
    ]
    flags.answer(found, "\n".join(rows))
    if not flags.json:
        flags.log(f"run {result.question.id}   next: contingent brief {result.question.id}")
    return 0


def runs(
    action: Literal["list", "show", "rm", "rebuild"] = "list",
    run: str | None = None,
    /,
    *,
    yes: Switch = False,
    flags: Flags = Flags(),
    place: Place = Place(),
) -> int:
    """List finished runs; show or remove one; rebuild sweeps away what interrupted runs left behind.

    Args:
        action: list, show RUN, rm RUN, or rebuild.
        run: a run's id, six letters of its beginning or more, or the path of its folder, which means that folder alone.
        yes: remove without asking.
        flags: how to report.
        place: where runs are kept.
    """
    store = place.store
    if action in ("show", "rm") and run is None:
        raise InputError(f"runs {action}: name a run; `contingent runs list` shows what there is")
    if action == "show" and run is not None:
        from contingent.study.result import headline
        from contingent.study.study import load  # the engines: only who looks inside a run pays for them

        found = headline(load(run, store))
        lines = [f"{key:10} {found[key]}" for key in ("run", "scenario", "as_of", "seed", "runs", "version")]
        for name, row in found["options"].items():
            lines.append(f"  {name:28} passes {row['passes']['mean']:6.1%}   first {row['first']:6.1%}")
        flags.answer(found, "\n".join(lines))
    elif action == "rm" and run is not None:
        folder = store.find(run)
        flags.log(f"{folder.resolve()}: {_holds(folder)}")
        certain(yes=yes, what=f"runs rm {run}")
        removed = store.remove(run)
        flags.answer({"removed": removed.name})
        flags.log(f"{removed}: removed")
    elif action == "rebuild":
        swept, lines = store.sweep(), _indexed(store.folder)
        flags.answer({"finished": len(store.ids()), "swept": swept, "drafts": lines})
        told = f"; {lines} lines of drafts are back in the index" if lines else ""
        flags.log(f"{len(store.ids())} finished runs; {swept} interrupted ones swept away{told}")
    else:
        found = list(store.manifests())
        rows = [each.model_dump(exclude={"digests"}) for each in found if not isinstance(each, RunError)]
        for each in found:
            if isinstance(each, RunError):
                flags.log(str(each))
        told = (f"{r['id']}  {r['name']:16} {r['runs']:>8,} runs  seed {r['seed']}  {r['title']}" for r in rows)
        flags.answer(rows, *told)
        if not rows and not flags.json:
            flags.log(f"no finished run in {store.folder}; `contingent run isf_gaza` makes one")
    return 0


def _indexed(folder: Path) -> int:
    """How many lines of drafts came into the workbench's index from its files; none where there is no workbench."""
    if not any(folder.glob("workbench/*/draft.jsonl")):
        return 0
    try:
        from contingent.workbench.desk import registry_at
    except ImportError:
        return 0
    return registry_at(folder).rebuild()


def _holds(folder: Path) -> str:
    """What would go with a run."""
    from contingent.study.store import manifest_of

    names = sorted(path.name for path in folder.iterdir())
    try:
        says = manifest_of(folder)
        return f"{says.runs:,} runs of {says.name}, seed {says.seed}; {', '.join(names)}"
    except RunError:
        return f"a damaged run; {', '.join(names)}"


def ledger(action: Literal["verify", "repair"], file: Path, /, *, yes: Switch = False, flags: Flags = Flags()) -> int:
    """Check a ledger line by line, or repair it: what does not hold is kept aside, all other lines live.

    Args:
        action: verify FILE, or repair FILE.
        file: the ledger, or its folder.
        yes: carry the repair out; without it, what it would do is shown.
        flags: how to report.
    """
    from contingent.evidence.ledger import Ledger

    found = Ledger.open(file / "ledger.jsonl" if file.is_dir() else file)
    if not found.path.is_file():
        raise InputError(f"{file}: there is no such file")
    told, aside = [f"{found.path}:{line}: {why}" for line, why in found.faults.items()], None
    if told and action == "repair":
        aside = found.repair() if yes else None
        what = f"done; the file as it was is {aside}" if aside else "nothing is written yet; --yes carries it out"
        told.append(f"lines that are not read are taken out, the others sealed anew: {what}")
    done = {"lines": len(found.entries), "seal": found.seal, "faults": found.faults, "as_it_was": aside and str(aside)}
    flags.answer(done, *told, f"{len(found.entries)} lines hold; seal {found.seal}")
    return 1 if told and not aside else 0


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
            `coalitions`; with `all`, each is run in all of its ways if this is left out.
        predict: instead of a score, forecasts for the rows of this file, which has no answers: `coalitions` makes them.
        out: where those go, as CSV.
        flags: how to report.
    """
    from contingent.atomic import atomic_write
    from contingent.scoring.tasks import predict_task, run_all, run_task

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
        records = []
        for record in run_all(data, fit):
            records.append(record.to_dict())
            flags.tell(record.to_text(), "")
        if flags.json:
            flags.answer(records)
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
