"""From a number to its formula, to its inputs, to the claims they rest on.

Every result has a formula in words, and the parts of the scenario it is computed from. Which of those
inputs matter is read off the ensemble: the share of the result's spread that goes with each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import xarray as xr

from contingent.ensemble.design import Design
from contingent.ensemble.summary import centred_ranks
from contingent.errors import InputError
from contingent.labels import OPTION, RUN
from contingent.quantities import Estimate
from contingent.scenario.explain import did_you_mean
from contingent.study.formulas import FORMULAS, Formula
from contingent.study.result import Result


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

    @property
    def mean(self) -> float:
        """The number itself, or its mean over runs."""
        return float(np.nanmean(self.values))


def trace(result: Result, name: str, /, **where: str) -> Traced:
    """What is behind a result, narrowed down by labels such as `option`, `phase` or `sector`.

    Inputs come most influential first; a dimension that is not narrowed down is summed (persons, counts) or
    averaged (everything else).

    Raises:
        InputError: there is no such result, dimension or label; says what there is.
    """
    if name not in FORMULAS:
        raise InputError(f"there is no result `{name}`; {did_you_mean(name, set(FORMULAS))}")
    formula = FORMULAS[name]
    found = narrowed(name, array_of(result, name), where)
    inputs = inputs_of(result, formula, found)
    claims = tuple(dict.fromkeys(claim for each in inputs for claim in each.estimate.claims))
    return Traced(name, dict(where), np.atleast_1d(found.to_numpy()), formula.unit, formula, inputs, claims)


def array_of(result: Result, name: str) -> xr.DataArray:
    """The labelled array behind a result's name."""
    formula = FORMULAS[name]
    table, _, variable = formula.array.partition(".")
    if table == "appraisal":
        return getattr(result.appraisal, variable)
    if table == "force":
        return result.force[variable]
    if table == "performance":
        return result.performance.sel(criterion=variable)
    return result.tables[table][variable]


def narrowed(name: str, array: xr.DataArray, where: Mapping[str, str]) -> xr.DataArray:
    """The array at the labels asked for, other dimensions than `run` taken together.

    Raises:
        InputError: no such dimension, or no such label in it.
    """
    for dimension, label in where.items():
        if dimension not in array.dims:
            raise InputError(f"`{name}` has no {dimension}; it is over {', '.join(map(str, array.dims))}")
        labels = {str(known): known for known in array[dimension].values}
        if label not in labels:
            raise InputError(f"`{name}` has no {dimension} `{label}`; {did_you_mean(label, set(labels))}")
        array = array.sel({dimension: labels[label]})
    rest = [dimension for dimension in array.dims if dimension != RUN]
    if not rest:
        return array
    return array.sum(rest) if FORMULAS[name].adds and OPTION not in rest else array.mean(rest)


def inputs_of(result: Result, formula: Formula, found: xr.DataArray) -> tuple[Input, ...]:
    """The scenario's numbers that the formula reads, most influential on this result first."""
    read = [
        (path, estimate)
        for path, estimate in result.scenario.estimates()
        if any(path == prefix or path.startswith(f"{prefix}.") for prefix in formula.inputs)
    ]
    outcome = centred_ranks(found.to_numpy()) if found.dims == (RUN,) else None
    drawn = ranks_drawn(result.design)
    shares = [
        0.0 if outcome is None or estimate.certain else float((drawn(path) @ outcome) ** 2) for path, estimate in read
    ]
    order = sorted(range(len(read)), key=lambda index: (-shares[index], read[index][0]))
    return tuple(Input(*read[index], shares[index]) for index in order)


@lru_cache(maxsize=4)
def ranks_drawn(design: Design) -> Callable[[str], np.ndarray]:
    """The centred ranks, of unit length, in which an ensemble draws each number; remembered by name.

    A draw rises with its uniform number, and the stratified design gives every rank once.
    """

    @cache
    def of(path: str) -> np.ndarray:
        ranks = np.floor(design.uniform(path) * design.runs)
        centred = ranks - (design.runs - 1) / 2
        return centred / np.linalg.norm(centred)

    return of


def rests_on(result: Result, name: str, option: str) -> list[tuple[str, Estimate]]:
    """The inputs that move a result most under an option, most influential first; none where it is not a formula's."""
    if name not in FORMULAS:
        return []
    array = array_of(result, name)
    where = {OPTION: option} if OPTION in array.dims else {}
    moved = [each for each in inputs_of(result, FORMULAS[name], narrowed(name, array, where)) if each.share > 0]
    return [(each.path, each.estimate) for each in moved]
