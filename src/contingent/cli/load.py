"""What does a user mean by the name of a scenario, a run or an option, and which numbers can be meant at all?"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from contingent.cli.output import Ensemble, Flags, Place, Sample
from contingent.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from contingent.ensemble.execute import Executor
    from contingent.study.result import Result


def known(flag: str, name: str | None, names: Collection[str], what: str = "option") -> None:
    """Refuse a name given with a flag that nothing bears.

    Raises:
        InputError: says which may have been meant, or which there are.
    """
    if name is not None and name not in names:
        raise InputError(f"--{flag} {name}: there is no such {what}; {did_you_mean(name, names)}")


def at_least(least: int, **given: float | None) -> None:
    """Refuse a number that is too small, by the flag it was given with.

    Raises:
        InputError: says what it must be.
    """
    for flag, number in given.items():
        if number is not None and number < least:
            raise InputError(f"--{flag} {number}: at least {least}")


def executor_of(kind: str, workers: int, scheduler: str | None) -> Executor:
    """Who does the work.

    Raises:
        InputError: an unknown kind, no workers, or a scheduler for who needs none.
    """
    from contingent.ensemble.execute import Dask, Processes, Serial

    at_least(1, workers=workers)
    if scheduler and kind == "serial":
        raise InputError(f"--scheduler {scheduler}: is a Dask cluster's; leave --executor serial out")
    match kind:
        case "dask" | "processes" if scheduler:
            return Dask(scheduler)
        case "dask":
            return Dask(workers=workers)
        case "processes" if workers > 1:
            return Processes(workers)
        case "serial" | "processes":
            return Serial()
    raise InputError(f"--executor {kind}: serial, processes or dask")


def load_or_run(
    asked: str, ensemble: Ensemble | Sample, place: Place, flags: Flags, executor: Executor | None = None
) -> Result:
    """The result of a scenario (run now, or read if it was run before) or of a finished run."""
    from contingent.scenario.read import locate, read
    from contingent.study.formulas import engine_faults
    from contingent.study.question import Question
    from contingent.study.study import Study, describe_differences, load, run_or_load

    store = place.store
    try:
        locate(asked)
        is_scenario = not (Path(asked) / "manifest.json").exists()
    except InputError:
        if not asked or not any(run.startswith(asked) for run in store.ids()):
            store.unfinished(asked)
            raise
        is_scenario = False
    if not is_scenario:
        found = load(asked, store)
        made = found.question
        for line in describe_differences(made.unlike(Question(made.scenario, made.options, made.seed, made.runs))):
            flags.log(f"run {made.id} was made with other {line}")
        return found
    study = Study(read(asked, engine_faults), seed=ensemble.seed)
    executor = executor or executor_of("processes", ensemble.workers, None)
    with flags.progress("runs") as progress:
        return run_or_load(study, ensemble.runs, store, executor=executor, progress=progress, tell=flags.log)
