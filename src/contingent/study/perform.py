"""One question answered and kept: run what is not there yet, store it part by part, hand back the result."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from contingent.ensemble.execute import Executor, Progress, silent
from contingent.errors import RunError
from contingent.study import plans
from contingent.study.question import Question
from contingent.study.result import Result
from contingent.study.store import Store, manifest_of, write_json
from contingent.study.study import Study
from contingent.study.tables import Tables


def perform(
    study: Study,
    runs: int,
    store: Store,
    *,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> Result:
    """The result of a study, stored under its id; a run that is there is read, one that was interrupted goes on."""
    question = study.question(runs)
    if question.id in store.ids():
        return load(question.id, store)
    scratch = store.folder / f".{question.id}.partial"
    scratch.mkdir(parents=True, exist_ok=True)
    write_json(scratch / "scenario.json", question.scenario.model_dump(mode="json"))
    result = study.run(runs, executor=executor, progress=progress, tables=Tables(scratch / "tables"))
    plans.write(scratch / "plans.json", result.plans)
    write_json(scratch / "influence.json", result.influence)
    write_json(scratch / "manifest.json", manifest_of(question))
    scratch.rename(store.path(question.id))
    return result


def load(run: str, store: Store) -> Result:
    """A finished run as a result; nothing is computed again that was stored.

    Raises:
        RunError: the run is missing, damaged or of another version.
    """
    question = store.question(store.resolve(run))
    folder = store.path(question.id)
    scenarios = {name: question.scenario.under(name) for name in question.options}
    return Result.of(question, scenarios, plans.read(folder / "plans.json"), Tables(folder / "tables").read())


def verify(question: Question, stored: Path, again: Result) -> None:
    """That a stored run and a new one are the same, bit by bit.

    Raises:
        RunError: names the first table that differs, and what else does.
    """
    kept = Tables(stored / "tables").read()
    if missing := sorted(set(again.tables) - set(kept)):
        raise RunError(f"{stored}: table {missing[0]} is missing; remove the run and run it again")
    apart = ", ".join(told(question.unlike(again.question))) or "code and libraries are the same"
    for name, table in kept.items():
        if name not in again.tables or not table.identical(again.tables[name]):
            raise RunError(
                f"{stored}: table {name} differs from a new run of {question.id} ({apart}); do not rely on it"
            )


def told(unlike: Mapping[str, tuple[str, str]]) -> list[str]:
    """What is not the same in two questions, the first of them stored, in words."""
    return [f"{name}: {then} then, {now} now" for name, (then, now) in unlike.items()]
