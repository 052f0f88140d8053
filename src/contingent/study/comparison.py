"""How do two scenarios differ, and two runs or two options of one run, run by run?

Paired comparison.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from pydantic_core import to_jsonable_python

from contingent.errors import InputError, did_you_mean
from contingent.labels import CRITERION, OPTION
from contingent.notation import write_estimate
from contingent.quantities import Estimate
from contingent.records import Record
from contingent.scenario.model import Scenario
from contingent.scenario.paths import children, join
from contingent.study.result import Result

GRID = np.linspace(0.005, 0.995, 100)  # quantiles that stand for an ensemble where runs cannot be paired


@dataclass(frozen=True, slots=True)
class Change:
    """One place at which two scenarios differ; None where one of them has nothing there."""

    path: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.path}: {shown(self.before)} \u2192 {shown(self.after)}"


def shown(value: Any) -> str:
    """A value of a scenario on one line."""
    if value is None:
        return "nothing"
    if isinstance(value, dict) and "best" in value:
        return str(value["best"])
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "..."


def changes(before: Scenario, after: Scenario) -> tuple[Change, ...]:
    """Every place at which two scenarios differ, in reading order; quotes, prose and the order of things included."""
    return tuple(_apart("", before, after))


def _apart(path: str, one: Any, two: Any) -> Iterator[Change]:
    if one is two:
        return
    ones, twos = named(one), named(two)
    if ones is None or twos is None:
        if one != two:
            yield Change(path, _plain(one), _plain(two))
        return
    for step in dict.fromkeys((*ones, *twos)):
        yield from _apart(join(path, step), ones.get(step), twos.get(step))
    if [step for step in ones if step in twos] != [step for step in twos if step in ones]:
        yield Change(path, ", ".join(ones), ", ".join(twos))


def named(node: Any) -> dict[str, Any] | None:
    """What stands below a node, by step; None for a single value and for a list whose items have no `id`."""
    if isinstance(node, tuple) and not (node and all(hasattr(item, "id") for item in node)):
        return None
    return dict(children(node)) if isinstance(node, Record | dict | tuple) else None


def _plain(value: Any) -> Any:
    """A part of a scenario as a file would hold it."""
    return write_estimate(value) if isinstance(value, Estimate) else to_jsonable_python(value)


KINDS = {
    "process.gates": "gate", "process.events": "event", "options": "option", "stakeholders": "stakeholder",
    "criteria": "criterion", "pledges": "pledge", "contributors": "contributor", "caveats": "caveat",
    "theatre.sectors": "sector", "mandate.tasks": "task", "mandate.phases": "phase", "issues": "issue",
}  # fmt: skip


def structure(found: Sequence[Change]) -> tuple[str, ...]:
    """What came and what went between two scenarios, in words: gates, events, options and the like."""
    told = []
    for change in found:
        where, _, name = change.path.rpartition(".")
        if where in KINDS and (change.before is None or change.after is None):
            what = change.after if change.before is None else change.before
            label = f" ({what['label']})" if isinstance(what, dict) and what.get("label") else ""
            told.append(f"{KINDS[where]} `{name}`{label} is {'new' if change.before is None else 'gone'}")
    return tuple(told)


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure on both sides. `mean`, `low`, `high` are of the difference second less first (90 % interval).

    `better` is the share of paired runs in which the second is higher, `same` that in which both are equal; both are
    not-a-number where runs are not paired.
    """

    option: str
    measure: str
    unit: str
    first: float
    second: float
    mean: float
    low: float
    high: float
    better: float
    same: float


def options_apart(result: Result, first: str, second: str) -> tuple[Difference, ...]:
    """Two options of one run, measure by measure, paired by run.

    Raises:
        InputError: the run has no such option.
    """
    for name in (first, second):
        if name not in result.options:
            raise InputError(
                f"run {result.question.id} has no option `{name}`; {did_you_mean(name, set(result.options))}"
            )
    one, two = measures(result, first), measures(result, second)
    return tuple(
        apart(f"{first} \u2192 {second}", name, unit, values, two[name][0]) for name, (values, unit) in one.items()
    )


def runs_apart(before: Result, after: Result) -> tuple[Difference, ...]:
    """Two runs, option by option and measure by measure; paired where seed and number of runs agree."""
    common = [option for option in after.options if option in before.options]
    paired = same_ensemble(before, after)
    found = []
    for option in common:
        one, two = measures(before, option), measures(after, option)
        found += [
            apart(option, name, unit, one[name][0], values, paired=paired)
            for name, (values, unit) in two.items()
            if name in one
        ]
    return tuple(found)


def measures(result: Result, option: str) -> dict[str, tuple[np.ndarray, str]]:
    """What an option is compared by: its chance of passing, its worth, and every criterion; each over (run)."""
    at = {OPTION: option}
    found: dict[str, tuple[np.ndarray, str]] = {
        "consultation.passes": (result.tables["consultation"]["passes"].sel(at).to_numpy(), "1"),
        "appraisal.score": (result.appraisal.score.sel(at).to_numpy(), "1"),
        "appraisal.first": (result.appraisal.first.reindex({OPTION: [option]}).fillna(0.0)[:, 0].to_numpy(), "1"),
    }
    for name, criterion in result.scenario.criteria.items():
        if criterion.measure != "consultation.passes":
            values: xr.DataArray = result.performance.sel({**at, CRITERION: name})
            found[f"performance.{name}"] = (values.to_numpy(), criterion.unit)
    return found


def apart(option: str, name: str, unit: str, one: np.ndarray, two: np.ndarray, *, paired: bool = True) -> Difference:
    """One measure's difference, run by run if paired, else of independent ensembles."""
    first, second = float(one.mean()), float(two.mean())
    if paired:
        difference = two - one
        low, high = (float(q) for q in np.quantile(difference, [0.05, 0.95]))
        better, same = float((difference > 0).mean()), float((difference == 0).mean())
    else:
        grid = np.subtract.outer(np.quantile(two, GRID), np.quantile(one, GRID)).ravel()
        low, high = (float(q) for q in np.quantile(grid, [0.05, 0.95]))
        better = same = float("nan")
    return Difference(option, name, unit, first, second, second - first, low, high, better, same)


def same_ensemble(before: Result, after: Result) -> bool:
    """Whether two runs may be paired: the same seed and number of runs."""
    return (before.question.seed, before.question.runs) == (after.question.seed, after.question.runs)
