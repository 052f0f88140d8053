"""What did a consultation find, run by run?

The labelled result of one option's decision process.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from contingent.ensemble.design import Design
from contingent.labels import GATE, ISSUE, RUN, STAKEHOLDER
from contingent.scenario.model import Scenario

with (files("contingent.consultation") / "data" / "variables.csv").open(encoding="utf-8") as _lines:
    VARIABLES = {
        row["name"]: (tuple(row["dims"].split()), row["units"], row["meaning"]) for row in csv.DictReader(_lines)
    }
"""What a consultation gives: name -> (dimensions, unit, meaning)."""


@dataclass(frozen=True, slots=True)
class Consultation:
    """How an option fares: a Dataset over `run` and, where it applies, `gate`, `issue`, `stakeholder`."""

    option: str
    data: xr.Dataset

    @classmethod
    def build(cls, option: str, design: Design, scenario: Scenario, **arrays: NDArray[np.float64]) -> Consultation:
        """Label plain arrays; `arrays` are named and shaped as in `VARIABLES`."""
        variables = {}
        for name, values in arrays.items():
            dims, units, meaning = VARIABLES[name]
            variables[name] = xr.DataArray(values, dims=dims, attrs={"long_name": meaning, "units": units})
        labels = {ISSUE: scenario.issues, GATE: scenario.process.gates, STAKEHOLDER: scenario.stakeholders}
        coords = {RUN: design.index, **{dimension: list(names) for dimension, names in labels.items()}}
        return cls(option, xr.Dataset(variables, coords=coords))

    def __getattr__(self, name: str) -> xr.DataArray:
        """A variable of `data` by its name, such as `passes`, `days` or `terms`."""
        if name not in VARIABLES:
            raise AttributeError(name)
        return self.data[name]

    def by_day(self, days: NDArray[np.float64]) -> xr.DataArray:
        """Probability that the option has passed by each of these days; (day,), never falling."""
        reached = self.days.values[:, None] <= days[None, :]
        return xr.DataArray(
            (self.passes.values[:, None] * reached).mean(0), dims=("day",), coords={"day": days}, name="passed_by"
        )
