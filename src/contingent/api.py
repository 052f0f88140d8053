"""What does a researcher hold in a notebook: a question to ask, and what was found?

The public interface. Both classes are those of `contingent.study`, typed up to the brief, and small to print.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from contingent.ensemble.execute import Executor, Progress, silent
from contingent.ensemble.summary import summarize
from contingent.errors import InputError
from contingent.labels import CRITERION, OPTION
from contingent.scenario.model import Scenario
from contingent.scenario.read import read
from contingent.study import result as found
from contingent.study import study as asked
from contingent.study.run_files import RunFiles
from contingent.study.store import Store

if TYPE_CHECKING:
    import pandas as pd

    from contingent.brief import Brief
    from contingent.brief.document.blocks import Figure
    from contingent.study.trace import Traced

__all__ = ["Result", "Study", "load"]

SEED = 20251028  # as the command line's
SHOWN = 10  # options, and criteria, that fit a screen


class Study(asked.Study):
    """A question to ask: a scenario, the options to compare, and the seed of every random number.

    Args:
        scenario: a scenario, the name of a shipped one, or the folder one is in.
        options: names of options of the scenario; one name alone is a list of one, none means all. The baseline
            is always compared with.
        seed: of every random number; not negative.

    Raises:
        InputError: there is no such scenario or option, or something else was given where one is wanted.
        ScenarioError: the scenario has faults.
    """

    __slots__ = ()

    def __init__(self, scenario: Scenario | str | Path, options: str | Iterable[str] = (), seed: int = SEED) -> None:
        if isinstance(seed, bool) or not isinstance(seed, int):
            raise InputError(f"seed: write a whole number, such as {SEED}; {seed!r} is none")
        super().__init__(_scenario(scenario), _names(options), seed)

    def run(
        self,
        runs: int = 2000,
        *,
        executor: Executor | None = None,
        progress: Progress = silent,
        files: RunFiles | None = None,
        since: found.Result | None = None,
    ) -> Result:
        """What `runs` runs find; the same question always gives the same numbers.

        Raises:
            InputError: fewer than 2 runs, or too many.
            RunError: some part of the ensemble failed.
        """
        if isinstance(runs, bool) or not isinstance(runs, int):
            raise InputError(f"runs: write a whole number, such as 2000; {runs!r} is none")
        return Result.of_study(super().run(runs, executor=executor, progress=progress, files=files, since=since))

    def __repr__(self) -> str:
        scenario = self.scenario
        return (
            f"Study of {scenario.name} as of {scenario.as_of}, seed {self.seed}\n{scenario.question}\n"
            f"options: {', '.join(self._names)}"
        )


class Result(found.Result):
    """What a study found; arrays have an `option` and a `run` dimension and are compared pairwise by run."""

    @classmethod
    def of_study(cls, result: found.Result) -> Result:
        """The same result, with the brief and the trace."""
        return cls(*(getattr(result, field.name) for field in fields(result)))

    def summary(self) -> pd.DataFrame:
        """The options, a row each: `passes` (mean probability), `first` (share of weights and runs), the criteria.

        A criterion has its median and, in the columns `NAME_low` and `NAME_high`, the 90 % interval over runs.
        Units of the columns are in `attrs["units"]`.
        """
        import pandas as pd

        columns: dict[str, list[float]] = {
            "passes": [float(self.consultation.acceptance.sel({OPTION: name})) for name in self.options],
            "first": [self.first(name) for name in self.options],
        }
        units = {"passes": "1", "first": "1"}
        for name, criterion in self.scenario.criteria.items():
            over = self.performance.sel({CRITERION: name})
            told = [summarize(over.sel({OPTION: option})) for option in self.options]
            columns[name] = [each.median for each in told]
            columns[f"{name}_low"] = [each.low for each in told]
            columns[f"{name}_high"] = [each.high for each in told]
            units |= dict.fromkeys((name, f"{name}_low", f"{name}_high"), criterion.unit or "1")
        table = pd.DataFrame(columns, index=pd.Index(self.options, name=OPTION))
        table.attrs["units"] = units
        return table

    def brief(self, *, language: str = "en", since: found.Result | None = None) -> Brief:
        """The decision brief, beside the result a reader saw last.

        Raises:
            InputError: no messages in that language, or too few runs to say anything of a spread.
        """
        from contingent.brief import compose

        return compose(self, language=language, since=since)

    def figure(self, name: str, /, *, language: str = "en") -> Figure:
        """One of the brief's figures: `.svg` is the picture, `.table` its numbers, `.reading` its words.

        Raises:
            InputError: there is no figure of that name (the message lists them), no messages in that language, or too
                few runs to say anything of a spread.
        """
        from contingent.brief import figure

        return figure(self, name, language=language)

    def figure_names(self) -> tuple[str, ...]:
        """The figures that there are, in the brief's order.

        Raises:
            InputError: too few runs to say anything of a spread.
        """
        from contingent.brief import figure_names

        return figure_names(self)

    def trace(self, name: str, /, **where: str) -> Traced:
        """What is behind a number such as `force.shortfall`: its formula, its inputs, their claims.

        Args:
            name: of a result, as the brief prints it.
            where: labels that narrow it down, such as `option="decline"` or `phase="entry"`.

        Raises:
            InputError: there is no such result, dimension or label; says what there is.
        """
        from contingent.study.trace import trace

        return trace(self, name, **where)

    def __repr__(self) -> str:
        question, best = self.question, self.appraisal.best
        table = self.summary()
        wide = max(len(name) for name in (*table.index[:SHOWN], *list(self.scenario.criteria)[:SHOWN]))
        lines = [
            f"Result {question.id} of {self.scenario.name}: {question.runs:,} runs, seed {question.seed}",
            self.scenario.question, "", f"{'':{wide}}  passes   first",
            *(
                f"{name:{wide}}  {row['passes']:6.1%}  {row['first']:6.1%}{'  most often first' * (name == best)}"
                for name, row in table[:SHOWN].iterrows()
            ),
            *_more(len(table), "options"), "", f"{best}, median and 90 % interval",
            *(
                f"{name:{wide}}  {_interval(table, best, name)} {criterion.unit}".rstrip()
                for name, criterion in list(self.scenario.criteria.items())[:SHOWN]
            ),
            *_more(len(self.scenario.criteria), "criteria"),
        ]  # fmt: skip
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """The options as a table, for notebooks."""
        question, table, best = self.question, self.summary(), self.appraisal.best
        criteria = list(self.scenario.criteria.items())[:SHOWN]
        heads = "".join(f"<th>{escape(c.label)}<br><small>{escape(c.unit)}</small></th>" for _, c in criteria)
        rows = ""
        for name, row in table[:SHOWN].iterrows():
            label = escape(self.scenario.options[str(name)].label)
            cells = "".join(f"<td>{_interval(table, str(name), criterion)}</td>" for criterion, _ in criteria)
            rows += (
                f"<tr><th title='{name}'>{label}{' (most often first)' * (name == best)}</th>"
                f"<td>{row['passes']:.1%}</td><td>{row['first']:.1%}</td>{cells}</tr>"
            )
        more = "".join(f"<p>{line}</p>" for line in _more(len(table), "options"))
        return (
            f"<p><b>{escape(self.scenario.question)}</b><br>Result {question.id} of {self.scenario.name}: "
            f"{question.runs:,} runs, seed {question.seed}; median (90 % interval)</p>"
            f"<table><thead><tr><th></th><th>passes</th><th>first</th>{heads}</tr></thead>"
            f"<tbody>{rows}</tbody></table>{more}"
        )


def load(run: str, folder: str | Path = "runs") -> Result:
    """A finished run, as `contingent run` keeps it, by its id or the beginning of it.

    Raises:
        RunError: there is no such run in the folder, or it is damaged or of another version.
    """
    return Result.of_study(asked.load(run, Store(Path(folder))))


def _scenario(given: object) -> Scenario:
    """The scenario that is meant."""
    if isinstance(given, Scenario):
        return given
    if isinstance(given, str | Path):
        return read(given)
    raise InputError(
        f'scenario: write a shipped name such as "isf_gaza", a folder, or `ct.read(...)`, not a {type(given).__name__}'
    )


def _names(given: object) -> tuple[str, ...]:
    """The options that are meant."""
    if isinstance(given, str):
        return (given,)
    if isinstance(given, Iterable):
        names = tuple(given)
        if all(isinstance(name, str) for name in names):
            return names
    raise InputError(f'options: write a name or a list of names, such as ["decline"], not {given!r}')


def _interval(table: pd.DataFrame, option: str, criterion: str) -> str:
    """`0.31 (0.01 to 0.95)`."""
    from contingent.brief.number import plain

    median, low, high = (plain(table.loc[option, f"{criterion}{which}"]) for which in ("", "_low", "_high"))
    return f"{median} ({low} to {high})"


def _more(count: int, what: str) -> list[str]:
    """What is said of those that are not shown."""
    return [f"... and {count - SHOWN} more {what}; `.summary()` has all"] if count > SHOWN else []
