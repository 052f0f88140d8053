"""How many of the planned troops are where, doing what: the mission's view of a deployed force."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from contingent.errors import InputError
from contingent.labels import PLEDGE, RUN, SECTOR, TASK, WEEK
from contingent.mission.eq01_coverage import ALL, CHANNELS
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
        "planned": (PLEDGE, WEEK, SECTOR, TASK), "delivered": (RUN, PLEDGE), "delay": (RUN, PLEDGE),
        "contributor": (PLEDGE,),
    }  # fmt: skip
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


def changes(planned: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A plan (pledge, channel, week, sector) as its changes.

    Returns the week (change) and the pledge (change) of each, and persons more or less (change, channel, sector).
    """
    steps = np.diff(planned, axis=2, prepend=0.0).transpose(0, 2, 1, 3)
    pledge, week = np.nonzero(steps.any(axis=(2, 3)))
    return week.astype(np.int64), pledge.astype(np.int64), np.ascontiguousarray(steps[pledge, week])


def sort_by_channel(presence: Presence, scenario: Scenario) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """The planned persons by channel, over the scenario's own sectors and horizon.

    Returns persons (pledge, channel, week, sector), the position of each pledge's contributor (pledge), and the
    contributors' codes by name: whoever lists them otherwise gets the same numbers.
    """
    plan = presence.planned.transpose(PLEDGE, WEEK, SECTOR, TASK).isel({WEEK: slice(0, scenario.horizon)}).sortby(TASK)
    sectors = sorted(scenario.theatre.sectors)
    planned = np.zeros((plan.sizes[PLEDGE], len(CHANNELS), scenario.horizon, len(sectors)))
    for j, sector in enumerate(str(name) for name in plan[SECTOR].values):
        for k, task in enumerate(str(name) for name in plan[TASK].values):
            persons = plan.values[:, :, j, k]
            channel = CHANNELS.index(scenario.mandate.tasks[task].contributes_to)
            planned[:, ALL, :, sectors.index(sector)] += persons
            planned[:, channel, :, sectors.index(sector)] += persons
    owners = [str(code) for code in presence.contributor.values]
    contributors = tuple(sorted(set(owners)))
    owner = np.array([contributors.index(code) for code in owners], dtype=np.int64)
    return planned, owner, contributors
