"""What did a consultation find, run by run?

The labelled result of one option's decision process.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from contingent.ensemble.design import Design
from contingent.labels import GATE, ISSUE, RUN, STAKEHOLDER
from contingent.scenario.model import Scenario

VARIABLES = {
    "passes": ((RUN,), "1", "probability that it is decided on its own terms and in time"),
    "other_terms": ((RUN,), "1", "probability that something is decided in time, but on other terms"),
    "days": ((RUN,), "day", "days from the scenario's date to the decision, if it passes"),
    "national": (
        (RUN,),
        "1",
        "probability of a national yes on these or other terms, if what it waits for happens: the pooled parts",
    ),
    "kept": ((RUN,), "1", "probability that a yes is on the option's own terms"),
    "accepted": ((RUN,), "1", "probability that the parties whose consent is needed accept it"),
    "delivered": ((RUN,), "1", "probability that people arrive after a yes, by the record of past decisions"),
    "share": ((RUN,), "1", "part of the forecast: capability x salience weighted share in favour"),
    "process": ((RUN,), "1", "part of the forecast: probability that every gate says yes"),
    "reference": ((RUN,), "1", "part of the forecast: how often countries said yes in cases alike"),
    "terms": ((RUN, ISSUE), "points of 100", "the option's own terms, 0 to 100; nan where an issue does not arise"),
    "compromise": ((RUN, ISSUE), "points of 100", "the weighted mean of what the bargainers want, 0 to 100"),
    "gate_passes": ((RUN, GATE), "1", "probability of passing a gate on these terms, given it is reached"),
    "gain": ((RUN, STAKEHOLDER), "1", "a stakeholder's utility gain over the status quo, -1 to 1"),
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
        return cls(
            option,
            xr.Dataset(
                variables,
                coords={
                    RUN: design.index,
                    ISSUE: list(scenario.issues),
                    GATE: list(scenario.process.gates),
                    STAKEHOLDER: list(scenario.stakeholders),
                },
            ),
        )

    @property
    def passes(self) -> xr.DataArray:
        """Probability, run by run, that the option is decided on its own terms and in time."""
        return self.data["passes"]

    @property
    def other_terms(self) -> xr.DataArray:
        """Probability, run by run, that something is decided in time, but on other terms."""
        return self.data["other_terms"]

    @property
    def days(self) -> xr.DataArray:
        """Days from the scenario's date to the decision, if it passes; (run,)."""
        return self.data["days"]

    @property
    def accepted(self) -> xr.DataArray:
        """Probability that the parties whose consent is needed accept it; (run,)."""
        return self.data["accepted"]

    @property
    def terms(self) -> xr.DataArray:
        """The option's own terms on every issue, 0 to 100; (run, issue)."""
        return self.data["terms"]

    @property
    def gate_passes(self) -> xr.DataArray:
        """Probability of each gate on these terms, given it is reached; (run, gate)."""
        return self.data["gate_passes"]

    def by_day(self, days: NDArray[np.float64]) -> xr.DataArray:
        """Probability that the option has passed by each of these days; (day,), never falling."""
        reached = self.days.values[:, None] <= days[None, :]
        return xr.DataArray(
            (self.passes.values[:, None] * reached).mean(0), dims=("day",), coords={"day": days}, name="passed_by"
        )
