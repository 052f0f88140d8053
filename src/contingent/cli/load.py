"""What does a user mean by the name of a scenario or a run?

Resolution and loading: the store, the executor, and the result, run now or read.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from contingent.cli import output
from contingent.cli.flags import Ensemble, Flags, Place
from contingent.errors import InputError

if TYPE_CHECKING:
    from contingent.ensemble.execute import Executor
    from contingent.study.result import Result
    from contingent.study.store import Store


def store_of(place: Place) -> Store:
    """The folder of run folders a user means."""
    from contingent.study.store import Store

    return Store(place.out or Path("runs"))


def executor_of(kind: str, workers: int, scheduler: str | None) -> Executor:
    """Who does the work.

    Raises:
        InputError: an unknown kind, no workers, or a Dask executor without its scheduler.
    """
    from contingent.ensemble.execute import Dask, Processes, Serial

    if workers < 1:
        raise InputError(f"--workers {workers}: at least 1")
    match kind:
        case "dask" if scheduler:
            return Dask(scheduler)
        case "dask":
            raise InputError("--executor dask needs --scheduler URL")
        case "processes" if workers > 1:
            return Processes(workers)
        case "serial" | "processes":
            return Serial()
    raise InputError(f"--executor {kind}: serial, processes or dask")


def load_or_run(
    asked: str, ensemble: Ensemble, place: Place, flags: Flags, executor: Executor | None = None
) -> tuple[Result, Store]:
    """The result of a scenario (run now, or read if it was run before) or of a finished run."""
    from contingent.scenario.read import locate, read
    from contingent.study.formulas import engine_faults
    from contingent.study.question import code_version, library_versions
    from contingent.study.study import Study, describe_differences, load, run_or_load

    store = store_of(place)
    try:
        locate(asked)
        is_scenario = not (Path(asked) / "manifest.json").exists()
    except InputError:
        if not any(run.startswith(asked) for run in store.ids()):
            store.unfinished(asked)
            raise
        is_scenario = False
    if not is_scenario:
        found = load(asked, store)
        made, now = found.question, replace(found.question, version=code_version(), libraries=library_versions())
        for line in describe_differences(made.unlike(now)):
            output.log(f"run {made.id} was made with other {line}", flags)
        return found, store
    study = Study(read(asked, engine_faults), seed=ensemble.seed)
    executor = executor or executor_of("processes", ensemble.workers, None)
    with output.progress("runs", flags) as progress:
        return run_or_load(study, ensemble.runs, store, executor=executor, progress=progress), store


def ranked(path: str, influence: dict[str, float], *, drawn: bool) -> str:
    """What is known of how much an unsourced number matters; `influence` is that of a run of this very scenario."""
    if not drawn:
        return "not drawn"
    if path in influence:
        return f"{influence[path]:.1%} of the spread"
    if path.startswith("options."):
        return "drawn for its own option only, not ranked; `contingent trace` says what it moves"
    return "influence unknown until the scenario is run as it is now"
