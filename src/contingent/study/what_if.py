"""What does a change do to every result of a question, and through which steps?

Paired counterfactual: the same draws with and without the change, so that only the change shows; what has the inputs
that it had is taken over to the last bit.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from contingent.ensemble.execute import Executor, Progress, Serial, silent
from contingent.errors import InputError, did_you_mean
from contingent.labels import OPTION
from contingent.processes import content_of
from contingent.quantities import Estimate
from contingent.records import from_yaml
from contingent.scenario.model import Scenario
from contingent.scenario.paths import children, matching, value_at
from contingent.study.comparison import Difference, runs_apart
from contingent.study.result import Result
from contingent.study.store import made
from contingent.study.study import Study

TIMES = re.compile(r"x(\d+\.?\d*|\.\d+)")  # a factor, as it is written
DESIGNS = 10_000  # of one sweep: some hours of work (our limit)
STEPS = {
    "the decision": ("consultation", "outlook"), "the force": ("deployment",),
    "the ground": ("weekly", "sectors", "contributors"),
}  # fmt: skip
"""The steps of a study, each with the tables that it fills."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A result, the same with a change made, and what the change does."""

    before: Result
    after: Result
    changes: Mapping[str, Any]
    effects: tuple[Difference, ...]
    """Of every result under every option, after less before."""
    put_off: Mapping[str, str] = field(default_factory=dict)
    """Of a preview: how the results begin that are left out, or may yet be told otherwise, and why."""

    def why(self, measure: str) -> str:
        """Why a result is left out or may yet be another; empty where it is told for good."""
        return next((why for start, why in self.put_off.items() if measure.startswith(start)), "")

    @property
    def unchanged(self) -> tuple[str, ...]:
        """The results in which no bit moved under any option."""
        moved = {each.measure for each in self.effects if each.same < 1}
        return tuple(dict.fromkeys(each.measure for each in self.effects if each.measure not in moved))

    @property
    def through(self) -> tuple[str, ...]:
        """The steps by which the change comes to the results: those whose tables are not what they were."""
        one, two = self.before.tables, self.after.tables

        def moved(name: str) -> bool:
            was, now = one[name], two[name]
            was = was.sel({OPTION: now[OPTION]}) if OPTION in was.dims else was
            return any(not was[each].equals(now[each]) for each in now.data_vars)

        found = [step for step, tables in STEPS.items() if any(map(moved, tables))]
        plans = {key for key in self.before.plans.keys() & self.after.plans.keys()
                 if not self.before.plans[key].assigned.equals(self.after.plans[key].assigned)}  # fmt: skip
        now = self.after.performance
        judged = not found and not self.before.performance.sel({OPTION: now[OPTION]}).equals(now)
        weighed = not self.before.appraisal.weights.equals(self.after.appraisal.weights)
        more = [("the plan of the force", plans), ("judgements", judged), ("what is said of weights", weighed)]
        return (*found, *(step for step, is_so in more if is_so))


def values_of(effects: Sequence[Difference]) -> dict[str, dict[str, dict[str, Any]]]:
    """`before`, `after` and `difference` of every result under every option, as plain values."""
    found: dict[str, dict[str, dict[str, Any]]] = {"before": {}, "after": {}, "difference": {}}
    for each in effects:
        low, high = each.interval
        moved = {"value": each.mean, "low": low, "high": high, "run_low": each.low, "run_high": each.high}
        for side, value in (("before", each.first), ("after", each.second), ("difference", moved)):
            found[side].setdefault(each.measure, {})[each.option] = value
    return found


def what_if(before: Result, changes: Mapping[str, Any]) -> WhatIf:
    """A result's question asked again with other values at dotted paths; see `asked` for how changes are written.

    Raises:
        ScenarioError: everything that is wrong with the changes, or with the scenario after them.
    """
    scenario = before.scenario.with_(changes)
    options = [name for name in before.options if name in scenario.options]
    added = [name for name in scenario.options if name not in before.scenario.options]
    after = Study(scenario, (*options, *added), before.question.seed).run(before.question.sample, since=before)
    return WhatIf(before, after, changes, runs_apart(before, after))


@dataclass(frozen=True, slots=True)
class Swept:
    """What a design comes to under a seed; `run` is the id of the run that asks the same, `error` why it has none."""

    design: str
    seed: int
    changes: Mapping[str, Any]
    run: str = ""
    effects: tuple[Difference, ...] = ()
    error: str = ""


def sweep(
    before: Result, asked: Mapping[str, Mapping[str, Any]], seeds: Sequence[int] = (), *,
    executor: Executor | None = None, progress: Progress = silent, folder: Path | None = None,
) -> list[Swept]:  # fmt: skip
    """A result's question asked again under every design, by name, and every seed; each beside its own seed's.

    With the `folder` of the result's run, each answer is kept there as it comes, and read the next time.
    """
    jobs = [(seed, name) for seed in seeds or (before.question.seed,) for name in asked]
    found: list[Swept] = []
    for each in (executor or Serial()).map(partial(_swept, before, asked, folder), jobs):
        found.append(each)
        progress(len(found), len(jobs))
    return found


def _swept(before: Result, asked: Mapping[str, Mapping[str, Any]], folder: Path | None, job: tuple[int, str]) -> Swept:
    """One design under one seed; the same question under a seed is answered once in a process."""
    seed, name = job
    changes = asked[name]

    def tried() -> tuple[str, tuple[Difference, ...], str]:
        kept = vars(before).setdefault("under_seed", {before.question.seed: before})
        try:
            if seed not in kept:
                kept[seed] = Study(before.scenario, before.options, seed).run(before.question.sample)
            found = what_if(kept[seed], changes)
        except InputError as error:
            return "", (), str(error)
        return found.after.question.id, found.effects, ""

    if folder is None:
        return Swept(name, seed, changes, *tried())
    answer = TypeAdapter(tuple[str, tuple[Difference, ...], str])
    said = repr((seed, sorted((path, repr(value)) for path, value in changes.items())))
    file = f"swept-{sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
    kept = made(folder, file, lambda: answer.dump_python(tried(), mode="json"))
    return Swept(name, seed, changes, *answer.validate_python(kept))


def second_judgements(result: Result) -> dict[int, WhatIf]:
    """What every dissenting view with numbers of its own moves, by its place in `dissent`; asked once for a result.

    A view whose numbers cannot stand in this variant of the case, or leave the force no plan, is left out.
    """
    kept = vars(result)
    if "second_judgements" not in kept:  # as a cached property, of a result that knows nothing of this
        found = kept["second_judgements"] = {}
        for place, view in enumerate(result.scenario.dissent):
            with suppress(InputError):
                if view.sets:
                    found[place] = what_if(result, view.sets)
    return kept["second_judgements"]


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
            read = from_yaml(value, pattern)
        except InputError:
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
            if isinstance(read, str) and (times := TIMES.fullmatch(read)):
                found[path] = _times(scenario, path, float(times[1]))
                if found[path] is None:
                    faults.append(f"{path}: {read} multiplies a number, and none stands there")
    if faults:
        raise InputError("\n".join(faults))
    return found


def designs(scenario: Scenario, file: Path | None, sets: Sequence[str] = ()) -> dict[str, dict[str, Any]]:
    """The changes that a file asks for, by the name of each design; each with every combination of `sets`.

    These are written `PATH=VALUE,VALUE`. A `.csv` has a path at the head of every column and a design in every row; a
    column `design` names them. In YAML, a list has a mapping of paths to values for each design, and a mapping of paths
    to lists is every combination.

    Raises:
        InputError: the file is none of these, or stands for nothing in the scenario; says what and where.
    """
    said = [each.partition("=") for each in sets]
    more = _listed({path.strip(): from_yaml(f"[{values}]", f"--set {path}") for path, _, values in said})
    try:
        text = content_of(file).decode("utf-8-sig") if file else "[{}]"
        if file and file.suffix == ".csv":
            rows = [{key: value for key, value in row.items() if value} for row in csv.DictReader(text.splitlines())]
        else:
            rows = _listed(from_yaml(text, file))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{file}: cannot be read: {str(error).splitlines()[0]}") from error
    if (many := len(rows) * len(more)) > DESIGNS:
        raise InputError(f"{many:,} designs; at most {DESIGNS:,} at once, or give fewer values")
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise InputError(
            f"{file}: has no designs; a .csv with paths at the head, or YAML such as process.deadline: [60, 90]"
        )
    found, faults = {}, []
    for place, row in enumerate(({**row, **beside} for row in rows for beside in more), 1):
        named = str(row.pop("design", ""))
        if named in found and not sets:
            faults.append(f"{file}: design {place}: `{named}` is the name of another; give it its own")
        name = (named if not sets else "") or ", ".join(f"{path}={value}" for path, value in row.items())
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
    if (many := prod(map(len, values))) > DESIGNS:
        raise InputError(f"{many:,} combinations; at most {DESIGNS:,} at once: give fewer values, or a list of designs")
    return [dict(zip(map(str, said), each, strict=True)) for each in product(*values)]


def _times(scenario: Scenario, path: str, factor: float) -> Any:
    """The number at a path multiplied, its interval too, within what its unit allows; None if there is none."""
    try:
        now = value_at(scenario, path)
    except KeyError:
        return None
    if not isinstance(now, Estimate):
        return now * factor if isinstance(now, int | float) and not isinstance(now, bool) else None
    ends = np.clip(factor * np.array([now.best, now.low, now.high]), now.unit.at_least, now.unit.at_most).tolist()
    return dict(zip(("best", "low", "high"), ends, strict=True)) | {"assumption": f"{factor:g} times {now}"}
