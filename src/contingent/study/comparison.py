"""How do two runs, or two options of one run, differ, run by run, and which changed assumptions carry it?

Paired comparison and Shapley attribution: the difference is given to the changed assumptions by Shapley's value over
the order in which they are changed (Shapley 1953), exact up to `EXACT` groups, else the mean over permutations. Every
step is run with the same seed, so that only the change shows.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import xarray as xr
from pydantic_core import to_jsonable_python

from contingent.consultation.consult import deliberate
from contingent.ensemble.design import Design
from contingent.errors import InputError, did_you_mean
from contingent.labels import CRITERION, OPTION
from contingent.notation import write_estimate
from contingent.quantities import Estimate
from contingent.records import Record
from contingent.scenario.model import Scenario
from contingent.scenario.paths import children, join
from contingent.streams import Streams
from contingent.study.result import Result

EXACT = 4  # groups of changes up to which every order is taken: sixteen scenarios
ORDERS = 6  # permutations beyond that
ATTRIBUTION_RUNS = 500  # of each step of the attribution: sixteen steps of four groups of changes
GRID = np.linspace(0.005, 0.995, 100)  # quantiles that stand for an ensemble where runs cannot be paired
PROSE = ("claims", "documents", "unmodelled", "dissent", "title", "question", "marking")
"""Parts of a scenario that set no number by themselves."""


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
    ones, twos = _named(one), _named(two)
    if ones is None or twos is None:
        if one != two:
            yield Change(path, _plain(one), _plain(two))
        return
    for step in dict.fromkeys((*ones, *twos)):
        yield from _apart(join(path, step), ones.get(step), twos.get(step))
    if [step for step in ones if step in twos] != [step for step in twos if step in ones]:
        yield Change(path, ", ".join(ones), ", ".join(twos))


def _named(node: Any) -> dict[str, Any] | None:
    """What stands below a node, by step; None for a single value and for a list whose items have no `id`."""
    if isinstance(node, tuple) and not (node and all(hasattr(item, "id") for item in node)):
        return None
    return dict(children(node)) if isinstance(node, Record | dict | tuple) else None


def _plain(value: Any) -> Any:
    """A part of a scenario as a file would hold it."""
    return write_estimate(value) if isinstance(value, Estimate) else to_jsonable_python(value)


def grouped(found: Sequence[Change]) -> dict[str, tuple[Change, ...]]:
    """Changes of one record together: a stakeholder, a pledge, a gate."""
    groups: dict[str, list[Change]] = {}
    for change in found:
        groups.setdefault(".".join(change.path.split(".")[:2]), []).append(change)
    return {name: tuple(members) for name, members in groups.items()}


def mixed(before: Scenario, after: Scenario, names: Sequence[str]) -> Scenario:
    """The earlier scenario with the named groups of changes taken over from the later one."""
    values, target = dict(children(before)), dict(children(after))
    for name in names:
        top, _, item = name.partition(".")
        values[top] = _spliced(values[top], target[top], item) if item else target[top]
    return Scenario.model_validate(values)


def _spliced(base: Any, target: Any, item: str) -> Any:
    """A part of a scenario with one of its items as in the target, in its place; a list without ids is taken over."""
    ones, twos = _named(base), _named(target)
    if ones is None or twos is None:
        return target
    order = [step for step in ones if step != item or step in twos]
    if item in twos and item not in ones:
        before = [order.index(step) + 1 for step in list(twos)[: list(twos).index(item)] if step in ones]
        order.insert(max(before, default=0), item)
    found = {step: twos[step] if step == item else ones[step] for step in order}
    if isinstance(base, Record):
        return type(base).model_validate(found)
    return tuple(found.values()) if isinstance(base, tuple) else found


def shapley(names: Sequence[str], worth: Callable[[frozenset[str]], np.ndarray], seed: int) -> dict[str, np.ndarray]:
    """What each group of changes carries of `worth(all) - worth(none)`; the parts add up to the whole.

    `worth` gives the outcome, any shape, once the named groups are changed; it is asked once for each set.
    """
    known: dict[frozenset[str], np.ndarray] = {}

    def at(subset: frozenset[str]) -> np.ndarray:
        if subset not in known:
            known[subset] = np.asarray(worth(subset), dtype=float)
        return known[subset]

    if len(names) <= EXACT:
        return {name: _exact(name, [n for n in names if n != name], at) for name in names}
    rng = Streams(seed)("study.attribution")
    total: dict[str, np.ndarray] = {name: np.zeros_like(at(frozenset())) for name in names}
    for _ in range(ORDERS):
        done: frozenset[str] = frozenset()
        for index in rng.permutation(len(names)).tolist():
            name: str = list(names)[index]
            following = done | {name}
            total[name] = total[name] + at(following) - at(done)
            done = following
    return {name: part / ORDERS for name, part in total.items()}


def _exact(name: str, others: Sequence[str], at: Callable[[frozenset[str]], np.ndarray]) -> np.ndarray:
    n = len(others) + 1
    total = np.zeros_like(at(frozenset()))
    for size in range(n):
        weight = factorial(size) * factorial(n - size - 1) / factorial(n)
        for subset in combinations(others, size):
            total = total + weight * (at(frozenset((*subset, name))) - at(frozenset(subset)))
    return total


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


@dataclass(frozen=True, slots=True)
class Part:
    """What one group of changed assumptions carries of the difference in the chance of passing, by option."""

    group: str
    changes: tuple[Change, ...]
    carried: dict[str, float]


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


def attribute(before: Result, after: Result, *, runs: int = ATTRIBUTION_RUNS) -> tuple[Part, ...]:
    """Which changed assumptions carry the difference in each option's chance of passing, largest first.

    Both scenarios, and the steps between them, are consulted again with the later run's seed and `runs` runs, so
    the parts add up to the difference at that number of runs. Passing depends on the consultation alone.
    """
    found = grouped(changes(before.scenario, after.scenario))
    moving = {name: members for name, members in found.items() if not name.startswith(PROSE)}
    common = [option for option in after.options if option in before.options]
    if not moving or not common:
        return ()

    design = Design(after.question.seed, runs)

    def worth(names: frozenset[str]) -> np.ndarray:
        scenario: Scenario = mixed(before.scenario, after.scenario, sorted(names))
        talks = deliberate(scenario, design)
        return np.array([float(talks.consultation(name).passes.mean()) for name in common])

    carried = shapley(list(moving), worth, after.question.seed)
    parts = [Part(name, moving[name], dict(zip(common, map(float, carried[name]), strict=True))) for name in moving]
    return tuple(sorted(parts, key=lambda part: -max(abs(value) for value in part.carried.values())))


def same_ensemble(before: Result, after: Result) -> bool:
    """Whether two runs may be paired: the same seed and number of runs."""
    return (before.question.seed, before.question.runs) == (after.question.seed, after.question.runs)


def steps(found: Sequence[Change]) -> int:
    """How many scenarios an attribution of these changes runs, at most."""
    groups = len(grouped(found))
    return 2**groups if groups <= EXACT else 6 * groups + 1
