"""The whole question, start to end: one ensemble through all engines, options compared run by run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from contingent.ensemble.design import Design
from contingent.ensemble.execute import Executor, Progress, Serial, parts, silent
from contingent.errors import InputError, RunError, did_you_mean
from contingent.scenario.model import Scenario
from contingent.study.job import Failure, Job, attempt, join
from contingent.study.planning import plan_all
from contingent.study.question import Question
from contingent.study.result import Result
from contingent.study.tables import Tables
from contingent.study.worlds import in_world, worlds

LARGEST = 1_000_000  # runs; beyond it the Latin hypercube's columns no longer fit the machine this is made for


@dataclass(frozen=True, slots=True)
class Study:
    """A scenario, the options to compare, and the seed of every random number.

    Raises:
        InputError: an option that the scenario does not have.
    """

    scenario: Scenario
    options: Sequence[str] = ()
    seed: int = 20251028
    _names: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        for name in self.options:
            if name not in self.scenario.options:
                raise InputError(f"there is no option `{name}`; {did_you_mean(name, set(self.scenario.options))}")
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
        options = {name: self.scenario.under(name) for name in self._names}
        brought = worlds(self.scenario)
        return options, {
            (option, world): in_world(scenario, overrides)
            for option, scenario in options.items()
            for world, overrides in brought.items()
        }

    def run(
        self,
        runs: int = 2000,
        *,
        executor: Executor | None = None,
        progress: Progress = silent,
        tables: Tables | None = None,
    ) -> Result:
        """The result of `runs` runs; with `tables`, every part is stored as it is finished and none is done twice."""
        question = self.question(runs)
        options, in_worlds = self.branches()
        plans = plan_all(in_worlds)
        todo = parts(Design(self.seed, runs))
        done = tables.done if tables else set()
        jobs = [Job(self.scenario, options, in_worlds, plans, part) for part in todo if int(part.index[0]) not in done]
        found, failed, finished = [], [], runs - sum(job.design.index.size for job in jobs)
        progress(finished, runs)
        for job, part in zip(jobs, (executor or Serial()).map(attempt, jobs), strict=True):
            if isinstance(part, Failure):
                failed.append(part)
                continue
            finished += job.design.index.size
            if tables:
                tables.write(part.tables, int(job.design.index[0]), runs)
            else:
                found.append(part)
            progress(finished, runs)
        if failed:
            raise RunError(_told(failed, question.id, finished, runs, kept=tables is not None))
        whole = tables.read() if tables else join(found)
        return Result.of(question, options, plans, whole)


def _told(failed: list[Failure], run: str, finished: int, runs: int, *, kept: bool) -> str:
    """What to say of a run some parts of which failed: nothing is concluded from the rest."""
    lines = [f"runs {each.first} to {each.last} failed ({each.why})" for each in failed]
    mend = "the same command does only the missing ones again" if kept else "nothing was stored"
    return f"run {run}: {finished} of {runs} runs are done, no result is drawn from them; {mend}\n" + "\n".join(lines)
