"""The whole question, start to end: one ensemble through all engines, options compared run by run.

Experiment, stored under the identity of its question.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import xarray as xr

from contingent.atomic import free, sole_writer
from contingent.consultation.happened import design_of
from contingent.ensemble.design import Design
from contingent.ensemble.execute import Executor, Progress, Serial, parts, silent
from contingent.errors import Complaint, ContingentError, InputError, RunError, ScenarioError, did_you_mean
from contingent.force import Plan
from contingent.labels import OPTION
from contingent.scenario.model import Scenario
from contingent.study.coupling import COLUMNS, Earlier, Failure, Job, attempt
from contingent.study.formulas import engine_faults, without_idle
from contingent.study.measures import Part, Spreads, gather, spreads
from contingent.study.planning import plan_all, remember
from contingent.study.question import Question
from contingent.study.result import Result
from contingent.study.run_files import MEND, PLANS, SUMMARY, RunFiles, part, spelt, stored, zipped
from contingent.study.store import Store, manifest_of, question_of
from contingent.study.worlds import in_world, worlds

LARGEST = 1_000_000  # runs: as far as docs/how-to/scale.md reckons time, memory and disk


@dataclass(frozen=True, slots=True)
class Study:
    """A scenario, the options to compare, and the seed of every random number.

    Criteria that ask for a result which this theatre does not have are left out (`formulas.without_idle`).

    Raises:
        InputError: an option that the scenario does not have.
        ScenarioError: the engines would refuse the scenario (`formulas.engine_faults`).
    """

    scenario: Scenario
    options: Sequence[str] = ()
    seed: int = 20251028
    _names: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        for name in self.options:
            if name not in self.scenario.options:
                raise InputError(f"there is no option `{name}`; {did_you_mean(name, set(self.scenario.options))}")
        if found := [Complaint("", 0, *fault) for fault in engine_faults(self.scenario)]:
            raise ScenarioError(found)
        object.__setattr__(self, "scenario", without_idle(self.scenario))
        asked = tuple(self.options) or tuple(self.scenario.options)
        baseline = () if self.scenario.baseline in asked else (self.scenario.baseline,)
        object.__setattr__(self, "_names", (*baseline, *asked))

    def question(self, runs: int) -> Question:
        """What a run of this study answers.

        Raises:
            InputError: fewer than 2 runs, or too many.
        """
        if not 2 <= runs <= LARGEST:
            raise InputError(f"--runs {runs}: must be between 2 and {LARGEST:,}")
        if self.seed < 0:
            raise InputError(f"--seed {self.seed}: must not be negative")
        return Question(self.scenario, self._names, self.seed, runs)

    def branches(self) -> tuple[dict[str, Scenario], dict[tuple[str, str], Scenario]]:
        """The scenario under each option, and under each option in each world, by (option, world)."""
        return branches(self.scenario, self._names)

    def run(
        self,
        runs: int = 2000,
        *,
        executor: Executor | None = None,
        progress: Progress = silent,
        files: RunFiles | None = None,
        since: Result | None = None,
    ) -> Result:
        """The result of `runs` runs; with `files`, every worker stores the parts that it does, and none is done twice.

        With `since`, an earlier result of the same seed and runs, what has the inputs that it had there is taken over.
        """
        question = self.question(runs)
        whole = design_of(self.scenario, self.seed, runs)
        options, in_worlds = self.branches()
        same = since and (since.question.seed, since.question.sample) == (self.seed, runs)
        earlier = (
            earlier_of(since) if since and same and not (self.scenario.happened or since.scenario.happened) else None
        )
        plans = files.plans() if files and files.sound(PLANS) else plan_all(in_worlds, earlier and earlier.planned)
        if files:
            files.keep_plans(plans)
        done = files.done if files else set()
        todo = [some for some in parts(whole) if int(some.index[0]) not in done]
        found, failed, finished = [], [], runs - sum(some.index.size for some in todo)
        progress(finished, runs)
        work = partial(
            _part, Job(self.scenario, options, in_worlds, plans, whole, earlier), files and files.folder.resolve()
        )
        for some, made in zip(todo, (executor or Serial()).map(work, todo), strict=True):
            if isinstance(made, Failure):
                failed.append(made)
                continue
            finished += some.index.size
            if files and isinstance(made, str):
                files.written(part(int(some.index[0])), made)
            else:
                found.append(made)
            progress(finished, runs)
        if failed:
            raise RunError(_told(failed, question.id, finished, runs, kept=files is not None))
        tables = gather(files.parts(question.sample) if files else found, question.sample)
        columns, known = tables.pop(COLUMNS, None), None
        if columns is not None:
            every = files.columns if files else lambda names: columns.sel({OPTION: names})
            known = spreads(every, list(options), len(self.scenario.criteria), runs)
        return Result.of(question, options, plans, tables, known)


def earlier_of(since: Result) -> Earlier:
    """A result as the ensemble of an earlier question; made once."""
    kept = vars(since)
    if "earlier" not in kept:  # as a cached property, of a result that knows nothing of this
        options, in_worlds = branches(since.scenario, since.options)
        remember(in_worlds, since.plans)
        kept["earlier"] = Earlier(Job(since.scenario, options, in_worlds, since.plans, since.design), since.tables)
    return kept["earlier"]


def _part(whole: Job, folder: Path | None, some: Design) -> Part | Failure | str:
    """One part of a job, or why there is none; of one stored in a run's folder, the digest and nothing else."""
    made = attempt(replace(whole, design=some, earlier=whole.earlier and whole.earlier.part(some)))
    if folder is None or isinstance(made, Failure):
        return made
    return stored(folder / part(int(some.index[0])), zipped(made))


def branches(base: Scenario, names: Sequence[str]) -> tuple[dict[str, Scenario], dict[tuple[str, str], Scenario]]:
    """A scenario under each of some options, and under each in each world, by (option, world)."""
    options, brought = {name: base.under(name) for name in names}, worlds(base)
    return options, {
        (option, world): in_world(scenario, overrides)
        for option, scenario in options.items()
        for world, overrides in brought.items()
    }


def _told(failed: list[Failure], run: str, finished: int, runs: int, *, kept: bool) -> str:
    """What to say of a run some parts of which failed: nothing is concluded from the rest."""
    lines = [f"runs {each.first} to {each.last} failed ({each.why})" for each in failed]
    mend = "the same command does only the missing ones again" if kept else "nothing was stored"
    return f"run {run}: {finished} of {runs} runs are done, no result is drawn from them; {mend}\n" + "\n".join(lines)


def run_or_load(
    study: Study, runs: int, store: Store, *, executor: Executor | None = None, progress: Progress = silent,
    tell: Callable[[str], None] = lambda _: None,
) -> Result:  # fmt: skip
    """The result of a study, stored under its id; a run that is there is read, one that was interrupted goes on.

    Of one that is damaged, only what is damaged is computed again. What is taken over is told.

    Raises:
        BusyError: another process is computing this very run.
    """
    question = study.question(runs)
    if (found := _sound(question, store, lambda _: None)) is not None:
        free(store.path(question.id))  # of one who was killed just after the run was whole
        return found
    with sole_writer(store.path(question.id)):
        if (found := _sound(question, store, tell)) is not None:  # another process was at it, and is done
            return found
        files = store.begin(question)
        if files.done:
            wanted = len(parts(Design(study.seed, runs)))
            tell(f"run {question.id} goes on: {len(files.done)} of {wanted} parts are stored")
        result = study.run(runs, executor=executor, progress=progress, files=files)
        files.put("influence.json", spelt(result.influence))
        if result.spreads:
            files.put(SUMMARY, spelt(result.spreads))
        store.finish(result.question, files)
        return result


def _sound(question: Question, store: Store, tell: Callable[[str], None]) -> Result | None:
    """The stored result of a question; None where there is none, or a damaged one, of which is told what is."""
    if not (folder := store.path(question.id)).exists():
        return None
    try:
        return read_back(folder)
    except RunError as error:
        tell(str(error).partition("; the same")[0] + "; computing that again")
        return None


def load(run: str, store: Store) -> Result:
    """A finished run as a result; nothing is computed again that was stored.

    Raises:
        RunError: the run is missing, damaged or of another version.
    """
    return read_back(store.find(run))


def read_back(folder: Path) -> Result:
    """The result in a run's folder.

    Raises:
        RunError: it is damaged or of another version.
    """
    asked = question_of(folder)
    scenarios = {name: asked.scenario.under(name) for name in asked.options}
    return Result.of(asked, scenarios, *kept(folder, asked))


def kept(folder: Path, asked: Question) -> tuple[dict[tuple[str, str], Plan], dict[str, xr.Dataset], Spreads]:
    """The plans of a finished run, the tables of its first runs, and of more runs than these their spreads.

    Raises:
        RunError: something is missing or damaged; names it.
    """
    stored, first = (
        RunFiles(folder, manifest_of(folder).digests),
        {int(some.index[0]) for some in parts(Design(asked.seed, asked.runs))},
    )
    if missing := sorted(first - stored.done):
        raise RunError(f"{folder / part(missing[0])}: is not in the manifest; {MEND}")
    try:
        stored.content("influence.json")
        tables = gather(stored.parts(asked.sample), asked.sample)
        known = json.loads(stored.content(SUMMARY)) if tables.pop(COLUMNS, None) is not None else {}
        return stored.plans(), tables, known
    except ContingentError:
        raise
    except Exception as error:  # whoever wrote it made the digests fit
        raise RunError(f"{folder}: holds what no run writes ({type(error).__name__}: {error}); {MEND}") from None


def verify(question: Question, stored: Path, again: Result) -> None:
    """That a stored run and a new one are the same, bit by bit.

    Raises:
        RunError: names the first table that differs, and what else does.
    """
    _, tables, known = kept(stored, question)
    apart = ", ".join(describe_differences(question.unlike(again.question))) or "code and libraries are the same"
    if spelt(known) != spelt(again.spreads):
        raise RunError(f"{stored}: the summary differs from a new run of {question.id} ({apart}); do not rely on it")
    for name in sorted(tables.keys() | again.tables.keys()):
        new = again.tables.get(name, xr.Dataset()).drop_vars("date", errors="ignore")
        if not tables.get(name, xr.Dataset()).identical(new):
            raise RunError(
                f"{stored}: table {name} differs from a new run of {question.id} ({apart}); do not rely on it"
            )


def describe_differences(unlike: Mapping[str, tuple[str, str]]) -> list[str]:
    """What is not the same in two questions, the first of them stored, in words."""
    return [f"{name}: {then} then, {now} now" for name, (then, now) in unlike.items()]
