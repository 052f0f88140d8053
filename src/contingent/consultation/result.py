"""What a consultation found, by run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from contingent.ensemble.design import Design
from contingent.labels import GATE, ISSUE, RUN, STAKEHOLDER
from contingent.scenario.model import Scenario

SHAPES = {
    "passes": (RUN,),
    "other_terms": (RUN,),
    "days": (RUN,),
    "national": (RUN,),
    "kept": (RUN,),
    "accepted": (RUN,),
    "delivered": (RUN,),
    "share": (RUN,),
    "process": (RUN,),
    "reference": (RUN,),
    "terms": (RUN, ISSUE),
    "compromise": (RUN, ISSUE),
    "gate_passes": (RUN, GATE),
    "gain": (RUN, STAKEHOLDER),
}
MEANS = {
    "passes": "probability that it is decided on its own terms and in time",
    "other_terms": "probability that something is decided in time, but on other terms",
    "days": "days from the scenario's date to the decision, if it passes",
    "national": "probability of a national yes on these or other terms, if what it waits for happens: the pooled parts",
    "kept": "probability that a yes is on the option's own terms",
    "accepted": "probability that the parties whose consent is needed accept it",
    "delivered": "probability that people arrive after a yes, by the record of past decisions",
    "share": "part of the forecast: capability x salience weighted share in favour",
    "process": "part of the forecast: probability that every gate says yes",
    "reference": "part of the forecast: how often countries said yes in cases alike",
    "terms": "the option's own terms, 0 to 100; nan where an issue does not arise",
    "compromise": "the weighted mean of what the bargainers want, 0 to 100",
    "gate_passes": "probability of passing a gate on these terms, given it is reached",
    "gain": "a stakeholder's utility gain over the status quo, -1 to 1",
}
UNITS = {"days": "day", "terms": "points of 100", "compromise": "points of 100"}  # all else is a share, 1


@dataclass(frozen=True, slots=True)
class Consultation:
    """How an option fares: a Dataset over `run` and, where it applies, `gate`, `issue`, `stakeholder`."""

    option: str
    data: xr.Dataset

    @classmethod
    def build(cls, option: str, design: Design, scenario: Scenario, **arrays: NDArray[np.float64]) -> Consultation:
        """Label plain arrays; `arrays` are named and shaped as in `SHAPES`."""
        variables = {
            name: xr.DataArray(
                values, dims=SHAPES[name], attrs={"long_name": MEANS[name], "units": UNITS.get(name, "1")}
            )
            for name, values in arrays.items()
        }
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
