"""The whole question, start to end: one ensemble through all engines, options compared run by run.

Experiment, stored under the identity of its question.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from contingent.atomic import sole_writer
from contingent.ensemble.design import Design
from contingent.ensemble.execute import Executor, Progress, Serial, parts, silent
from contingent.errors import Complaint, InputError, RunError, ScenarioError, did_you_mean
from contingent.labels import RUN
from contingent.scenario.model import Scenario
from contingent.study.coupling import Earlier, Failure, Job, attempt, join
from contingent.study.formulas import engine_faults, without_idle
from contingent.study.planning import plan_all, remember
from contingent.study.question import Question
from contingent.study.result import Result
from contingent.study.run_files import Tables, read_plans, write_plans
from contingent.study.store import Store, manifest_of, write_json
from contingent.study.worlds import in_world, worlds

LARGEST = 1_000_000  # runs; beyond it the Latin hypercube's columns no longer fit the machine this is made for


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
        tables: Tables | None = None,
        since: Result | None = None,
    ) -> Result:
        """The result of `runs` runs; with `tables`, every part is stored as it is finished and none is done twice.

        With `since`, an earlier result of the same seed and runs, what has the inputs that it had there is taken over.
        """
        question = self.question(runs)
        options, in_worlds = self.branches()
        then = self._earlier(since, runs)
        plans = plan_all(in_worlds)
        todo = parts(Design(self.seed, runs))
        done = tables.done if tables else set()
        jobs = [
            Job(self.scenario, options, in_worlds, plans, part, then(part))
            for part in todo
            if int(part.index[0]) not in done
        ]
        found, failed, finished = [], [], runs - sum(job.design.index.size for job in jobs)
        progress(finished, runs)
        for job, part in zip(jobs, (executor or Serial()).map(attempt, jobs), strict=True):
            if isinstance(part, Failure):
                failed.append(part)
                continue
            finished += job.design.index.size
            if tables:
                tables.write(part, int(job.design.index[0]), runs)
            else:
                found.append(part)
            progress(finished, runs)
        if failed:
            raise RunError(_told(failed, question.id, finished, runs, kept=tables is not None))
        whole = tables.read() if tables else join(found)
        return Result.of(question, options, plans, whole)

    def _earlier(self, since: Result | None, runs: int) -> Callable[[Design], Earlier | None]:
        """What an earlier result found in a part of the ensemble; nothing where its draws are others."""
        if since is None or (since.question.seed, since.question.runs) != (self.seed, runs):
            return lambda _: None
        options, in_worlds = branches(since.scenario, since.options)
        remember(in_worlds, since.plans)

        def of(part: Design) -> Earlier:
            rows = {name: table.isel({RUN: part.index}) for name, table in since.tables.items() if RUN in table.dims}
            return Earlier(Job(since.scenario, options, in_worlds, since.plans, part), rows)

        return of


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
    study: Study, runs: int, store: Store, *, executor: Executor | None = None, progress: Progress = silent
) -> Result:
    """The result of a study, stored under its id; a run that is there is read, one that was interrupted goes on.

    Raises:
        BusyError: another process is computing this very run.
    """
    question = study.question(runs)
    if question.id in store.ids():
        return load(question.id, store)
    with sole_writer(store.path(question.id)):
        if question.id in store.ids():  # another process was at it, and is done
            return load(question.id, store)
        scratch = store.folder / f".{question.id}.partial"
        scratch.mkdir(parents=True, exist_ok=True)
        write_json(scratch / "scenario.json", question.scenario.model_dump(mode="json"))
        result = study.run(runs, executor=executor, progress=progress, tables=Tables(scratch / "tables"))
        write_plans(scratch / "plans.json", result.plans)
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
    return Result.of(question, scenarios, read_plans(folder / "plans.json"), Tables(folder / "tables").read())


def verify(question: Question, stored: Path, again: Result) -> None:
    """That a stored run and a new one are the same, bit by bit.

    Raises:
        RunError: names the first table that differs, and what else does.
    """
    kept = Tables(stored / "tables").read()
    if missing := sorted(set(again.tables) - set(kept)):
        raise RunError(f"{stored}: table {missing[0]} is missing; remove the run and run it again")
    apart = ", ".join(describe_differences(question.unlike(again.question))) or "code and libraries are the same"
    for name, table in kept.items():
        if name not in again.tables or not table.identical(again.tables[name].drop_vars("date", errors="ignore")):
            raise RunError(
                f"{stored}: table {name} differs from a new run of {question.id} ({apart}); do not rely on it"
            )


def describe_differences(unlike: Mapping[str, tuple[str, str]]) -> list[str]:
    """What is not the same in two questions, the first of them stored, in words."""
    return [f"{name}: {then} then, {now} now" for name, (then, now) in unlike.items()]
