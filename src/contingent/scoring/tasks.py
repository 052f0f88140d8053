"""Which backtest tasks are there, where do their data lie, and what does one report?

Registry of backtests by entry point; the record that every one comes to.

An engine registers a task as an entry point of the group `contingent.backtest`: a function from a path to a
`Scorecard`. Other packages may register theirs in the same way. In a folder that holds the data of several tasks a
task's own lie under its name, or where `backtest_task` says.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import entry_points
from importlib.resources import files
from inspect import signature
from math import isfinite
from pathlib import Path
from typing import Any

from contingent.errors import ContingentError, InputError, did_you_mean
from contingent.scoring.scores import Score, Scores

BETTER = {
    ("brier", "log_score", "crps", "mae", "calibration_error"): -1,
    ("auc", "hit", "accuracy", "recall", "precision"): 1,
}
"""Which way a score is better, by words of its name; others are told and not judged."""
FEWEST = 5  # clusters for anything to be clear: that four agree happens by luck once in eight, five once in sixteen


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The result of one backtest task.

    `scores` are ours, `baselines` the same scores of simpler forecasts on the same cases;
    `cutoff` says in words which cases could not be seen while fitting, `fit` in which of its ways a task was fitted.
    """

    task: str
    data_sha256: str
    cutoff: str
    n: int
    scores: Scores = field(default_factory=dict)
    baselines: Mapping[str, Scores] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    fit: str = ""
    forecasts: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    """Of a chance, what was said of each case from those before it alone: columns `month` (2006-08), `said` and `base`
    (0 to 1), `came` (0 or 1).
    """

    @property
    def differences(self) -> dict[str, Scores]:
        """Of every score of the same cases in a baseline: ours less theirs."""
        found: dict[str, Scores] = {}
        for baseline, scores in self.baselines.items():
            for name, theirs in scores.items():
                if name in self.scores and (apart := self.scores[name].less(theirs)):
                    found.setdefault(baseline, {})[name] = apart
        return found

    @property
    def verdicts(self) -> dict[str, list[str]]:
        """Which scores beside which baselines are `won` or `lost`: of proper scores and errors by value, lower is won.

        `clearly_won` and `clearly_lost` are those among them whose difference's interval leaves out 0 and has at least
        `FEWEST` clusters behind it.
        """
        differences = self.differences
        found: dict[str, list[str]] = {"won": [], "lost": [], "clearly_won": [], "clearly_lost": []}
        for baseline, scores in self.baselines.items():
            for name, theirs in scores.items():
                ours = self.scores.get(name, theirs)
                way = next((sign for words, sign in BETTER.items() if any(word in name for word in words)), 0)
                if not way or not isfinite(ours.value - theirs.value) or ours is theirs:
                    continue
                kind = "won" if way * (ours.value - theirs.value) > 0 else "lost"
                found[kind].append(f"{name} beside {baseline}")
                apart = differences.get(baseline, {}).get(name)
                if apart and apart.drawn and apart.low * apart.high > 0 and len(set(apart.drawn[1])) >= FEWEST:
                    found[f"clearly_{kind}"].append(found[kind][-1])
        return found

    @property
    def seen(self) -> bool:
        """Whether the data are some that whoever built this had at hand, by their fingerprint."""
        return any(one["seen"] and one["data_sha256"] == self.data_sha256 for one in kept())

    def to_dict(self) -> dict[str, Any]:
        """The record as plain values; a number that does not exist is null, never NaN."""
        return {
            "task": self.task, "fit": self.fit, "data_sha256": self.data_sha256, "cutoff": self.cutoff, "n": self.n,
            "scores": _plain(self.scores), "baselines": {name: _plain(each) for name, each in self.baselines.items()},
            "differences": {name: _plain(each) for name, each in self.differences.items()}, **self.verdicts,
            "seen": self.seen, **({"notes": list(self.notes)} if self.notes else {}),
            **({"forecasts": {name: list(each) for name, each in self.forecasts.items()}} if self.forecasts else {}),
        }  # fmt: skip

    def to_text(self) -> str:
        """The record as a table for people: every score beside its baselines, a loss printed as a loss."""
        differences, lost = self.differences, self.verdicts["lost"]
        lines = [f"{self.task}{self.fit and f', {self.fit}'}: {self.n} cases; {self.cutoff}"]
        for name, score in self.scores.items():
            lines.append(f"  {name:<28} {_shown(score)}")
            beside = ((baseline, scores[name]) for baseline, scores in self.baselines.items() if name in scores)
            for baseline, theirs in beside:
                apart = differences.get(baseline, {}).get(name)
                told = f"; difference {_shown(apart)}" if apart else ""
                told += "; LOST" * (f"{name} beside {baseline}" in lost)
                lines.append(f"    {baseline:<26} {_shown(theirs)}{told}")
        if self.seen:
            lines.append("  seen: these data were at hand while this was built; it is no score of foresight")
        return "\n".join([*lines, *(f"  note: {note}" for note in self.notes)])


def _shown(score: Score) -> str:
    if not isfinite(score.value):
        return "-"
    interval = f"  ({score.low:.4g} to {score.high:.4g})" if isfinite(score.low) and score.low != score.high else ""
    return f"{score.value:.4g}{interval}"


def kept() -> list[dict[str, Any]]:
    """The records of the backtests as they were last kept, by `python benchmarks/track_record.py`."""
    return json.loads((files("contingent.scoring") / "records.json").read_text("utf-8"))


def _plain(scores: Scores) -> dict[str, dict[str, float | None]]:
    parts = {name: {key: getattr(score, key) for key in ("value", "low", "high")} for name, score in scores.items()}
    return {name: {key: x if isfinite(x) else None for key, x in each.items()} for name, each in parts.items()}


GROUP = "contingent.backtest"
OWN = ("missions",)  # scored on the bank that ships where a folder has none
Task = Callable[..., Scorecard]
"""From a path to a record; a task that can be fitted in several ways takes `fit` as well."""


def backtest_task(*, data: str, predict: Callable[..., Any] | None = None) -> Callable[[Task], Task]:
    """Say where a task's data lie in a folder that holds the data of all: a glob pattern from there, as `quotes/*`.

    `predict` forecasts a file without answers from the data (two paths), as a table with a method `to_csv`.
    """

    def mark(task: Task) -> Task:
        vars(task)["data_pattern"] = data
        vars(task)["predict"] = predict
        return task

    return mark


def task_names() -> list[str]:
    """The names of all registered tasks, in alphabetical order."""
    return sorted(entry_points(group=GROUP).names)


def task_of(name: str) -> Task:
    """A task by its name.

    Raises:
        InputError: no such task.
    """
    if name not in task_names():
        raise InputError(f"no backtest task `{name}`; {did_you_mean(name, [*task_names(), 'all'])}")
    return entry_points(group=GROUP)[name].load()


def ways(name: str) -> tuple[str, ...]:
    """What `fit` may be for a task: nothing where it is fitted in one way only."""
    return ("folds", "shipped") if "fit" in signature(task_of(name)).parameters else ()


def run_task(name: str, data: Path, fit: str = "") -> Scorecard:
    """The record of one task on the data at a path; or in a folder that holds the data of several tasks.

    `fit` says what is fitted on what, where a task has several ways; "" is the task's own.

    Raises:
        InputError: no such task, nothing at that path, or a way to fit that the task does not have.
        DataError: the data do not have the layout the task documents.
    """
    task = task_of(name)
    if not data.exists():
        raise InputError(f"--data {data}: there is nothing there")
    place = data_of(name, data) or data
    if not fit:
        return task(place)
    if not ways(name):
        raise InputError(f"--fit {fit}: the task {name} is fitted in one way only; leave --fit out")
    return replace(task(place, fit=fit), fit=fit)


def run_all(data: Path, fit: str = "") -> Iterator[Scorecard]:
    """The record of every task in a folder that holds the data of several; one of no case where a task has none.

    A task of several ways is run in the one that `fit` names, else in each.

    Raises:
        InputError: the folder holds the data of no task, or no task is fitted so.
    """
    if not any(data_of(name, data) for name in task_names()):
        raise InputError(f"--data {data}: holds the data of no task; tasks are {', '.join(task_names())}")
    if fit and not any(fit in ways(name) for name in task_names()):
        raise InputError(f"--fit {fit}: no task is fitted so; leave --fit out, and each is run in all of its ways")
    for name in task_names():
        for way in (fit,) if fit in ways(name) else ways(name) or ("",):
            why = "no data of it in this folder"
            try:
                if data_of(name, data) or name in OWN:
                    yield run_task(name, data, way)
                    continue
            except ContingentError as error:
                why = str(error)
            yield Scorecard(name, "", f"left out: {why}", 0, fit=way)


def predict_task(name: str, data: Path, file: Path) -> Any:
    """The forecasts of one task for a file without answers, as a table.

    Raises:
        InputError: no such task, nothing at a path, or the task forecasts no file.
        DataError: the data do not have the layout the task documents.
    """
    predict = getattr(task_of(name), "predict", None)
    if predict is None:
        able = [other for other in task_names() if getattr(task_of(other), "predict", None)]
        raise InputError(f"--predict: the task {name} forecasts no file; {', '.join(able)} does")
    for flag, path in (("--data", data), ("--predict", file)):
        if not path.exists():
            raise InputError(f"{flag} {path}: there is nothing there")
    return predict(data_of(name, data) or data, file)


def data_of(name: str, folder: Path) -> Path | None:
    """Where a task's data lie in a folder that holds the data of several tasks; None if it does not hold them."""
    if not folder.is_dir():
        return None
    patterns = (name, getattr(task_of(name), "data_pattern", name))
    return next((path for pattern in patterns for path in sorted(folder.glob(pattern))), None)
