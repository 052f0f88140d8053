"""What does a change do to every result of a question, and through which steps?

Paired counterfactual: the same draws with and without the change, so that only the change shows; what has the inputs
that it had is taken over to the last bit.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from ruamel.yaml import YAML, YAMLError

from contingent.errors import InputError, did_you_mean
from contingent.labels import CRITERION, OPTION, RUN
from contingent.quantities import Z90, Estimate
from contingent.scenario.model import Scenario
from contingent.scenario.paths import children, matching, value_at
from contingent.study.formulas import FORMULAS, Formula
from contingent.study.measures import result, together
from contingent.study.result import Result
from contingent.study.study import Study

PLANNED = ("force.required", "force.assigned", "force.shortfall")
STEPS = {
    "the decision": ("consultation", "outlook"), "the force": ("deployment",),
    "the ground": ("weekly", "sectors", "contributors"),
}  # fmt: skip
"""The steps of a study, each with the tables that it fills."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One result under one option, before and after a change.

    `value`: the mean difference; `low`, `high`: its 90 % interval by the Monte Carlo error of paired runs.
    `run_low`, `run_high`: between which the difference lies in nine runs of ten. All nought where no bit moved.
    """

    result: str
    option: str
    unit: str
    before: float
    after: float
    value: float
    low: float
    high: float
    run_low: float
    run_high: float

    @classmethod
    def of(cls, name: str, option: str, unit: str, one: np.ndarray, two: np.ndarray) -> Effect:
        """The effect on a result that was `one` in every run and is `two`; (run,) each."""
        ends = float(np.nanmean(one)), float(np.nanmean(two))
        if np.array_equal(one, two, equal_nan=True):
            return cls(name, option, unit, *ends, 0.0, 0.0, 0.0, 0.0, 0.0)
        moved = (two - one)[~np.isnan(two - one)]
        error = float(moved.std(ddof=1) / np.sqrt(moved.size)) if moved.size > 1 else 0.0
        mean, spread = float(moved.mean()), np.quantile(moved, [0.05, 0.95])
        return cls(name, option, unit, *ends, mean, mean - Z90 * error, mean + Z90 * error, *map(float, spread))


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A result, the same with a change made, and what the change does."""

    before: Result
    after: Result
    changes: Mapping[str, Any]
    effects: tuple[Effect, ...]

    @property
    def unchanged(self) -> tuple[str, ...]:
        """The results in which no bit moved under any option."""
        moved = {each.result for each in self.effects if not unmoved(each)}
        return tuple(dict.fromkeys(each.result for each in self.effects if each.result not in moved))

    @property
    def values(self) -> dict[str, dict[str, dict[str, Any]]]:
        """`before`, `after` and `difference` of every result under every option, as plain values."""
        found: dict[str, dict[str, dict[str, Any]]] = {"before": {}, "after": {}, "difference": {}}
        for each in self.effects:
            found["before"].setdefault(each.result, {})[each.option] = each.before
            found["after"].setdefault(each.result, {})[each.option] = each.after
            found["difference"].setdefault(each.result, {})[each.option] = {
                key: getattr(each, key) for key in ("value", "low", "high", "run_low", "run_high", "unit")
            }
        return found

    @property
    def through(self) -> tuple[str, ...]:
        """The steps by which the change comes to the results: those whose tables are not what they were."""
        one, two = self.before.tables, self.after.tables
        found = [step for step, tables in STEPS.items() if any(not one[name].equals(two[name]) for name in tables)]
        plans = {key for key in self.before.plans.keys() & self.after.plans.keys()
                 if not self.before.plans[key].assigned.equals(self.after.plans[key].assigned)}  # fmt: skip
        judged = not self.before.performance.equals(self.after.performance) and not found
        weighed = not self.before.appraisal.weights.equals(self.after.appraisal.weights)
        more = [("the plan of the force", plans), ("judgements", judged), ("what is said of weights", weighed)]
        return (*found, *(step for step, is_so in more if is_so))


def unmoved(effect: Effect) -> bool:
    """Whether an effect is none, to the last bit."""
    return effect.value == effect.low == effect.high == effect.run_low == effect.run_high == 0.0


def what_if(before: Result, changes: Mapping[str, Any]) -> WhatIf:
    """A result's question asked again with other values at dotted paths; see `asked` for how changes are written.

    Raises:
        ScenarioError: everything that is wrong with the changes, or with the scenario after them.
    """
    scenario = before.scenario.with_(changes)
    options = [name for name in before.options if name in scenario.options]
    added = [name for name in scenario.options if name not in before.scenario.options]
    question = before.question
    after = Study(scenario, (*options, *added), question.seed).run(question.runs, since=before)
    one, two, effects = told(before), told(after), list[Effect]()
    for name in (name for name in one if name in two):
        (was, unit), (now, _) = one[name], two[name]
        for option in (option for option in was[OPTION].values if option in now[OPTION].values):
            sides = (each.sel({OPTION: option}).to_numpy() for each in (was, now))
            effects.append(Effect.of(name, str(option), unit, *sides))
    return WhatIf(before, after, changes, tuple(effects))


def told(found: Result) -> dict[str, tuple[xr.DataArray, str]]:
    """Every result that a change may move, by name: over (option, run), and its unit.

    Of the ladder of the decision (`outlook.reached`) the rungs at each stage stand in place of options.
    """
    parts, rows = found.scenario.parts, {}
    ladder = found.tables["outlook"]["reached"].stack({OPTION: ("rung", "stage")}, create_index=False)
    names = [f"{rung}, {stage}" for rung, stage in zip(ladder["rung"].values, ladder["stage"].values, strict=True)]
    rows["outlook.reached"] = (
        ladder.drop_vars(("rung", "stage")).assign_coords({OPTION: names}).transpose(OPTION, RUN),
        "1",
    )
    for name, formula in FORMULAS.items():
        if formula.criterion and set(formula.needs) <= parts:
            rows[name] = result(name, found.evidence), formula.unit
    rows |= {name: (planned(found, FORMULAS[name]), FORMULAS[name].unit) for name in PLANNED}
    for name, criterion in found.scenario.criteria.items():
        rows[f"performance.{name}"] = found.performance.sel({CRITERION: name}, drop=True), criterion.unit or "1"
    first = found.appraisal.first.reindex({OPTION: list(found.options)}).fillna(0.0)
    rows["appraisal.first"] = first.transpose(OPTION, RUN), "1"
    rows["appraisal.score"] = found.appraisal.score, "1"
    return rows


def planned(found: Result, formula: Formula) -> xr.DataArray:
    """A result of the force plan over (option, run): that of the world each run is in."""
    array, world = found.force[formula.array.partition(".")[2]], found.tables["worlds"]["world"]
    by_world = [together(array.sel(world=name, drop=True), formula.over) for name in found.worlds]
    return xr.concat(by_world, xr.Variable("world", list(found.worlds))).sel(world=world).transpose(OPTION, RUN)


def asked(scenario: Scenario, texts: Sequence[str]) -> dict[str, Any]:
    """Changes as they are written, `PATH=VALUE`, by path: a step `*` stands for any one step.

    A value is written as in a scenario file; `none` takes an entry away, and `x2` doubles a number,
    interval and all.

    Raises:
        InputError: everything in the texts that is no change, or stands for nothing in the scenario.
    """
    found: dict[str, Any] = {}
    faults = []
    for text in texts:
        pattern, is_change, value = (part.strip() for part in text.partition("="))
        if not (pattern and is_change and value):
            faults.append(
                f"{text}: write PATH=VALUE, such as stakeholders.*.capability=50 or process.deadline='90 days'"
            )
            continue
        try:
            read = YAML(typ="safe").load(value)
        except YAMLError:
            faults.append(f"{text}: the value is no YAML; text with a colon or a bracket needs quotes")
            continue
        paths = list(matching(scenario, pattern)) if "*" in pattern else [pattern]
        if not paths:
            step = pattern.partition(".")[0]
            faults.append(
                f"{pattern}: stands for nothing; {did_you_mean(step, [name for name, _ in children(scenario)])}"
            )
        for path in paths:
            if path in found:
                faults.append(f"{path}: is changed twice; say it once")
            found[path] = read
            if isinstance(read, str) and read[:1] == "x" and _is_number(read[1:]):
                now, factor = _at(scenario, path), float(read[1:])
                if isinstance(now, Estimate):
                    found[path] = _times(now, factor)
                elif isinstance(now, int | float) and not isinstance(now, bool):
                    found[path] = now * factor
                else:
                    faults.append(f"{path}: {read} multiplies a number, and none stands there")
    if faults:
        raise InputError("\n".join(faults))
    return found


def designs(scenario: Scenario, file: Path) -> dict[str, dict[str, Any]]:
    """The changes that a file asks for, by the name of each design.

    A `.csv` has a path at the head of every column and a design in every row; a column `design` names them. In YAML, a
    list has a mapping of paths to values for each design, and a mapping of paths to lists is every combination.

    Raises:
        InputError: the file is none of these, or stands for nothing in the scenario; says what and where.
    """
    rows: list[dict[str, Any]]
    try:
        text = file.read_text("utf-8-sig")
        if file.suffix == ".csv":
            rows = [{key: value for key, value in row.items() if value} for row in csv.DictReader(text.splitlines())]
        else:
            rows = _listed(YAML(typ="safe").load(text))
    except (OSError, UnicodeDecodeError, YAMLError, csv.Error) as error:
        raise InputError(f"{file}: cannot be read: {str(error).splitlines()[0]}") from error
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise InputError(
            f"{file}: has no designs; a .csv with paths at the head, or YAML such as process.deadline: [60, 90]"
        )
    found, faults = {}, []
    for place, row in enumerate(rows, 1):
        named = str(row.pop("design", ""))
        if named in found:
            faults.append(f"{file}: design {place}: `{named}` is the name of another; give it its own")
        name = named or ", ".join(f"{path}={value}" for path, value in row.items())
        try:
            found[name] = asked(scenario, [f"{path}={value}" for path, value in row.items()])
        except InputError as error:
            faults += [f"{file}: design {place}: {line}" for line in str(error).splitlines()]
    if faults:
        raise InputError("\n".join(faults))
    return found


def _listed(said: Any) -> list[dict[str, Any]]:
    """What a YAML file says as a list of designs: a mapping of lists is every combination of its values."""
    if not isinstance(said, dict):
        return said if isinstance(said, list) else []
    values = [each if isinstance(each, list) else [each] for each in said.values()]
    return [dict(zip(map(str, said), each, strict=True)) for each in product(*values)]


def _at(scenario: Scenario, path: str) -> Any:
    try:
        return value_at(scenario, path)
    except KeyError:
        return None


def _times(number: Estimate, factor: float) -> dict[str, Any]:
    """A number multiplied, within what its unit allows."""
    unit = number.unit
    ends = {
        key: min(max(getattr(number, key) * factor, unit.at_least), unit.at_most) for key in ("best", "low", "high")
    }
    return ends | {"claims": list(number.claims), "assumption": f"{factor:g} times {number}"}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
