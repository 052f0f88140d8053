"""What does a user mean by the name of a scenario, a run or an option, and which numbers can be meant at all?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contingent.cli.output import Ensemble, Flags, Place, Sample
from contingent.errors import InputError, RunError, did_you_mean

if TYPE_CHECKING:
    from contingent.ensemble.execute import Executor
    from contingent.study.question import Question
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
    known("executor", kind, ("serial", "processes", "dask"), "executor")
    raise AssertionError(kind)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a user asked: the folder of its run, what that answers, and how to come by the result."""

    folder: Path
    question: Question
    find: Callable[[], Result]

    def made(self, name: str, make: Callable[[Result], Any], *kinds: type) -> Any:
        """What is made of the result, once: kept with its run under a name, it is read without the result.

        It holds plain values and dataclasses of some `kinds`; sequences come back as tuples.
        """
        from contingent.study.store import made

        found = made(self.folder, name, lambda: packed(make(self.find())))
        return unpacked(found, {kind.__name__: kind for kind in kinds})


def ask(asked: str, ensemble: Ensemble | Sample, place: Place, flags: Flags, executor: Executor | None = None) -> Asked:
    """What is asked by a scenario's name or folder (run now if it was not), or by a finished run."""
    from contingent.scenario.source import locate
    from contingent.study.question import Question, code_version
    from contingent.study.store import made, question_of

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
        folder = store.find(asked)
        told = question_of(folder)
        now = Question(told.scenario, told.options, told.seed, told.runs, made(folder, "code", code_version))
        for name, (before, after) in told.unlike(now).items():
            flags.log(f"run {told.id} was made with other {name}: {before} then, {after} now")
        return Asked(folder, told, lambda: read_back(folder))
    from contingent.scenario.read import read
    from contingent.study.formulas import engine_faults
    from contingent.study.study import Study, run_or_load

    study = Study(read(asked, engine_faults), seed=ensemble.seed)
    executor = executor or executor_of("processes", ensemble.workers, None)

    def find() -> Result:
        with flags.progress("runs") as progress:
            return run_or_load(study, ensemble.runs, store, executor=executor, progress=progress, tell=flags.log)

    folder = store.path(study.question(ensemble.runs).id)
    with suppress(RunError):
        if folder.exists():
            return Asked(folder, question_of(folder), find)
    result = find()
    return Asked(store.path(result.question.id), result.question, lambda: result)


def read_back(folder: Path) -> Result:
    """The result in a run's folder."""
    from contingent.study import study  # the engines: only who looks inside a run pays for them

    return study.read_back(folder)


def load_or_run(
    asked: str, ensemble: Ensemble | Sample, place: Place, flags: Flags, executor: Executor | None = None
) -> Result:
    """The result of a scenario (run now, or read if it was run before) or of a finished run."""
    return ask(asked, ensemble, place, flags, executor).find()


def packed(value: Any) -> Any:
    """Dataclasses, mappings and sequences as JSON has them; a dataclass is an object that names its kind."""
    if is_dataclass(value):
        named = {field.name: packed(getattr(value, field.name)) for field in fields(value)}
        return {"": type(value).__name__, **named}
    if isinstance(value, Mapping):
        return {key: packed(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [packed(each) for each in value]
    return value.item() if hasattr(value, "item") else value  # a number of numpy's


def unpacked(value: Any, kinds: Mapping[str, type]) -> Any:
    """What was packed.

    Raises:
        ValueError: it names a kind that is none of `kinds`, or lacks one of its parts.
    """
    if isinstance(value, list):
        return tuple(unpacked(each, kinds) for each in value)
    if not isinstance(value, dict):
        return value
    parts = {key: unpacked(each, kinds) for key, each in value.items() if key}
    try:
        return kinds[value[""]](**parts) if "" in value else parts
    except (KeyError, TypeError) as error:
        raise ValueError(f"cannot be read back: {error}") from None
