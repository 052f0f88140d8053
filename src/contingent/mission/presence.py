"""How many of the planned troops are where, doing what: the mission's view of a deployed force."""

from __future__ import annotations

from dataclasses import dataclass

import xarray as xr

from contingent.errors import InputError
from contingent.labels import PLEDGE, RUN, SECTOR, TASK, WEEK
from contingent.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class Presence:
    """A force plan with what became of it in each run.

    `planned` (pledge, week, sector, task): persons if everything comes as offered, on time.
    `delivered` (run, pledge): share of the offer that comes.
    `delay` (run, pledge): weeks by which it comes late, rounded to whole weeks.
    `contributor` (pledge): ISO 3166 alpha-3 code of who offers it.
    """

    planned: xr.DataArray
    delivered: xr.DataArray
    delay: xr.DataArray
    contributor: xr.DataArray

    def part(self, start: int, stop: int) -> Presence:
        """The same force in the runs from `start` to `stop` (exclusive), counted from the first run here."""
        here = {RUN: slice(start, stop)}
        return Presence(self.planned, self.delivered.isel(here), self.delay.isel(here), self.contributor)


def check_presence(presence: Presence, scenario: Scenario, runs: int) -> None:
    """Refuse a force plan that does not fit the scenario, saying everything that is wrong with it.

    Raises:
        InputError: dimensions, labels or horizon do not match, or numbers are negative or not finite.
    """
    faults = [*_shapes(presence, runs), *_labels(presence, scenario), *_numbers(presence)]
    if faults:
        raise InputError("the force plan does not fit the scenario:\n  " + "\n  ".join(faults))


def _shapes(presence: Presence, runs: int):
    wanted = {
        "planned": (PLEDGE, WEEK, SECTOR, TASK),
        "delivered": (RUN, PLEDGE),
        "delay": (RUN, PLEDGE),
        "contributor": (PLEDGE,),
    }
    pledges = presence.planned.sizes.get(PLEDGE)
    for name, dims in wanted.items():
        array = getattr(presence, name)
        if array.dims != dims:
            yield f"{name}: has dimensions {tuple(array.dims)}, needs {dims}"
            continue
        if array.sizes[PLEDGE] != pledges:
            yield f"{name}: has {array.sizes[PLEDGE]} pledges where `planned` has {pledges}"
        if RUN in dims and array.sizes[RUN] != runs:
            yield f"{name}: has {array.sizes[RUN]} runs where the design has {runs}"


def _labels(presence: Presence, scenario: Scenario):
    planned = presence.planned
    for dimension, known in ((SECTOR, scenario.theatre.sectors), (TASK, scenario.mandate.tasks)):
        if dimension not in planned.dims:
            continue
        if dimension not in planned.coords:
            yield f"planned: the {dimension}s are not named"
            continue
        for label in planned[dimension].values:
            if str(label) not in known:
                yield f"planned: there is no {dimension} `{label}` in the scenario"
    if WEEK in planned.dims and planned.sizes[WEEK] < scenario.horizon:
        yield f"planned: ends after week {planned.sizes[WEEK]}, before the horizon of {scenario.horizon} weeks"
    for code in sorted({str(code) for code in presence.contributor.values}):
        if code not in scenario.contributors:
            yield f"contributor: `{code}` is not among the scenario's contributors"


def _numbers(presence: Presence):
    for name in ("planned", "delivered", "delay"):
        values = getattr(presence, name).values
        if values.size and not (values >= 0).all():
            yield f"{name}: holds negative or missing numbers"
    if presence.delivered.size and float(presence.delivered.max()) > 1:
        yield "delivered: holds shares above 1"
