"""`contingent run` and `contingent runs`: a scenario through all engines into a run folder, and what became of it."""

from dataclasses import asdict
from typing import Literal

from contingent.cli.load import executor_of, load_or_run
from contingent.cli.output import Ensemble, Flags, Place
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
        executor: serial, processes or dask.
        scheduler: address of the Dask scheduler.
        resume: go on with an interrupted run of the same question; with --no-resume it starts afresh.
        verify: a finished run; run it again and compare bit by bit.
        ensemble: which ensemble.
        flags: how to report.
        place: where runs are kept.
    """
    import shutil

    from contingent.scenario.read import read
    from contingent.study.result import headline
    from contingent.study.study import Study, describe_differences
    from contingent.study.study import verify as compare

    store, workers = place.store, executor_of(executor, ensemble.workers, scheduler)
    if verify is not None:
        question = store.question(store.resolve(verify))
        apart = question.unlike(Study(read(scenario), seed=ensemble.seed).question(ensemble.runs))
        study = Study(question.scenario, question.options, question.seed)
        compare(question, store.path(question.id), study.run(question.runs, executor=workers))
        flags.answer({"run": question.id, "same_bytes": True, "differs": apart})
        for line in (*describe_differences(apart), f"{question.id}: a new run gives the same bytes"):
            flags.log(line)
        return 0
    if not resume:
        question = Study(read(scenario), seed=ensemble.seed).question(ensemble.runs)
        shutil.rmtree(store.folder / f".{question.id}.partial", ignore_errors=True)
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
    flags: Flags = Flags(),
    place: Place = Place(),
) -> int:
    """List finished runs; show or remove one; rebuild sweeps away what interrupted runs left behind.

    Args:
        action: list, show RUN, rm RUN, or rebuild.
        run: a run's id, or its beginning.
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
        removed = store.remove(run)
        flags.answer({"removed": removed.name})
        flags.log(f"{removed}: removed")
    elif action == "rebuild":
        swept = store.sweep()
        flags.answer({"finished": len(store.ids()), "swept": swept})
        flags.log(f"{len(store.ids())} finished runs; {swept} interrupted ones swept away")
    else:
        rows = []
        for name in store.ids():
            try:
                rows.append(asdict(store.manifest(name)))
            except RunError as error:
                flags.log(str(error))
        told = (f"{r['id']}  {r['name']:16} {r['runs']:>8,} runs  seed {r['seed']}  {r['title']}" for r in rows)
        flags.answer(rows, *told)
        if not rows and not flags.json:
            flags.log(f"no finished run in {store.folder}; `contingent run isf_gaza` makes one")
    return 0
