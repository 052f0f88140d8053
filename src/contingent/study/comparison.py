"""How do two runs, or two options of one run, differ, run by run?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from contingent.consultation.consult import consult
from contingent.ensemble.design import Design
from contingent.errors import InputError, did_you_mean
from contingent.labels import CRITERION, OPTION
from contingent.scenario.model import Scenario
from contingent.study.attribution import EXACT, Change, changes, grouped, mixed, shapley
from contingent.study.result import Result

ATTRIBUTION_RUNS = 500  # of each step of the attribution: sixteen steps of four groups of changes


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
        "appraisal.first": (result.appraisal.first.sel(at).to_numpy(), "1"),
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


GRID = np.linspace(0.005, 0.995, 100)  # quantiles that stand for an ensemble where runs cannot be paired


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
        return np.array([float(consult(scenario.under(name), name, design).passes.mean()) for name in common])

    carried = shapley(list(moving), worth, after.question.seed)
    parts = [Part(name, moving[name], dict(zip(common, map(float, carried[name]), strict=True))) for name in moving]
    return tuple(sorted(parts, key=lambda part: -max(abs(value) for value in part.carried.values())))


PROSE = ("claims", "documents", "unmodelled", "dissent", "title", "question", "marking")
"""Parts of a scenario that set no number by themselves."""


def same_ensemble(before: Result, after: Result) -> bool:
    """Whether two runs may be paired: the same seed and number of runs."""
    return (before.question.seed, before.question.runs) == (after.question.seed, after.question.runs)


def steps(found: Sequence[Change]) -> int:
    """How many scenarios an attribution of these changes runs, at most."""
    groups = len(grouped(found))
    return 2**groups if groups <= EXACT else 6 * groups + 1
