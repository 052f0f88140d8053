"""`contingent run`: a scenario's options through all engines, into a run folder."""

from __future__ import annotations

from contingent.cli.flags import Ensemble, Flags, Place


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

    from contingent.cli import output
    from contingent.cli.load import executor_of, load_or_run, store_of
    from contingent.scenario.read import read
    from contingent.study.result import headline
    from contingent.study.study import Study, describe_differences
    from contingent.study.study import verify as compare

    store = store_of(place)
    workers = executor_of(executor, ensemble.workers, scheduler)
    if verify is not None:
        question = store.question(store.resolve(verify))
        apart = question.unlike(Study(read(scenario), seed=ensemble.seed).question(ensemble.runs))
        study = Study(question.scenario, question.options, question.seed)
        compare(question, store.path(question.id), study.run(question.runs, executor=workers))
        if flags.json:
            output.emit_json({"run": question.id, "same_bytes": True, "differs": apart})
        for line in describe_differences(apart):
            output.log(line, flags)
        output.log(f"{question.id}: a new run gives the same bytes", flags)
        return 0
    if not resume:
        question = Study(read(scenario), seed=ensemble.seed).question(ensemble.runs)
        shutil.rmtree(store.folder / f".{question.id}.partial", ignore_errors=True)
    result, store = load_or_run(scenario, ensemble, place, flags, workers)
    found = headline(result)
    if flags.json:
        output.emit_json(found)
        return 0
    for name, row in found["options"].items():
        passes = row["passes"]
        output.print_result(
            f"{name:28} passes {passes['mean']:6.1%} ± {passes['error']:.1%}   first {row['first']:6.1%}"
        )
    output.log(f"run {result.question.id}   next: contingent brief {result.question.id}", flags)
    return 0
