"""From a number to its formula, to its inputs, to the claims they rest on.

Every result has a formula in words, and the parts of the scenario it is computed from. Which of those
inputs matter is read off the ensemble: the share of the result's spread that goes with each.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

import numpy as np
import xarray as xr

from contingent.ensemble.design import Design
from contingent.ensemble.summary import centred_ranks, noise_threshold
from contingent.errors import InputError, did_you_mean
from contingent.labels import CRITERION, OPTION, RANK, RUN, WEEK
from contingent.mission.parameters import priors
from contingent.quantities import Estimate
from contingent.scenario.model import Scenario, ground
from contingent.study import measures
from contingent.study.formulas import ABSENT, FORMULAS, Formula, Over, reads
from contingent.study.result import Result
from contingent.study.sampling import SAID, Stream, drawn_streams, unsaid


@dataclass(frozen=True, slots=True)
class Input:
    """One uncertain or plain number a result is computed from; `share` of the result's spread that goes with it."""

    path: str
    estimate: Estimate
    share: float


@dataclass(frozen=True, slots=True)
class Traced:
    """A number and what is behind it: `values` (run,) or, if it does not vary by run, a single one."""

    name: str
    where: Mapping[str, str]
    values: np.ndarray
    unit: str
    formula: Formula
    inputs: tuple[Input, ...]
    claims: tuple[str, ...]

    def __repr__(self) -> str:
        where = ", ".join(f"{key}={value}" for key, value in self.where.items())
        lines = [f"{self.name}[{where}] = {self.mean:.4g} {self.unit}", self.formula.says]
        lines += [f"  {each.share:5.1%}  {each.path} = {each.estimate}" for each in self.inputs[:12]]
        rest = len(self.inputs) - 12
        return "\n".join([*lines, *([f"  ... and {rest} more inputs"] if rest > 0 else [])])

    @property
    def mean(self) -> float:
        """The number itself, or its mean over runs."""
        return float(np.nanmean(self.values))


def trace(result: Result, name: str, /, **where: str) -> Traced:
    """What is behind a result, narrowed down by labels such as `option`, `phase` or `sector`.

    Without an option, that of the brief: of those that do something, the one most often first. Without a world, the
    likeliest in which the option can go; without a rank, the first. Inputs come most influential first.

    Raises:
        InputError: there is no such result, dimension or label; says what there is.
    """
    formula = formula_for(result, name)
    array = array_of(result, formula)
    option = where.get(OPTION, focus(result))
    defaults = {OPTION: option, "world": usual_world(result, option), RANK: "1"}
    full = {dim: label for dim, label in defaults.items() if dim in array.dims} | where
    if OPTION in array.dims and full[OPTION] in set(result.appraisal.excluded) - set(array[OPTION].values.tolist()):
        raise InputError(f"option `{full[OPTION]}` breaks a floor too often: it is excluded and has no `{name}`")
    found = narrowed(name, array, full, formula.over) / formula.per
    inputs = inputs_of(result, formula, found, full.get(OPTION))
    if found.dims != (RUN,):
        nearest = direct(result, full)
        inputs = tuple(sorted(inputs, key=lambda each: not each.path.startswith(nearest)))
    claims = tuple(dict.fromkeys(claim for each in inputs for claim in each.estimate.claims))
    return Traced(name, full, np.atleast_1d(found.to_numpy()), formula.unit, formula, inputs, claims)


def formula_for(result: Result, name: str) -> Formula:
    """By which formula a result is computed; a criterion's performance is computed as its measure is.

    Raises:
        InputError: there is no such result, or what it is of is not there; says how to add it.
    """
    if name in FORMULAS:
        for part in FORMULAS[name].needs:
            if part not in result.scenario.parts:
                raise InputError(f"`{name}` is not there: {ABSENT[part][0]}; {ABSENT[part][1]}")
        return FORMULAS[name]
    criterion = result.scenario.criteria.get(name.removeprefix("performance."))
    if criterion is None or not name.startswith("performance."):
        known = {*FORMULAS, *(f"performance.{each}" for each in result.scenario.criteria)}
        raise InputError(f"there is no result `{name}`; {did_you_mean(name, known)}")
    says = f"{criterion.question} Measured as {criterion.measure}."
    if criterion.measure in FORMULAS:
        measured = FORMULAS[criterion.measure]
        return replace(measured, array=name, says=says, unit=criterion.unit or "1", over="mean", per=1.0)
    near = criterion.measure.removeprefix("consultation.nearness_")
    inputs = ("options",) if criterion.measure == "judged" else ("options", f"stakeholders.{near}")
    return Formula(name, says, criterion.unit or "1", inputs, "docs/methods/appraisal.md")


def focus(result: Result) -> str:
    """Of the options that do something, the one most often first."""
    active = [name for name in result.options if name != result.scenario.baseline]
    return max(active, key=result.first)


def usual_world(result: Result, option: str) -> str:
    """The likeliest world in which people go under an option; the likeliest of all where they go in none."""
    names, counts = np.unique(result.tables["worlds"]["world"].to_numpy(), return_counts=True)
    order = [str(names[index]) for index in np.argsort(-counts, kind="stable")]
    go = [name for name in order if (option, name) in result.plans and result.plans[option, name].assigned.any()]
    return (go or order)[0]


def array_of(result: Result, formula: Formula) -> xr.DataArray:
    """The labelled array that a formula gives."""
    table, _, variable = formula.array.partition(".")
    match table:
        case "appraisal":
            return getattr(result.appraisal, variable)
        case "force":
            return result.force[variable]
        case "performance":
            return result.performance.sel({CRITERION: variable}, drop=True)
    return measures.array_of(result.evidence, formula)


def narrowed(name: str, array: xr.DataArray, where: Mapping[str, str], over: Over) -> xr.DataArray:
    """The array at the labels asked for, its other dimensions but `run` taken together.

    Raises:
        InputError: no such dimension, or no such label in it.
    """
    for dimension, label in where.items():
        if dimension not in array.dims:
            raise InputError(f"`{name}` has no {dimension}; it is over {', '.join(map(str, array.dims))}")
        labels = {str(known): known for known in array[dimension].values}
        if label not in labels:
            raise InputError(f"`{name}` has no {dimension} `{label}`; {did_you_mean(label, set(labels))}")
        if over in ("so_far", "comes", "falls") and dimension == WEEK:
            array = array.isel({WEEK: (array[WEEK] <= labels[label]).to_numpy()})
        else:
            array = array.sel({dimension: labels[label]})
    return measures.together(array, over)


def inputs_of(result: Result, formula: Formula, found: xr.DataArray, option: str | None = None) -> tuple[Input, ...]:
    """The numbers that the formula reads, most influential on this result first; of the options', only `option`'s own.

    The scenario's, and those of the mission model that it leaves as they are. An influence that chance may give is
    called nought (`noise_threshold`).
    """
    scenario, known, left = result.scenario, drawn_streams(result.scenario), unsaid(result.scenario)
    others = tuple(f"options.{name}." for name in scenario.options if name != option) if option else ()
    read_by = reads(formula.inputs).match
    read = [
        (path, estimate)
        for path, estimate in [*scenario.estimates(), *left.items()]
        if read_by(path) and not path.startswith(others)
    ]
    outcome = centred_ranks(found.to_numpy()) if found.dims == (RUN,) else None
    drawn = ranks_drawn(result.design)
    least = noise_threshold(sum(path in known for path, _ in read), result.design.runs)
    squares = [
        0.0 if outcome is None or path not in known else float((drawn(known[path]) @ outcome) ** 2) for path, _ in read
    ]
    shares = [square if square > least else 0.0 for square in squares]
    order = sorted(range(len(read)), key=lambda index: (-shares[index], read[index][0]))
    return tuple(Input(*read[index], shares[index]) for index in order)


@lru_cache(maxsize=4)
def ranks_drawn(design: Design) -> Callable[[Stream], np.ndarray]:
    """The centred ranks, of unit length, in which an ensemble draws each number; remembered by stream."""

    @cache
    def of(stream: Stream) -> np.ndarray:
        level = stream.level(design)
        if stream.together is not None:  # a mixture of two columns has to be ranked; one column has every rank once
            ranked = centred_ranks(level)
            return np.zeros(level.size) if ranked is None else ranked
        ranks = np.floor(level * design.runs)
        centred = ranks - (design.runs - 1) / 2
        return centred / np.linalg.norm(centred)

    return of


def direct(result: Result, where: Mapping[str, str]) -> tuple[str, ...]:
    """The requirements at a place of the plan, and the pledges that serve there, as beginnings of paths."""
    scenario = result.scenario
    asked = {key: where[key] for key in ("phase", "sector", "task") if key in where}
    wanted = [r.id for r in scenario.requirements if all(getattr(r, key) == value for key, value in asked.items())]
    at = {key: value for key, value in where.items() if key in result.force["assigned"].dims}
    serving = result.force["assigned"].sel(at).fillna(0)
    total = serving.sum([dim for dim in serving.dims if dim != "pledge"])
    pledges = [str(name) for name in total["pledge"].values if float(total.sel({"pledge": name})) > 0]
    return (*(f"requirements.{name}." for name in wanted), *(f"pledges.{name}." for name in pledges))


def rests_on(result: Result, name: str, option: str) -> list[tuple[str, Estimate]]:
    """The inputs that move a result most under an option, most influential first; none where it is no formula's."""
    try:
        formula = formula_for(result, name)
        array = array_of(result, formula)
    except (InputError, IndexError):
        return []
    where = {OPTION: option} if OPTION in array.dims else {}
    found = narrowed(name, array, where, formula.over)
    inputs = inputs_of(result, formula, found, where.get(OPTION))
    return [(each.path, each.estimate) for each in inputs if each.share > 0]


def as_record(found: Traced, result: Result, shown: int) -> dict[str, Any]:
    """The trace as plain values; the `shown` inputs that move the number most, and every claim they rest on.

    Where none moves it beyond chance, the first that it is computed from. `rests_on` is the class of `ground`, or the
    `basis` of a prior of the mission model; `stated_by` are the claims that state the number.
    """
    low, high = np.nanquantile(found.values, [0.05, 0.95])
    inputs, scenario = leading(found)[:shown], result.scenario
    return {
        "run": result.question.id, "name": found.name, "where": dict(found.where), "value": found.mean,
        "low": float(low), "high": float(high), "unit": found.unit, "formula": found.formula.says,
        "page": found.formula.page, "inputs": [of_input(each, scenario) for each in inputs],
        "inputs_in_all": len(found.inputs),
        "claims": {
            name: {"says": c.says, "quote": c.quote, "speaker": c.speaker, "attribution": c.attribution,
                   "grade": c.grade, "document": scenario.documents[c.document].title}
            for name, c in ((name, scenario.claims[name]) for each in inputs for name in each.estimate.claims)
        },
    }  # fmt: skip


def of_input(each: Input, scenario: Scenario) -> dict[str, Any]:
    """An input with what it rests on."""
    e = each.estimate
    kind, stating = ground(e, scenario.claims)
    rests = priors()[each.path.removeprefix(SAID)].basis if each.path in unsaid(scenario) else kind
    return {
        "path": each.path, "best": e.best, "low": e.low, "high": e.high, "unit": e.unit.name, "written": str(e),
        "share": each.share, "rests_on": rests, "stated_by": list(stating), "claims": list(e.claims),
        "assumption": e.assumption,
    }  # fmt: skip


def leading(found: Traced) -> tuple[Input, ...]:
    """The inputs that move a number beyond chance; where there are none, all it is computed from."""
    return tuple(each for each in found.inputs if each.share) or found.inputs
