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
from contingent.labels import CRITERION, OPTION, PHASE, RUN
from contingent.notation import write_estimate
from contingent.quantities import Z90, Estimate
from contingent.records import Record
from contingent.scenario.model import Scenario
from contingent.scenario.paths import children, join
from contingent.study.formulas import FORMULAS, Formula
from contingent.study.measures import result
from contingent.study.result import Result

LADDER = "outlook.reached"
PLANNED = ("force.required", "force.assigned", "force.shortfall")
SLIGHT = 0.005  # of a result: smaller differences are named, not told
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
    """One result on both sides. `low` to `high`: between which the difference, second less first, lies in nine runs of
    ten; `error`: the standard error of its mean.

    `better` is the share of paired runs in which the second is higher, `same` that in which both are equal; these and
    the error are not-a-number where runs are not paired.
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
    error: float

    @property
    def interval(self) -> tuple[float, float]:
        """The 90 % interval of the mean difference that the number of runs leaves open."""
        return self.mean - Z90 * self.error, self.mean + Z90 * self.error


def options_apart(found: Result, first: str, second: str) -> tuple[Difference, ...]:
    """Two options of one run, result by result, paired by run.

    Raises:
        InputError: the run has no such option.
    """
    for name in (first, second):
        if name not in found.options:
            raise InputError(
                f"run {found.question.id} has no option `{name}`; {did_you_mean(name, set(found.options))}"
            )
    return tuple(
        apart(
            f"{first} \u2192 {second}", name, unit, *(values.sel({OPTION: each}).to_numpy() for each in (first, second))
        )
        for name, (values, unit) in told(found).items()
        if name != LADDER
    )


def runs_apart(before: Result, after: Result) -> tuple[Difference, ...]:
    """Two runs, result by result and option by option; paired where seed and number of runs agree."""
    one, two, paired, found = told(before), told(after), same_ensemble(before, after), list[Difference]()
    for name in (name for name in one if name in two):
        (was, unit), (now, _) = one[name], two[name]
        for option in (option for option in was[OPTION].values if option in now[OPTION].values):
            sides = (each.sel({OPTION: option}).to_numpy() for each in (was, now))
            found.append(apart(str(option), name, unit, *sides, paired=paired))
    return tuple(found)


def sorted_out(found: Sequence[Difference], *, paired: bool = True) -> tuple[list[Difference], list[str], list[str]]:
    """The differences worth telling; the results that hardly differ, or no more than chance would make them; and those
    that are the same to the last bit.
    """
    moved = [d for d in found if d.same != 1]
    large = [d for d in moved if abs(d.mean) > SLIGHT * max(abs(d.first), abs(d.second))]
    large = [d for d in large if not paired or d.interval[0] > 0 or d.interval[1] < 0]
    told, still = {d.measure for d in large}, {d.measure for d in moved}
    return large, sorted(still - told), [n for n in dict.fromkeys(d.measure for d in found) if n not in still]


def told(found: Result, starts: tuple[str, ...] = ("",)) -> dict[str, tuple[xr.DataArray, str]]:
    """Every result that a change may move and whose name `starts` so, by name: over (option, run), and its unit.

    Of the ladder of the decision the rungs at each stage stand in place of options.
    """
    ladder = found.tables["outlook"]["reached"].stack({OPTION: ("rung", "stage")}, create_index=False)
    names = [f"{rung}, {stage}" for rung, stage in zip(ladder["rung"].values, ladder["stage"].values, strict=True)]
    rungs = ladder.drop_vars(("rung", "stage")).assign_coords({OPTION: names}).transpose(OPTION, RUN)
    there = {name: each for name, each in FORMULAS.items() if set(each.needs) <= found.scenario.parts}
    first = found.appraisal.first.reindex({OPTION: list(found.options)}).fillna(0.0).transpose(OPTION, RUN)
    criteria = {f"performance.{name}": (name, each.unit or "1") for name, each in found.scenario.criteria.items()
                if each.measure != "consultation.passes"}  # fmt: skip
    wanted = [name for name in (*there, *criteria) if name.startswith(starts)]
    rest = {LADDER: (rungs, "1"), "appraisal.first": (first, "1"), "appraisal.score": (found.appraisal.score, "1")}
    return {
        **{name: rest[name] for name in rest if name.startswith(starts) and name == LADDER},
        **{name: (result(name, found.evidence), there[name].unit) for name in wanted
           if name in there and there[name].criterion},
        **{name: (planned(found, there[name]), there[name].unit) for name in wanted if name in PLANNED},
        **{name: (found.performance.sel({CRITERION: criteria[name][0]}, drop=True), criteria[name][1])
           for name in wanted if name in criteria},
        **{name: rest[name] for name in rest if name.startswith(starts) and name != LADDER},
    }  # fmt: skip


def planned(found: Result, formula: Formula) -> xr.DataArray:
    """A result of the force plan over (option, run): that of the world each run is in; in the phase with most."""
    world, name = found.tables["worlds"]["world"], formula.array.partition(".")[2]
    rows = []
    for option in found.options:
        by_phase = {w: getattr(found.plans[option, w], name).transpose(PHASE, ...).to_numpy() for w in found.worlds}
        most = {w: max((float(each.sum()) for each in phases), default=0.0) for w, phases in by_phase.items()}
        rows.append([most[w] for w in world.to_numpy().tolist()])
    return xr.DataArray(rows, {OPTION: list(found.options), RUN: world[RUN]}, (OPTION, RUN))


def apart(option: str, name: str, unit: str, one: np.ndarray, two: np.ndarray, *, paired: bool = True) -> Difference:
    """One result's difference, run by run if paired, else of independent ensembles."""
    one, two = one.astype(float), two.astype(float)  # weekly tables are kept in single precision
    first, second = float(one.mean()), float(two.mean())
    better = same = error = float("nan")
    if paired:
        spread = two - one
        better, same = float((spread > 0).mean()), float((spread == 0).mean())
        error = float(spread.std(ddof=1) / np.sqrt(spread.size))
    else:
        spread = np.subtract.outer(np.quantile(two, GRID), np.quantile(one, GRID)).ravel()
    low, high = (float(q) for q in np.quantile(spread, [0.05, 0.95]))
    mean = float(spread.mean()) if paired else second - first
    return Difference(option, name, unit, first, second, mean, low, high, better, same, error)


def same_ensemble(before: Result, after: Result) -> bool:
    """Whether two runs may be paired: the same seed and number of runs looked at."""
    return (before.question.seed, before.question.sample) == (after.question.seed, after.question.sample)
